import { callsByManager, type Manager } from '../../packages.js'
import { namesOf, unpinnedOf } from '../../pins.js'
import { rule } from '../../rule.js'
import { actingOf, wordValuesOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/unpinned-package',
  title: 'Package of the system is installed without a version',
  why: 'Two builds of one commit may install different packages. A pin has its price: distributions drop old versions, and the build fails until somebody raises it.',
  fix: 'Name the version where a build must give the same image again; else pin the base image by its digest and leave this off.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'all',
  over: 'dockerfile',
  group: 'pins',
  options: {
    allow: { type: 'strings', default: [], about: 'Packages that may come in any version.' }
  },

  *check(dockerfile, options) {
    const allow = new Set(Array.isArray(options.allow) ? options.allow.map(String) : [])
    for (const { instruction, written } of actingOf(dockerfile, 'RUN')) {
      const textOf = wordValuesOf(dockerfile, written.stage)
      for (const [manager, calls] of callsByManager(instruction)) {
        const found = calls.flatMap(call =>
          unpinnedOf(call, textOf).filter(({ kind, name }) => kind !== 'library' && !allow.has(name))
        )
        const [first] = found
        if (!first) continue
        const hadolint = HADOLINT[manager]
        yield {
          at: first.word.at,
          message: `${namesOf(found)} in whatever version there is at each build`,
          ...(hadolint && { peers: { hadolint } })
        }
      }
    }
  },

  bad: {
    Dockerfile: `FROM alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apk add --no-cache git
USER nobody
`
  },
  good: {
    Dockerfile: `FROM alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apk add --no-cache git=2.49.1-r0
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

const HADOLINT: Partial<Record<Manager, string>> = {
  'apt-get': 'DL3008',
  apk: 'DL3018',
  yum: 'DL3033',
  dnf: 'DL3041',
  microdnf: 'DL3041',
  zypper: 'DL3037',
  pip: 'DL3013',
  npm: 'DL3016',
  gem: 'DL3028',
  go: 'DL3062'
}
