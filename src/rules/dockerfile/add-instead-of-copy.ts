import type { Peers, Problem } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf, bare, type Copy, copyOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/add-instead-of-copy',
  title: 'ADD does what COPY does',
  why: 'ADD also unpacks archives and downloads addresses: a file that becomes one of these changes what the build does, and readers must look twice.',
  fix: 'Write COPY. ADD is for archives that are to be unpacked, repositories and downloads.',
  severity: 'note',
  topic: 'correctness',
  preset: 'strict',
  edits: 'safe',
  over: 'dockerfile',
  mentions: ['add'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'ADD')) {
      const add = copyOf(instruction)
      if (!add?.sources.length || !add.sources.every(source => isPlain(bare(source.value)))) continue
      const { keywordAt, flags } = instruction
      const onlyAdd = flags.some(({ name }) => !BOTH.has(name))
      yield { ...problemOf(add), at: keywordAt, ...(!onlyAdd && { edits: [{ at: keywordAt, text: 'COPY' }] }) }
    }
  },

  bad: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ADD site/ /usr/share/nginx/html/
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`
  },
  good: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site/ /usr/share/nginx/html/
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `.git
`
  }
})

/** Flags that COPY has as well. */
const BOTH = new Set(['chown', 'chmod', 'link', 'exclude'])

const ARCHIVE = /\.(tar|tgz|tb2|tbz2?|tlz|tpz|txz|tz|z|gz|bz2|lz|lzma|xz|zst)$/i
const REMOTE = /^(https?:\/\/|git:\/\/|ssh:\/\/|git@)/i

/** A name whose kind shows: with a variable in it, it may be anything; with a wildcard at its end, archives too. */
const isPlain = (source: string): boolean =>
  !REMOTE.test(source) && !ARCHIVE.test(source) && !source.includes('$') && !/\*$/.test(source)

function problemOf({ sources }: Copy): Pick<Problem, 'message' | 'peers'> {
  const peers: Peers = { hadolint: 'DL3020', 'checkov-dockerfile': 'CKV_DOCKER_4' }
  if (!sources.some(({ value }) => value.includes('.tar'))) peers['trivy-docker'] = 'DS-0005'
  const [first, ...more] = sources
  const what = `${bare(first!.value)}${more.length ? ` and ${more.length} more` : ''}`
  return { message: `${what} is copied with ADD: there is nothing to unpack or download`, peers }
}
