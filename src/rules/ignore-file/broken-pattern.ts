import { ignoreFilesInUse } from '../../build-context.js'
import { compile, type IgnoreLine } from '../../ignore.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'ignore-file/broken-pattern',
  title: 'Ignore file has a pattern that the builder refuses',
  why: 'One pattern that cannot be read fails every build with this context.',
  fix: 'Close the bracket, give the range two ends, or put a backslash before the character that is meant as it is.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    for (const { lines } of ignoreFilesInUse(repo))
      for (const line of lines) {
        const fault = faultOf(line)
        if (fault) yield { at: line.at, message: `${fault}: the build fails` }
      }
  },

  bad: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `.git
cache[0-9
`
  },
  good: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `.git
cache[0-9]
`
  }
})

/** No path is as long. */
const MAX_LENGTH = 4096

function faultOf({ pattern, negated, at }: IgnoreLine): string | undefined {
  if (negated && at.endColumn - at.column === 1) return 'an exception without a pattern'
  if (pattern.length > MAX_LENGTH || compile(pattern)) return undefined
  return pattern.endsWith('\\')
    ? 'nothing comes after the backslash'
    : 'a bracket is not closed, or a range lacks an end'
}
