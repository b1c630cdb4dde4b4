import { healthchecksOf, isSelf, probesOf } from '../../probes.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/healthcheck-of-other-host',
  title: 'Health check asks another host',
  why: 'It says how another machine is: this container is called ill when that one is, and healthy when only it hangs.',
  fix: 'Ask the server in this container, at 127.0.0.1.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    for (const { instruction } of healthchecksOf(dockerfile))
      for (const { targets } of probesOf(instruction))
        for (const { word, host } of targets) {
          if (host === undefined || isSelf(host) || !isElsewhere(host)) continue
          yield { at: word.at, message: `the check asks ${host}, which is not this container` }
        }
  },

  bad: {
    Dockerfile: `FROM nginx:1.29
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "https://www.example.com/"]
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

/** A name of one word may be the container's own. */
const isElsewhere = (host: string): boolean => host.includes('.') || DEPENDENCIES.has(host)
const DEPENDENCIES = new Set(['db', 'database', 'postgres', 'mysql', 'mariadb', 'mongo', 'redis', 'rabbitmq', 'kafka'])
