import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from '@jest/globals'

// From the entries down to the types: a module may import its own layer and those below.
const LAYERS = [
  ['action', 'cli', 'api', 'run'],
  ['inspect', 'policy', 'pull-request'],
  [
    'source/',
    'repo',
    'judge',
    'report/',
    'config',
    'config-docs',
    'suppressions',
    'requirements',
    'rules/',
    'discover',
    'peer-comments',
    'peer-config'
  ],
  ['releases'],
  ['pipeline', 'work', 'units', 'construct', 'paths', 'rule'],
  ['triggers', 'callees', 'external-ci', 'matrix'],
  ['commands', 'query', 'stages'],
  ['deliveries'],
  ['data/', 'parse/'],
  ['model', 'version', 'words', 'branch-settings', 'peers']
]

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts'))
const layerOf = (path: string): number =>
  LAYERS.findIndex(names => names.some(name => (name.endsWith('/') ? path.startsWith(name) : path === `${name}.ts`)))

/** Static and dynamic imports of a module, as paths below src or package names. */
function importsOf(path: string): { name: string; types: boolean }[] {
  const text = readFileSync(join('src', path), 'utf8')
  const found = [...text.matchAll(/^(import type|import|export)\b[^'"]*?from '([^']+)'/gm)].map(match => ({
    name: match[2]!,
    types: match[1] === 'import type'
  }))
  const dynamic = [...text.matchAll(/import\('([^']+)'\)/g)].map(match => ({ name: match[1]!, types: false }))
  return [...found, ...dynamic].map(({ name, types }) => ({
    name: name.startsWith('.') ? normalize(join(dirname(path), name)).replace(/\.js$/, '.ts') : name,
    types
  }))
}

test.each(files)('%s has a layer and imports no higher one', path => {
  const layer = layerOf(path)
  expect(layer).toBeGreaterThanOrEqual(0)
  for (const { name, types } of importsOf(path)) {
    if (types || !name.endsWith('.ts')) continue
    expect(`${name} is in layer ${layerOf(name)}`).toBe(`${name} is in layer ${Math.max(layer, layerOf(name))}`)
  }
})

test('only what talks to GitHub imports its packages', () => {
  const allowed = /^(action|source\/github[\w-]*|report\/(check-run|review|annotations))\.ts$/
  const users = files.filter(path =>
    importsOf(path).some(({ name, types }) => !types && /^@(actions|octokit)\//.test(name))
  )
  expect(users.filter(path => !allowed.test(path))).toEqual([])
})
