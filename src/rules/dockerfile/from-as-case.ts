import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/from-as-case',
  title: 'FROM and AS are written in different cases',
  why: 'The two belong together, and readers look for one spelling.',
  fix: 'Write AS as FROM is written.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['as'],
  peers: { buildkit: 'FromAsCasing' },

  *check({ stages }) {
    for (const { from, name } of stages) {
      const as = from.args[1]
      if (!name || !as) continue
      const text = from.written === from.written.toLowerCase() ? 'as' : 'AS'
      if (as.value === text || (text === 'AS' && from.written !== 'FROM')) continue
      yield { at: as.at, message: `${as.value} does not match ${from.written}`, edits: [{ at: as.at, text }] }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d as tool
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})
