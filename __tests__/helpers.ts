import { spawnSync } from 'node:child_process'
import type { Example, Linter, Options, Problem, Repo, Rule, World } from '../src/model.js'
import { readRepo } from '../src/repo.js'
import { run } from '../src/rule.js'
import { memorySource } from '../src/source/memory.js'

/** A workflow file with one job of these steps. */
export const workflow = (steps: string, job = ''): Record<string, string> => ({
  '.github/workflows/ci.yml': `on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n${job}    steps:\n${steps
    .split('\n')
    .map(line => `      ${line}\n`)
    .join('')}`
})

export const worldOf = (example: Example): World =>
  'head' in example && typeof example.head === 'object'
    ? (example as World)
    : { head: example as Record<string, string> }

/** The world of an example, read as the program reads it for rules that ask these linters. */
export async function repoOf(example: Example, linters: Linter[] = []): Promise<Repo> {
  const { head, options: _, ...rest } = worldOf(example)
  return readRepo(memorySource({ ...rest, files: head }), {
    everything: true,
    linters: async () => linters,
    facts: async () => ['archived', 'refs', 'reach', 'advisories']
  })
}

const PROGRAMS = { shellcheck: ['shellcheck'], pyflakes: ['pyflakes', 'pyflakes3'] }

/** Is a linter here? Tests that need it are skipped where it is not. */
export const isInstalled = (linter: Linter): boolean =>
  PROGRAMS[linter].some(program => spawnSync(program, ['--version']).status === 0)

/** What one rule says about an example, as `path:line:column message`. */
export async function problems(
  rule: Rule,
  example: Example,
  options = worldOf(example).options ?? {}
): Promise<string[]> {
  const { found } = run([rule], await repoOf(example, rule.linter && [rule.linter]), () => options)
  return found.map(({ problem: { at, message } }) => `${at.path}:${at.line}:${at.column} ${message}`)
}

/** What one rule could not see about an example. */
export async function unreads(rule: Rule, example: Example, options = {}): Promise<string[]> {
  const { unread } = run([rule], await repoOf(example), () => options)
  return unread.map(({ what, reason }) => `${what}: ${reason}`)
}

/** What one rule found, with places, edits and peers. */
export async function found(
  rule: Rule,
  example: Example,
  options = worldOf(example).options ?? {}
): Promise<Problem[]> {
  return run([rule], await repoOf(example), () => options).found.map(({ problem }) => problem)
}

/** Where one rule found something, as `line:column`. */
export async function places(rule: Rule, example: Example, options?: Options): Promise<string[]> {
  return (await found(rule, example, options)).map(({ at }) => `${at.line}:${at.column}`)
}

/** The options of a rule that nobody configured. */
export const defaultsOf = ({ options = {} }: Rule): Options =>
  Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, spec.default]))
