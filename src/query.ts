import { byObject, byText } from './cache.js'
import type { Command, Lint, Looked, Place, Repo, Severity, Step, Workflow } from './model.js'
import library from './parse/minimatch-package.cjs'

/** All steps of a workflow, job by job. */
export const stepsOf = byObject((workflow: Workflow): Step[] => workflow.jobs.flatMap(job => job.steps))

/** Does a repository path match a glob? Dot files count, and a glob without a slash matches at any depth. */
export const matches = (path: string, glob: string): boolean => compiled(glob).match(path)

// The same few globs are held against every path.
const compiled = byText((glob): { match: (path: string) => boolean } => {
  const { Minimatch } = library()
  return new Minimatch(glob, { dot: true, matchBase: !glob.includes('/'), nocomment: true })
}, 1000)

/** The empty place before a place: where an insertion goes. */
export const beforeOf = ({ path, line, column }: Place): Place => ({
  path,
  line,
  column,
  endLine: line,
  endColumn: column
})
/** The empty place after a place. */
export const afterOf = ({ path, endLine, endColumn }: Place): Place => ({
  path,
  line: endLine,
  column: endColumn,
  endLine,
  endColumn
})

/** Joins and normalises repository paths; undefined where the result leaves the repository. */
export function joinPath(...parts: string[]): string | undefined {
  const joined: string[] = []
  for (const part of parts.join('/').split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (!joined.length) return undefined
      joined.pop()
    } else joined.push(part)
  }
  return joined.join('/')
}

/** A file that the pull request changes without mending what is wrong with its YAML. */
export function isStillBroken({ path, errors }: Looked, { base, diff }: Pick<Repo, 'base' | 'diff'>): boolean {
  const change = diff?.find(change => change.path === path)
  if (!change || !errors) return false
  const before = base?.looked.find(row => row.path === (change.previousPath ?? path))?.errors
  return before?.some(({ message }) => message === errors[0]?.message) ?? false
}

export const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')

/** Paths of Dockerfiles that compose builds and build steps name, whatever they are called. */
export function buildFilesOf(repo: Pick<Repo, 'composes' | 'workflows'>): string[] {
  const paths: string[] = []
  for (const compose of repo.composes)
    for (const { build } of compose.services) {
      if (!build?.dockerfile || build.context === undefined) continue
      const path = joinPath(folderOf(compose.path), build.context, build.dockerfile.value)
      if (path) paths.push(path)
    }
  for (const step of repo.workflows.flatMap(stepsOf)) {
    if (!step.uses?.value.startsWith('docker/build-push-action@')) continue
    const file = step.with.find(field => field.name.value === 'file')?.value.value
    const path = file && joinPath(file)
    if (path) paths.push(path)
  }
  return paths
}

/** The `cd` of a script that nothing comes after: a step back to where it was before is none. */
export function idleCdOf(commands: Command[]): Command | undefined {
  const last = commands.findLast(({ name }) => !IDLE.has(name))
  if (last?.name !== 'cd' || last.inside.length) return undefined
  return commands.find(({ name }) => MOVES.has(name)) === last ? last : undefined
}
const IDLE = new Set(['exit', 'true', ':', 'false', 'pwd'])
const MOVES = new Set(['cd', 'pushd', 'popd'])

/** How much an answer of a linter matters: what is no script at all is certain, the rest is its opinion. */
export function severityOf({ level, code }: Lint): Severity {
  if (level === 'error' && !(code && !code.startsWith('SC1'))) return 'error'
  return level === 'error' || level === 'warning' ? 'warning' : 'note'
}
