import { contextsOf, ignoreFileOf } from '../../build-context.js'
import { type IgnoreLine, isBelow, isPlain, type Matcher, matcherOf, sourcePath } from '../../ignore.js'
import type { Dockerfile, IgnoreFile, Problem, Repo, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { bare, copyOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/copied-file-ignored',
  title: 'COPY of a file that the ignore file leaves out',
  why: 'The builder does not get the file, so the build fails, or copies less than it says.',
  fix: 'Take the pattern out of the ignore file, add an exception with ! after it, or drop the COPY.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { buildkit: 'CopyIgnoredFile' },

  *check(repo) {
    for (const dockerfile of repo.dockerfiles) yield* problemsOf(repo, dockerfile)
  },

  bad: {
    Dockerfile: `FROM python:3.13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY docs/usage.txt /usr/share/doc/app/
USER nobody
`,
    '.dockerignore': `.git
docs
`
  },
  good: {
    Dockerfile: `FROM python:3.13-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY docs/usage.txt /usr/share/doc/app/
USER 65534
`,
    '.dockerignore': `.git
docs
!docs/usage.txt
`
  }
})

/** What ADD fetches from elsewhere. */
const REMOTE = /^([a-z]{1,9}:\/\/|git@)/i

function* problemsOf(repo: Repo, dockerfile: Dockerfile): Iterable<Problem> {
  const copies = dockerfile.instructions.flatMap(instruction => copyOf(instruction) ?? []).filter(({ from }) => !from)
  if (!copies.length) return
  const seen = new Set<IgnoreFile>()
  for (const context of contextsOf(repo, dockerfile)) {
    const file = ignoreFileOf(repo, dockerfile, context)
    if (file === 'none' || file === 'unknown' || seen.has(file)) continue
    seen.add(file)
    const matcher = matcherOf(file)
    if (!matcher) continue
    const isCertain = context.by !== undefined || file.path === `${dockerfile.path}.dockerignore`
    const excepts = file.lines.some(({ negated }) => negated)
    for (const source of copies.flatMap(({ sources }) => sources)) {
      const line = excludedBy(source, matcher)
      if (!line) continue
      yield {
        at: source.at,
        message: `${file.path} leaves ${bare(source.value)} out (line ${line.at.line}): the builder does not get it`,
        ...(isCertain && { severity: 'error' }),
        // BuildKit does not look where there are exceptions.
        ...(excepts && { peers: {} })
      }
    }
  }
}

/** The line that leaves out a source and all below it. */
function excludedBy({ value }: Text, { judge, patterns }: Matcher): IgnoreLine | undefined {
  const written = bare(value)
  if (REMOTE.test(written) || written.includes('$')) return undefined
  const path = sourcePath(written)
  const exceptions = patterns.filter(({ line }) => line.negated).map(({ line }) => line.pattern)
  if (path === '') {
    const all = patterns.find(({ line }) => !line.negated && /^(\*|\*\*|\*\*\/\*)$/.test(line.pattern))
    return exceptions.length ? undefined : all?.line
  }
  // With exceptions, what a wildcard stands for may be there in part.
  if (exceptions.length && !isPlain(path)) return undefined
  const verdict = judge(path)
  if (!verdict?.excluded) return undefined
  // Only what comes later can bring back a part of what this line leaves out.
  const later = patterns.slice(patterns.findIndex(({ line }) => line === verdict.by))
  return later.some(({ line }) => line.negated && mayMatchBelow(line.pattern, path)) ? undefined : verdict.by
}

/** May an exception bring back a part of a folder? What stands before its first wildcard tells. */
function mayMatchBelow(pattern: string, path: string): boolean {
  if (isPlain(pattern)) return isBelow(pattern, path)
  const wildcard = pattern.search(/[*?[\\]/)
  const folder = pattern.slice(0, Math.max(0, pattern.lastIndexOf('/', wildcard)))
  return folder === '' || isBelow(folder, path) || isBelow(path, folder)
}
