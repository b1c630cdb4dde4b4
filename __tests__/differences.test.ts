import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { inspectFiles } from '../src/api.js'
import { rules } from '../src/rules/index.js'

/** One section of docs/differences.md: an example, and what it says of it. */
interface Difference {
  title: string
  path: string
  text: string
  claims: string
}

const PATHS: Record<string, string> = { yaml: '.github/workflows/ci.yml', dockerfile: 'Dockerfile' }

const differences = readFileSync('docs/differences.md', 'utf8')
  .split(/^### /m)
  .slice(1)
  .map((section): Difference => {
    const [, language = '', text = ''] = /^```(\w+)\n(.*?)^```$/ms.exec(section) ?? []
    const [, claims = ''] = /^\*\*Here:\*\* (.*)$/m.exec(section) ?? []
    return { title: section.slice(0, section.indexOf('\n')), path: PATHS[language] ?? '', text, claims }
  })

const ids = new Set(rules.map(({ id }) => id))
const look = async ({ path, text }: Difference, preset: 'recommended' | 'strict' | 'all') =>
  (await inspectFiles({ [path]: text }, { rules: preset, shellcheck: false, pyflakes: false })).findings

test('there are differences, and each has an example and says what happens', () => {
  expect(differences.length).toBeGreaterThan(10)
  for (const { path, text, claims } of differences) {
    expect(path).not.toBe('')
    expect(text.length).toBeGreaterThan(20)
    expect(claims).toMatch(/`/)
  }
})

describe.each(differences.map(each => [each.title, each] as const))('%s', (_, difference) => {
  test.each(difference.claims.split('; '))('%s', async claim => {
    const named = [...claim.matchAll(/`([a-z-]+\/[a-z-]+)`/g)].map(([, id]) => id!)
    for (const id of named) expect(ids).toContain(id)
    expect(named.length).toBeGreaterThan(0)
    const [, line] = /in line (\d+)/.exec(claim) ?? []
    const all = await look(difference, 'all')
    const found = all.filter(
      ({ rule, line: at }) => named.includes(rule) && (line === undefined || at === Number(line))
    )
    if (claim.startsWith('nothing of')) expect(found).toEqual([])
    else for (const id of named) expect(found.filter(({ rule }) => rule === id).length).toBeGreaterThan(0)
    if (claim.includes('once')) expect(all.filter(({ rule }) => named.includes(rule))).toHaveLength(1)
    if (claim.includes('alone')) {
      const strict = await look(difference, 'strict')
      expect(strict.filter(({ rule }) => named.includes(rule))).toEqual([])
    }
  })
})
