import { expect, test } from '@jest/globals'
import type { Shell } from '../src/model.js'
import { scriptOf } from '../src/parse/shell.js'
import { parseYaml, scalarOf } from '../src/parse/yaml.js'
import { type PlainCommand, plainCommandsOf } from '../src/plain-commands.js'

const commands = (text: string, name: Shell['name']): PlainCommand[] => {
  const value = scalarOf(parseYaml('x', `|\n  ${text.replaceAll('\n', '\n  ')}\n`)[0]!.root)!
  return plainCommandsOf(scriptOf(value, { name, errexit: true, pipefail: true })!)
}
const shown = (text: string, name: Shell['name']) =>
  commands(text, name).map(
    ({ words, output }) => words.map(({ value }) => value).join('|') + (output ? `>${output}` : '')
  )

test.each<[Shell['name'], string, string[]]>([
  ['bash', 'a b; c "d e" > f', ['a|b', 'c|d e>f']],
  ['pwsh', 'a b; c "d e" > f', ['a|b', 'c|d e>f']],
  ['pwsh', 'a `\n  b `\n  c', ['a|b|c']],
  ['pwsh', 'a # b\nc', ['a', 'c']],
  ['pwsh', "a 'b''c' | d", ['a|bc', 'd']],
  ['pwsh', 'if ($x) { a b }', ['if', '$x', 'a|b']],
  ['pwsh', 'echo "A=$(x)" >> $env:GITHUB_ENV', ['echo|A=$(x)>$env:GITHUB_ENV']],
  ['cmd', 'a b & c ^\nd', ['a|b', 'c|d']],
  ['cmd', 'echo A=%B%>> %C%', ['echo|A=%B%>%C%']]
])('reads %s: %j', (shell, text, expected) => expect(shown(text, shell)).toEqual(expected))

test('it names programs without folder and ending, and says where they stand', () => {
  const [first, second] = commands('x\nC:\\bin\\npm.cmd ci', 'cmd')
  expect(first!.at).toMatchObject({ line: 2, column: 3, endColumn: 4 })
  expect(second).toMatchObject({ name: 'npm', at: { line: 3, column: 3, endColumn: 20 } })
})

test('it ends with texts of quotes and signs', () => {
  const text = '"\'`^{}()|&;>'.repeat(20_000)
  const started = performance.now()
  for (const shell of ['pwsh', 'cmd'] as const) commands(text, shell)
  expect(performance.now() - started).toBeLessThan(2000)
})
