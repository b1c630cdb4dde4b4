import { callsByManager, flagOf, type Manager } from '../../packages.js'
import { namesOf, unpinnedOf } from '../../pins.js'
import { rule } from '../../rule.js'
import { actingOf, wordValuesOf } from '../../stages.js'

const HADOLINT: Partial<Record<Manager, string>> = {
  pip: 'DL3013',
  pipx: 'DL3013',
  npm: 'DL3016',
  gem: 'DL3028',
  go: 'DL3062'
}

export default rule({
  id: 'dockerfile/unpinned-library',
  title: 'Library or tool is installed in its newest version',
  why: 'Each build without a cache takes what was released last: two builds of one commit differ, and a release that breaks or that was taken over reaches you unseen.',
  fix: 'Name the version, or install from a lock file, which also says what is in it by its hash.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'dockerfile',
  group: 'pins',
  options: {
    allow: {
      type: 'strings',
      default: [],
      about: 'Packages that may come in any version.'
    }
  },

  *check(dockerfile, options) {
    const allow = new Set(Array.isArray(options.allow) ? options.allow.map(String) : [])
    for (const { instruction, written } of actingOf(dockerfile, 'RUN')) {
      const textOf = wordValuesOf(dockerfile, written.stage)
      for (const [manager, calls] of callsByManager(instruction)) {
        const found = calls.flatMap(call =>
          unpinnedOf(call, textOf).filter(({ kind, name }) => kind === 'library' && !allow.has(name))
        )
        const [first] = found
        if (!first) continue
        // hadolint takes a file of requirements for an answer to everything beside it.
        const beside = calls.some(call => flagOf(call, '-r', '--requirement'))
        const hadolint = beside ? undefined : HADOLINT[manager]
        yield {
          at: first.word.at,
          message: `${namesOf(found)} in the version that is newest at each build`,
          ...(hadolint && { peers: { hadolint } })
        }
      }
    }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN npm install --global pm2
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN npm install --global pm2@6.0.13
USER 1000
`,
    '.dockerignore': `.git
`
  }
})
