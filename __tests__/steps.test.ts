import { expect, test } from '@jest/globals'
import type { Workflow } from '../src/model.js'
import { startOf } from '../src/parse/text.js'
import { readWorkflow } from '../src/parse/workflow.js'
import { mapOf, parseYaml } from '../src/parse/yaml.js'
import { actionOf, allUsesOf, fencedIn, fencedUnder, isNever, sequencesOf, versionOf } from '../src/steps.js'

const workflow = (steps: string, head = ''): Workflow => {
  const text = `on: push\n${head}jobs:\n  a:\n    steps:\n${steps.replaceAll(/^/gm, '      ')}\n`
  const [document] = parseYaml('x.yml', text)
  return readWorkflow('x.yml', startOf('x.yml'), mapOf(document!.root)!, document!.comments)
}
const SHA = '8f4b7f84864484a7bf31766abe9204da3cbe65b3'

test.each([
  ['a/b@v1.2.3', [1, 2, 3]],
  ['a/b@v1', [1]],
  ['a/b@1.2', [1, 2]],
  ['a/b@main', undefined],
  [`a/b@${SHA}`, undefined],
  [`a/b@${SHA} # v4.2.2`, [4, 2, 2]],
  [`a/b@${SHA} # tag=v4.2.2`, [4, 2, 2]],
  [`a/b@${SHA} #v4`, [4]],
  [`a/b@${SHA} # 3 words`, [3]],
  [`a/b@${SHA} # see x2`, undefined],
  [`a/b@${SHA} # v4.2.2, zizmor: ignore[x]`, [4, 2, 2]]
])('knows the version of %s', (uses, version) => {
  const file = workflow(`- uses: ${uses}`)
  const [step] = sequencesOf(file)[0]!.steps
  expect(versionOf(file, step!.uses!, actionOf(step!)!)).toEqual(version)
})

test('it names actions in lower case, and those of other repositories only', () => {
  const steps = workflow('- uses: A/B/c@V1\n- uses: ./x\n- uses: docker://x\n- run: a').jobs[0]!.steps
  expect(steps.map(step => actionOf(step)?.name)).toEqual(['a/b/c', undefined, undefined, undefined])
  expect(actionOf(steps[0]!)).toMatchObject({ repository: 'a/b', ref: 'V1', pinned: 'tag' })
})

test('it lists what jobs and steps use', () => {
  const file = workflow('- uses: a/b@v1\n- run: a')
  expect(allUsesOf(file).map(({ written }) => written.value)).toEqual(['a/b@v1'])
})

test.each([
  ['false', true],
  ['${{ false }}', true],
  ['true', false],
  ['inputs.x', false],
  ['${{ false }} x', false]
])('knows whether `if: %s` is never true', (condition, never) => {
  const [step] = workflow(`- run: a\n  if: ${condition}`).jobs[0]!.steps
  expect(isNever(step!)).toBe(never)
})

test('it finds texts with expressions, those of anchors once', () => {
  const file = workflow(
    '- run: echo ${{ a }}\n  env: &x\n    A: ${{ b }}\n    B: c\n- run: d\n  env: *x',
    'env:\n  D: ${{ e }}\n'
  )
  const all = ['${{ e }}', 'echo ${{ a }}', '${{ b }}']
  expect(fencedIn(file).map(({ value }) => value)).toEqual(all)
  expect(fencedUnder(file.jobs[0]!.yaml).map(({ value }) => value)).toEqual(all.slice(1))
})
