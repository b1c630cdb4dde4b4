import { expect, test } from '@jest/globals'
import computed from '../../../src/rules/workflow/computed-environment.js'
import rule from '../../../src/rules/workflow/environment-from-outsider.js'
import { places } from '../../helpers.js'
import { ofAction, ofSteps } from './steps.js'

const T = '\n  env:\n    T: ${{ github.event.pull_request.title }}'
test.each([
  ['a title', `- run: echo "A=$T" >> "$GITHUB_ENV"${T}`, 1],
  ['a title in a list', `- run: printf '%s' "$T" >> $GITHUB_PATH${T}`, 1],
  ['a pasted title', '- run: echo "A=${{ github.event.pull_request.title }}" >> $GITHUB_ENV', 1],
  ['a number', '- run: echo "A=${{ github.event.pull_request.number }}" >> $GITHUB_ENV', 0],
  ['a constant', `- run: echo "A=b" >> $GITHUB_ENV${T}`, 0],
  ['an output', `- run: echo "A=$T" >> $GITHUB_OUTPUT${T}`, 0]
])('sees who writes %s', async (_, steps, count) =>
  expect(await places(rule, ofSteps(steps, 'pull_request_target'))).toHaveLength(count)
)

test.each([
  ['bash', 'echo "A=$(x)" >> $GITHUB_ENV', 'bash', 1],
  ['a constant of bash', 'echo A=b >> $GITHUB_ENV', 'bash', 0],
  ['another program', 'x >> $GITHUB_ENV', 'bash', 1],
  ['tee', 'x | tee -a "$GITHUB_ENV"', 'bash', 1],
  ['PowerShell', 'echo "A=$env:B" >> $env:GITHUB_ENV', 'pwsh', 1],
  ['a constant of PowerShell', 'echo "A=b" >> $env:GITHUB_ENV', 'pwsh', 0],
  ['a cmdlet', '"A=$x" | Out-File -Append -FilePath $env:GITHUB_ENV', 'pwsh', 1],
  ['cmd', 'echo A=%B%>> %GITHUB_ENV%', 'cmd', 1],
  ['a constant of cmd', 'echo A=b>> %GITHUB_ENV%', 'cmd', 0]
])('sees what %s computes', async (_, script, shell, count) =>
  expect(await places(computed, ofAction(`- run: |\n    ${script}\n  shell: ${shell}`))).toHaveLength(count)
)

test('it asks of workflows that anyone starts, and leaves the certain to the other rule', async () => {
  const steps = '- run: echo "A=$(x)" >> $GITHUB_ENV'
  expect(await places(computed, ofSteps(steps, 'pull_request_target'))).toHaveLength(1)
  expect(await places(computed, ofSteps(steps, 'push'))).toEqual([])
  const certain = `- run: echo "A=$T" >> "$GITHUB_ENV"${T}`
  expect(await places(computed, ofSteps(certain, 'pull_request_target'))).toEqual([])
})
