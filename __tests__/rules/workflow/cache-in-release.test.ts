import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/workflow/cache-in-release.js'
import { found, places } from '../../helpers.js'
import { applied } from './edits.js'
import { ofSteps, PATH } from './steps.js'

const CACHE = '- uses: actions/cache@v4\n  with:\n    path: a\n    key: b'
test.each([
  ['a release', 'release', CACHE, 1],
  ['a tag', '\n  push:\n    tags: [v*]', CACHE, 1],
  ['a branch for releases', '\n  push:\n    branches: [release/1.0]', CACHE, 1],
  ['any push', 'push', CACHE, 0],
  ['a push that publishes', 'push', `${CACHE}\n- uses: softprops/action-gh-release@v2`, 1],
  ['a push of an image', 'push', `${CACHE}\n- uses: docker/build-push-action@v6\n  with:\n    push: true`, 1],
  ['a build of an image', 'push', `${CACHE}\n- uses: docker/build-push-action@v6`, 0]
])('asks whether %s makes a release', async (_, on, steps, count) =>
  expect(await places(rule, ofSteps(steps, on))).toHaveLength(count)
)

const step = (uses: string, inputs = '') => `- uses: ${uses}${inputs && `\n  with:\n    ${inputs}`}`
test.each([
  [step('actions/cache@v4', 'lookup-only: true'), 0],
  [step('actions/setup-go@v5'), 1],
  [step('actions/setup-go@v5', 'cache: false'), 0],
  [step('actions/setup-python@v5'), 0],
  [step('actions/setup-python@v5', 'cache: pip'), 1],
  [step('actions/setup-python@v5', 'cache: ""'), 0],
  [step('actions/setup-node@v4'), 0],
  [step('actions/setup-node@v5'), 1],
  [step('actions/setup-node@v5', 'package-manager-cache: false'), 0],
  [step('astral-sh/setup-uv@v6'), 1],
  [step('astral-sh/setup-uv@v10'), 0],
  [step('astral-sh/setup-uv@v10', 'enable-cache: auto'), 0],
  [step('astral-sh/setup-uv@v10', 'enable-cache: true'), 1],
  [step('docker/setup-buildx-action@v3'), 0],
  [step('docker/setup-buildx-action@v3', 'version: latest'), 1],
  [step('docker/setup-qemu-action@v3'), 0],
  [step('Mozilla-Actions/sccache-action@v0'), 1],
  [step('actions/setup-go@v5', "cache: ${{ !startsWith(github.ref, 'refs/tags/') }}"), 0],
  [step('actions/setup-go@v5', "cache: ${{ startsWith(github.ref, 'refs/tags/') }}"), 1],
  [step('actions/setup-go@v5', 'cache: ${{ inputs.cache }}'), 1],
  [`${step('actions/setup-go@v5')}\n  if: false`, 0]
])('knows that %j caches, or not', async (steps, count) =>
  expect(await places(rule, ofSteps(steps, 'release'))).toHaveLength(count)
)

test('it does not say that zizmor sees what depends on the event', async () => {
  const steps = step('actions/setup-go@v5', "cache: ${{ github.event_name != 'push' }}")
  const [problem] = await found(rule, ofSteps(steps, '\n  release:\n  push:\n    tags: [v*]'))
  expect(problem!.peers).toEqual({})
})

test.each([
  [step('actions/setup-go@v5', 'cache: true'), step('actions/setup-go@v5', 'cache: false')],
  [step('actions/setup-go@v5'), `${step('actions/setup-go@v5')}\n  with:\n    cache: false`],
  [step('actions/cache@v4', 'key: a'), step('actions/cache@v4', 'lookup-only: true\n    key: a')],
  [step('actions/setup-python@v5', 'cache: pip'), undefined]
])('turns off the cache of %j', async (steps, after) => {
  const files = ofSteps(steps, 'release')
  const [problem] = await found(rule, files)
  const text = problem!.edits && applied(files[PATH]!, problem!.edits)
  expect(text).toBe(after && ofSteps(after, 'release')[PATH])
  if (text) expect(await found(rule, { [PATH]: text })).toEqual([])
})
