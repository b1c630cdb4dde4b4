import { durationOf } from '../../durations.js'
import { healthchecksOf } from '../../probes.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/healthcheck-timeout',
  title: 'Health check may hang for longer than its interval',
  why: 'The next check waits for a hung one: what is written as a check every few seconds becomes one as long as the timeout, which is 30 seconds where none is set.',
  fix: 'Set --timeout well below --interval.',
  severity: 'note',
  topic: 'health',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    for (const { instruction } of healthchecksOf(dockerfile)) {
      const { flags } = instruction
      const [interval, timeout] = ['interval', 'timeout'].map(name => flags.find(flag => flag.name === name))
      const every = durationOf(interval?.value.value || '0')
      const longest = durationOf(timeout?.value.value || '0')
      if (every === undefined || longest === undefined || every < 0 || longest < 0) continue
      // Unset and 0 are 30 seconds.
      if (every && (longest || DEFAULT) >= every && (longest || every < DEFAULT)) {
        const limit = longest ? `a timeout of ${timeout?.value.value}` : 'a timeout of 30s, the default,'
        const at = (longest && timeout ? timeout : interval)!.at
        yield { at, message: `${limit} is not below the interval of ${interval?.value.value}` }
      } else if (!every && longest > DEFAULT)
        yield {
          at: timeout!.at,
          message: `a timeout of ${timeout?.value.value} is above the interval of 30s, the default`
        }
    }
  },

  bad: {
    Dockerfile: `FROM nginx:1.29
HEALTHCHECK --interval=5s --timeout=10s CMD ["curl", "-fsS", "http://127.0.0.1/"]
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

const DEFAULT = 30_000
