import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/pipeline/deploy-despite-failure.js'
import { problems } from '../../helpers.js'

const ci = (condition: string, more = '', ship = 'npm publish', needs = 'test') => ({
  '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    runs-on: x\n    outputs:\n      go: x\n    steps:\n      - run: npx jest\n  lint:\n    runs-on: x\n    outputs:\n      go: x\n    steps:\n      - run: npx eslint .\n  build:\n    needs: test\n    runs-on: x\n    outputs:\n      go: x\n    steps:\n      - run: make\n  ship:\n    needs: [${needs}]\n    if: ${condition}\n    runs-on: x\n    steps:\n      - run: ${ship}\n${more}`
})

test.each([
  ['always()', 1],
  ['!cancelled()', 0],
  ['"!cancelled()"', 1],
  ['${{ !cancelled() }}', 1],
  ["always() && github.ref == 'refs/heads/main'", 1],
  ['success() || failure()', 1],
  ['failure()', 0],
  ['success()', 0],
  ["github.ref == 'refs/heads/main'", 0],
  ["always() && needs.test.result == 'success'", 0],
  ["always() && !contains(needs.*.result, 'failure')", 0],
  ['always() && !failure()', 0],
  ["always() && needs.test.outputs.go == 'x'", 0],
  ['always() && success()', 0]
])('if: %s', async (condition, count) => expect(await problems(rule, ci(condition))).toHaveLength(count))

test('an output of a job behind the tests that goes on too proves nothing', async () => {
  const [path, text] = Object.entries(ci("always() && needs.build.outputs.go == 'x'", '', 'npm publish', 'build'))[0]!
  const on = text.replace('  build:\n', '  build:\n    if: always()\n')
  expect(await problems(rule, { [path]: text })).toEqual([])
  expect(await problems(rule, { [path]: on })).toHaveLength(1)
})

test.each([
  ['a job that only lints', ci('always()', '', 'npm publish', 'lint'), 0],
  ['tests at two removes', ci('always()', '', 'npm publish', 'build'), 1],
  ['an output of a job behind the tests', ci('always() && needs.build.outputs.go', '', 'npm publish', 'build'), 0],
  ['an output of a job beside them', ci('always() && needs.lint.outputs.go', '', 'npm publish', 'test, lint'), 1],
  ['a migration', ci('always()', '', 'npx prisma migrate deploy'), 1],
  ['a dry run', ci('always()', '', 'npm publish --dry-run'), 0],
  ['a report', ci('always()', '', 'aws s3 cp report.html s3://b/reports/'), 0],
  ['lint again', ci('always()', '', 'npx eslint .'), 0]
])('with %s', async (_, files, count) => expect(await problems(rule, files)).toHaveLength(count))

const steps = (condition: string, first = 'npx jest') => ({
  '.github/workflows/ci.yml': `on: push\njobs:\n  all:\n    runs-on: x\n    steps:\n      - id: t\n        run: ${first}\n      - if: ${condition}\n        run: npm publish\n`
})
test.each([
  ['always()', 'npx jest', 1],
  ['always()', 'npx eslint .', 0],
  ['failure()', 'npx jest', 0],
  ["always() && steps.t.outcome == 'success'", 'npx jest', 0],
  ["github.ref == 'refs/heads/main'", 'npx jest', 0]
])('a step with if: %s after %s', async (condition, first, count) =>
  expect(await problems(rule, steps(condition, first))).toHaveLength(count)
)

test('points at the condition, and says which tests', async () => {
  expect(await problems(rule, ci('always()'))).toEqual([
    '.github/workflows/ci.yml:24:9 job ship publishes (`npm publish`) even where job test (ci.yml:3) fails: `if: always()`'
  ])
  expect(await problems(rule, steps('always()'))).toEqual([
    '.github/workflows/ci.yml:8:13 the step publishes (`npm publish`) even where `npx jest` before it fails: `if: always()`'
  ])
})

test.each([
  ['the call goes on after tests', '    needs: test\n    if: always()\n', '', 1],
  ['the called job waits for tests of its own', '    needs: lint\n    if: always()\n', '    needs: own\n', 0]
])('through calls: %s', async (_, keys, inner, count) => {
  const files = {
    '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: npx jest\n  lint:\n    runs-on: x\n    steps:\n      - run: npx eslint .\n  go:\n${keys}    uses: ./.github/workflows/ship.yml\n`,
    '.github/workflows/ship.yml': `on: workflow_call\njobs:\n  own:\n    runs-on: x\n    steps:\n      - run: npx jest\n  ship:\n    runs-on: x\n${inner}    steps:\n      - run: npm publish\n`
  }
  expect(await problems(rule, files)).toHaveLength(count)
})

const afterCi = (condition: string, tests = 'npx jest', workflows = '[CI]') => ({
  '.github/workflows/ci.yml': `name: CI\non: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: ${tests}\n`,
  '.github/workflows/cd.yml': `on: {workflow_run: {workflows: ${workflows}, types: [completed]}}\njobs:\n  ship:\n    runs-on: x\n${condition}    steps:\n      - run: npm publish\n`
})
test.each([
  ['whatever it concluded', afterCi(''), 1],
  ['on one branch', afterCi("    if: github.event.workflow_run.head_branch == 'main'\n"), 1],
  ['when it succeeded', afterCi("    if: github.event.workflow_run.conclusion == 'success'\n"), 0],
  ['that does not test', afterCi('', 'npx eslint .'), 0],
  ['that is not here', afterCi('', 'npx jest', '[Other]'), 0]
])('after a workflow %s', async (_, files, count) => {
  const found = await problems(rule, files)
  expect(found.map(one => one.split(' ')[0])).toEqual(count ? ['.github/workflows/cd.yml:1:6'] : [])
})

test('says once of a workflow what starts it', async () => {
  const files = afterCi('')
  const cd = '.github/workflows/cd.yml' as const
  const more = '  also:\n    runs-on: x\n    steps:\n      - run: kubectl apply -f d\n'
  expect(await problems(rule, { ...files, [cd]: `${files[cd]}${more}` })).toHaveLength(1)
})
