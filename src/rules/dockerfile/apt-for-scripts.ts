import type { Edit } from '../../model.js'
import { type PackageCall, packageCallsOf } from '../../packages.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/apt-for-scripts',
  title: 'Script calls apt instead of apt-get',
  why: 'apt is made for people at a terminal: it warns in every log that its interface may change, and it does.',
  fix: 'Call apt-get, or apt-cache for what is known of packages.',
  severity: 'note',
  topic: 'reliability',
  preset: 'strict',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['apt'],
  peers: { hadolint: 'DL3027', 'checkov-dockerfile': 'CKV_DOCKER_9' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN')) {
      const found = packageCallsOf(instruction).filter(({ manager }) => manager === 'apt')
      const [first] = found
      if (!first) continue
      yield {
        at: first.program.at,
        message: 'apt warns that its interface is not stable; apt-get takes the same words and stays as it is',
        edits: found.flatMap(editsFor)
      }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt update && apt install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt-get update && apt-get install -y --no-install-recommends git=1:2.47.3-0+deb13u1 && rm -rf /var/lib/apt/lists/*
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

/** Subcommands that mean the same elsewhere. */
const PROGRAMS: Record<string, string | undefined> = Object.assign(Object.create(null), {
  install: 'apt-get',
  reinstall: 'apt-get',
  remove: 'apt-get',
  purge: 'apt-get',
  autoremove: 'apt-get',
  update: 'apt-get',
  upgrade: 'apt-get',
  'full-upgrade': 'apt-get',
  'dist-upgrade': 'apt-get',
  'build-dep': 'apt-get',
  source: 'apt-get',
  download: 'apt-get',
  clean: 'apt-get',
  autoclean: 'apt-get',
  show: 'apt-cache',
  search: 'apt-cache',
  policy: 'apt-cache'
})

function editsFor({ program, verb, packages }: PackageCall): Edit[] {
  const word = verb ?? packages[0]
  const other = word && PROGRAMS[word.value]
  if (!other || program.value !== 'apt') return []
  const edits = [{ at: program.at, text: other }]
  return word.value === 'full-upgrade' ? [...edits, { at: word.at, text: 'dist-upgrade' }] : edits
}
