import { expect, test } from '@jest/globals'
import { SourceText } from '../src/parse/text.js'
import { parseYaml } from '../src/parse/yaml.js'

test('it places parts of a block scalar', () => {
  const text = 'a:\n  run: |\n    echo one\n    echo two\n'
  const [doc] = parseYaml('x.yml', text)
  const a = doc!.root!
  if (a.kind !== 'map') throw new Error('map')
  const run = (a.get('a') as any).get('run')
  const at = run.value.indexOf('two')
  expect(new SourceText('x', text).slice(run.part(at, at + 3))).toBe('two')
})
