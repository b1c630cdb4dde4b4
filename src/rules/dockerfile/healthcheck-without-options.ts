import { healthchecksOf } from '../../probes.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/healthcheck-without-options',
  title: 'Health check leaves its timing to defaults',
  why: 'A check every 30 seconds that may hang for 30, three failures and no time to start: a server that hangs is noticed after two or three minutes, and one that starts slowly is ill before it is up.',
  fix: 'Say what fits the server: --interval, --timeout, --start-period and --retries.',
  severity: 'note',
  topic: 'health',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    for (const { instruction } of healthchecksOf(dockerfile))
      if (!instruction.flags.length)
        yield { at: instruction.keywordAt, message: 'no interval, timeout or start period is set: 30s, 30s and none' }
  },

  bad: {
    Dockerfile: `FROM nginx:1.29
HEALTHCHECK CMD ["curl", "-fsS", "http://127.0.0.1/"]
`
  },
  good: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `.git
`
  }
})
