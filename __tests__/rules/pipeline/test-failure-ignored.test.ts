import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/pipeline/test-failure-ignored.js'
import { problems, repoOf } from '../../helpers.js'

const PATH = '.github/workflows/ci.yml'
const steps = (text: string, job = '', on = 'pull_request') => ({
  [PATH]: `on: ${on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n${job}    steps:\n${text.replace(/^/gm, '      ')}\n`
})
const places = async (files: Record<string, string>) =>
  (await problems(rule, files)).map(line => line.slice(0, line.indexOf(' ')))

test.each([
  ['|| true', '- run: npx jest || true', [`${PATH}:6:23`]],
  ['|| echo', '- run: npx jest || echo failed', [`${PATH}:6:23`]],
  ['a pipe', '- run: npx jest | tee log', [`${PATH}:6:23`]],
  ['set +e', '- run: |\n    set +e\n    npx jest\n    echo done', [`${PATH}:7:11`]],
  ['a flag', '- run: npx jest --passWithNoTests', [`${PATH}:6:14`]],
  ['continue-on-error on the step', '- run: npx jest\n  continue-on-error: true', [`${PATH}:7:9`]],
  ['|| exit 1', '- run: npx jest || exit 1', []],
  ['a retry', '- run: npx jest || npx jest --onlyFailures', []],
  ['a handler that fails', '- run: npx jest || { cat log; exit 1; }', []],
  ['a flag for later', '- run: npx jest || echo "failed=1" >> $GITHUB_OUTPUT', []],
  ['a saved status', '- run: |\n    set +e\n    npx jest\n    code=$?\n    exit $code', []],
  ['a pipe with pipefail', '- run: npx jest | tee log\n  shell: bash', []],
  ['no test', '- run: npx eslint . || true', []],
  [
    'a step that is judged later',
    "- run: npx jest\n  id: t\n  continue-on-error: true\n- run: exit 1\n  if: steps.t.outcome == 'failure'",
    []
  ],
  ['a step with an id that nobody asks', '- run: npx jest\n  id: t\n  continue-on-error: true', [`${PATH}:8:9`]]
])('weighs %s', async (_, text, found) => expect(await places(steps(text))).toEqual(found))

test.each([
  ['true', '    continue-on-error: true\n', 1],
  ['false', '    continue-on-error: false\n', 0],
  [
    'an experimental part of the matrix',
    '    continue-on-error: ${{ matrix.experimental }}\n    strategy:\n      matrix:\n        experimental: [true, false]\n',
    0
  ],
  [
    'the whole matrix',
    '    continue-on-error: ${{ matrix.experimental }}\n    strategy:\n      matrix:\n        experimental: [true]\n',
    1
  ],
  ['what nobody knows', '    continue-on-error: ${{ vars.LENIENT }}\n', 0]
])('weighs continue-on-error of a job: %s', async (_, job, count) =>
  expect(await problems(rule, steps('- run: npx jest', job))).toHaveLength(count)
)

test('points into the script that loses the failure', async () => {
  const files = { ...steps('- run: npm test'), 'package.json': '{\n  "scripts": { "test": "jest || true" }\n}\n' }
  expect(await places(files)).toEqual(['package.json:2:30'])
})

test('says what is lost, how and where it matters', async () => {
  expect(await problems(rule, steps('- run: npx jest || true'))).toEqual([
    `${PATH}:6:23 a failure of \`npx jest\` is lost: \`|| true\`, so job test passes all the same`
  ])
})

test('reports one cause once, however many tests it covers', async () => {
  const files = steps('- run: npx jest\n- run: npx vitest run', '    continue-on-error: true\n')
  const [only, ...more] = await problems(rule, files)
  expect([only, more]).toEqual([expect.stringContaining('`npx jest` and 1 more'), []])
})

test.each([
  ['pull_request', undefined],
  ['{schedule: [{cron: "0 1 * * *"}]}', 'warning']
])('is milder where no pull request starts the job: %s', async (on, severity) => {
  const { found } = run([rule], await repoOf(steps('- run: npx jest || true', '', on)), () => ({}))
  expect(found.map(({ problem }) => problem.severity)).toEqual([severity])
})
