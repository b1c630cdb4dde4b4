import { ignoreFilesInUse } from '../../build-context.js'
import type { IgnoreLine } from '../../ignore.js'
import type { Edit } from '../../model.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'ignore-file/comment-in-pattern',
  title: 'Comment is part of a pattern',
  why: 'Only a # in the first column begins a comment: behind a pattern it becomes part of the name, and the pattern matches nothing.',
  fix: 'Put the comment on a line of its own, at its very beginning.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'repo',

  *check(repo) {
    for (const { lines } of ignoreFilesInUse(repo))
      for (const line of lines) {
        const { pattern, at } = line
        const hash = pattern.startsWith('#') ? 0 : pattern.search(/\s#/)
        if (hash < 0) continue
        const edits = editsOf(line, hash)
        yield { at, message: `${quoted(pattern)} is one name for the builder, # and all`, ...(edits && { edits }) }
      }
  },

  bad: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `.git
.env # local settings
`
  },
  good: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `.git
# local settings
.env
`
  }
})

/** The comment goes to the first column, before the pattern that it was behind. */
function editsOf({ pattern, negated, at }: IgnoreLine, hash: number): Edit[] | undefined {
  if (hash === 0)
    return negated ? undefined : [{ at: { ...at, column: 1, endLine: at.line, endColumn: at.column }, text: '' }]
  const comment = pattern.slice(hash).trim()
  // Patterns come cleaned: slashes of the comment may have gone.
  if (comment.includes('/')) return undefined
  return [{ at: { ...at, column: 1 }, text: `${comment}\n${negated ? '!' : ''}${pattern.slice(0, hash).trim()}` }]
}
