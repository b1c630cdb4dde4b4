import { expect, test } from '@jest/globals'
import type { Lint } from '../src/model.js'
import { scriptOf } from '../src/parse/shell.js'
import { SourceText, startOf } from '../src/parse/text.js'
import { idleCdOf, severityOf } from '../src/query.js'

const commandsOf = (script: string) =>
  scriptOf(new SourceText('x', script).span(0, script.length), { name: 'sh', errexit: false, pipefail: false }).commands

test.each([
  ['alone', 'cd /app', 1],
  ['at the end', 'mkdir /app && cd /app', 15],
  ['before what does nothing', 'cd /app || exit 1', 1],
  ['before a command', 'cd /app && make', undefined],
  ['a step back', 'cd /app && make && cd ..', undefined],
  ['a step back from pushd', 'pushd /app && make && cd /', undefined],
  ['in a loop', 'for a in b c; do cd $a; done', undefined],
  ['no cd', 'make', undefined],
  ['nothing', '', undefined]
])('a cd that nothing comes after: %s', (_, script, column) =>
  expect(idleCdOf(commandsOf(script))?.at.column).toBe(column)
)

test.each([
  ['error', 'SC1073', 'error'],
  ['error', 'SC2068', 'warning'],
  ['error', undefined, 'error'],
  ['warning', 'SC2046', 'warning'],
  ['info', 'SC2086', 'note'],
  ['style', 'SC2006', 'note']
] as const)('an answer of level %s with code %s is a %s', (level, code, severity) => {
  const lint: Lint = { level, message: 'x', at: startOf('x'), ...(code && { code }) }
  expect(severityOf(lint)).toBe(severity)
})
