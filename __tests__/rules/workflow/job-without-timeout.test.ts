import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/workflow/job-without-timeout.js'
import { problems } from '../../helpers.js'

const job = (body: string) => ({
  '.github/workflows/ci.yml': `on: push\njobs:\n  one:\n${body.replaceAll(/^/gm, '    ')}\n`
})
const found = ['.github/workflows/ci.yml:3:3 job one has no timeout-minutes: if it hangs, it runs for six hours']

test.each([
  ['a job without', 'runs-on: x\nsteps:\n  - run: a', found],
  ['one with a limit', 'runs-on: x\ntimeout-minutes: 5\nsteps:\n  - run: a', []],
  ['one with a computed limit', 'runs-on: x\ntimeout-minutes: ${{ inputs.limit }}\nsteps:\n  - run: a', []],
  [
    'one whose every step has a limit',
    'runs-on: x\nsteps:\n  - run: a\n    timeout-minutes: 1\n  - uses: a/b@v1\n    timeout-minutes: 2',
    []
  ],
  ['one of whose steps has none', 'runs-on: x\nsteps:\n  - run: a\n    timeout-minutes: 1\n  - run: b', found],
  ['one without steps', 'runs-on: x', found],
  ['a call of a reusable workflow', 'uses: ./.github/workflows/x.yml', []]
])('looks at %s', async (_, body, expected) => expect(await problems(rule, job(body))).toEqual(expected))
