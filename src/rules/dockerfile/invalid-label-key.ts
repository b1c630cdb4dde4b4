import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/invalid-label-key',
  title: 'Name of a label is against the rules for labels',
  why: 'Tools that read labels, and Docker’s own guidelines, expect lower-case names of letters, digits, dots and hyphens; some names are reserved.',
  fix: 'Begin with a domain of yours turned round, as in com.example.release-date, or use org.opencontainers.image.*.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['label'],
  peers: { hadolint: 'DL3048' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'LABEL'))
      for (const { name } of instruction.pairs) {
        const fault = faultOf(name.value)
        if (fault) yield { at: name.at, message: `${name.value || 'the empty name'} ${fault}` }
      }
  },

  bad: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
LABEL Release..Date="2026-11-20"
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
LABEL com.example.release-date="2026-11-20"
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

const RESERVED = ['com.docker.', 'io.docker.', 'org.dockerproject.']

function faultOf(name: string): string | undefined {
  const reserved = RESERVED.find(space => name.startsWith(space))
  if (reserved) return `is in ${reserved}*, which is Docker's own`
  if (/\.\.|--/.test(name)) return 'has two separators in a row'
  if (/[^a-z0-9.-]/.test(name)) return 'has other characters than lower-case letters, digits, dots and hyphens'
  if (!/^[a-z]/.test(name)) return 'does not begin with a letter'
  if (!/[a-z0-9]$/.test(name)) return 'ends in a separator'
  return undefined
}
