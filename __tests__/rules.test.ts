import { readdirSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { applied } from '../src/fixes.js'
import type { Linter, Repo } from '../src/model.js'
import { run } from '../src/rule.js'
import { rules } from '../src/rules/index.js'
import { isInstalled, problems, repoOf, worldOf } from './helpers.js'
import { layerOf } from './layers.js'

const noOptions = () => ({})
const linters = (['shellcheck', 'pyflakes'] satisfies Linter[]).filter(isInstalled)

describe.each(rules.map(rule => [rule.id, rule] as const))('%s', (id, rule) => {
  const isHere = !rule.linter || linters.includes(rule.linter)

  ;(isHere ? test : test.skip)('it reports its bad example', async () => {
    expect(await problems(rule, rule.bad)).not.toEqual([])
  })

  test('it points into a file of its bad example', async () => {
    const repo = await repoOf(rule.bad, linters)
    const options = () => worldOf(rule.bad).options ?? {}
    for (const { problem } of run([rule], repo, options).found) {
      const { path, line, column, endLine, endColumn } = problem.at
      if (path === '') continue
      expect(repo.paths).toContain(path)
      expect(line * 1e6 + column).toBeLessThanOrEqual(endLine * 1e6 + endColumn)
      const text = repo.texts.get(path)
      if (text !== undefined) expect(endLine).toBeLessThanOrEqual(text.split('\n').length)
    }
  })

  ;(isHere ? test : test.skip)('it says what its edits are, and they mend its bad example', async () => {
    const world = worldOf(rule.bad)
    const repo = await repoOf(world, linters)
    const found = (of: Repo) => run([rule], of, () => world.options ?? {}).found.map(({ problem }) => problem)
    const edits = found(repo).flatMap(problem => problem.edits ?? [])
    expect(edits.length > 0).toBe(rule.edits !== undefined)
    if (!edits.length) return
    const head = Object.fromEntries(
      Object.entries(world.head).map(([path, text]) => [
        path,
        applied(
          text,
          edits.filter(({ at }) => at.path === path)
        )
      ])
    )
    expect(found(await repoOf({ ...world, head }, linters)).length).toBeLessThan(found(repo).length)
  })

  test('its good example is silent under every rule', async () => {
    const { found } = run(rules, await repoOf(rule.good, linters), noOptions)
    expect(found.map(each => `${each.rule.id}: ${each.problem.message}`)).toEqual([])
  })

  test('it says what is wrong and what is right in plain sentences', () => {
    expect(rule.title).not.toMatch(/\.$/)
    expect(rule.why.length).toBeGreaterThan(20)
    expect(rule.fix.length).toBeGreaterThan(10)
    expect(id).toMatch(/^[a-z-]+\/[a-z-]+$/)
  })
})

test('every rule file is in the generated list', () => {
  const files = readdirSync('src/rules', { recursive: true, encoding: 'utf8' })
    .filter(path => path.includes('/'))
    .filter(path => path.endsWith('.ts'))
    .map(path => path.slice(0, -3))
  expect(rules.map(rule => rule.id).sort()).toEqual(files.sort())
})

test('rules import joins, walks, tables and types: nothing that reads, judges or tells, and of parsers none but small ones', () => {
  const parsers = /^parse\/(expression|yaml|text|uses)\.ts$/
  const below = layerOf('rules/')
  for (const rule of rules) {
    const text = readFileSync(`src/rules/${rule.id}.ts`, 'utf8')
    for (const [, name = ''] of text.matchAll(/from '([^']+)'/g)) {
      const path = normalize(join('rules/x', name)).replace(/\.js$/, '.ts')
      const isAllowed = layerOf(path) > below && (!path.startsWith('parse/') || parsers.test(path))
      expect(`${rule.id} imports ${path}: ${isAllowed}`).toBe(`${rule.id} imports ${path}: true`)
    }
  }
})
