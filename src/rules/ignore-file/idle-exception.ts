import { ignoreFilesInUse } from '../../build-context.js'
import { compile, isBelow, isPlain, type Pattern, reaches } from '../../ignore.js'
import type { IgnoreFile, Problem } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'ignore-file/idle-exception',
  title: 'Exception in an ignore file has no effect',
  why: 'The last line that matches decides: an exception that stands before the pattern, or after none, brings nothing back.',
  fix: 'Move the exception below the pattern that it is meant for, or drop it.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    for (const file of ignoreFilesInUse(repo)) yield* problemsOf(file)
  },

  bad: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `!site
*
`
  },
  good: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `*
!site
`
  }
})

interface Line {
  pattern: string
  compiled: Pattern
  negated: boolean
  number: number
}

/** How much is compared in one file: a stranger wrote it. */
const MAX_LINES = 1000
const MAX_STEPS = 20_000_000

function* problemsOf(file: IgnoreFile): Iterable<Problem> {
  if (file.lines.length > MAX_LINES || !file.lines.some(({ negated }) => negated)) return
  const lines: Line[] = []
  for (const { pattern, negated, at } of file.lines) {
    const compiled = compile(pattern)
    if (!compiled) return
    lines.push({ pattern, compiled, negated, number: at.line })
  }
  let steps = MAX_STEPS
  for (const [index, { pattern, negated, at }] of file.lines.entries()) {
    if (!negated || pattern === '.') continue
    for (const { compiled } of lines) steps -= (compiled.length + 1) * (pattern.length + 1)
    if (steps < 0) return
    const reason = reasonOf(pattern, lines.slice(0, index), lines.slice(index + 1))
    if (reason) yield { at, message: `!${pattern} has no effect: ${reason}` }
  }
}

function reasonOf(pattern: string, before: Line[], after: Line[]): string | undefined {
  if (!before.some(line => !line.negated)) {
    const swallowed = isPlain(pattern)
      ? after.find(line => !line.negated && reaches(line.compiled, pattern))
      : undefined
    if (swallowed) return `line ${swallowed.number} comes later and leaves it out`
    return 'no line before it leaves anything out'
  }
  // What a wildcard stands for is not known.
  if (!isPlain(pattern)) return undefined
  const last = after.findLast(line => reaches(line.compiled, pattern))
  if (last && !last.negated) {
    const again = after
      .slice(after.indexOf(last) + 1)
      .some(line => line.negated && (reaches(line.compiled, pattern) || mayMatchBelow(line.pattern, pattern)))
    return again ? undefined : `line ${last.number} comes later and leaves it out again`
  }
  const decided = before.findLast(line => reaches(line.compiled, pattern))
  if (decided && !decided.negated) return undefined
  const since = decided ? before.slice(before.indexOf(decided)) : before
  if (since.some(line => !line.negated && mayMatchBelow(line.pattern, pattern))) return undefined
  return decided ? `line ${decided.number} brings it back already` : 'no line before it leaves that out'
}

/** May a pattern match something below a folder, though not the folder itself? */
function mayMatchBelow(pattern: string, folder: string): boolean {
  if (isPlain(pattern)) return isBelow(pattern, folder)
  if (pattern.includes('**')) return true
  const depth = folder.split('/').length
  const parts = pattern.split('/')
  const head = parts.length > depth ? compile(parts.slice(0, depth).join('/')) : undefined
  return head !== undefined && reaches(head, folder)
}
