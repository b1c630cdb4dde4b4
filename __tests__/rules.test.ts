import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { run } from '../src/rule.js'
import { rules } from '../src/rules/index.js'
import { problems, repoOf } from './helpers.js'

const noOptions = () => ({})

describe.each(rules.map(rule => [rule.id, rule] as const))('%s', (id, rule) => {
  test('it reports its bad example', async () => {
    expect(await problems(rule, rule.bad)).not.toEqual([])
  })

  test('it points into a file of its bad example', async () => {
    const repo = await repoOf(rule.bad)
    for (const { problem } of run([rule], repo, noOptions).found) {
      const { path, line, column, endLine, endColumn } = problem.at
      if (path === '') continue
      expect(repo.paths).toContain(path)
      expect(line * 1e6 + column).toBeLessThanOrEqual(endLine * 1e6 + endColumn)
      const text = repo.texts.get(path)
      if (text !== undefined) expect(endLine).toBeLessThanOrEqual(text.split('\n').length)
    }
  })

  test('its good example is silent under every rule', async () => {
    const { found } = run(rules, await repoOf(rule.good), noOptions)
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

test('rules import rule, query, data and types only', () => {
  const allowed =
    /^\.\.\/\.\.\/(rule|query|model|branch-settings|stages|units|paths|construct|commands|releases|triggers|data\/[\w-]+|parse\/(expression|yaml|text|uses))\.js$/
  for (const rule of rules) {
    const text = readFileSync(`src/rules/${rule.id}.ts`, 'utf8')
    for (const [, name] of text.matchAll(/from '([^']+)'/g))
      expect(`${rule.id} ${name}`).toMatch(new RegExp(`^${rule.id} ${allowed.source.slice(1)}`))
  }
})
