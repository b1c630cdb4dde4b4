import { rule } from '../../rule.js'
import { actingOf, bare, copyOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/unchecked-download',
  title: 'ADD downloads without a checksum',
  why: 'Whatever the server sends that day is in the image: a changed or replaced file goes unseen.',
  fix: 'Add --checksum=sha256:… with the sum of the file that you looked at.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'strict',
  over: 'dockerfile',
  peers: { 'checkov-dockerfile': 'CKV_DOCKER_4' },

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'ADD')) {
      if (instruction.flags.some(({ name }) => name === 'checksum')) continue
      const source = copyOf(instruction)?.sources.find(({ value }) => isDownload(bare(value)))
      if (source) yield { at: source.at, message: `nothing checks what ${bare(source.value)} sends` }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ADD https://example.com/tool-1.4.2 /usr/local/bin/tool
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --chmod=755 tool /usr/local/bin/tool
USER nobody
`,
    '.dockerignore': `.git
`
  }
})

/** A file, not a repository: those are named by a commit or a branch. */
const isDownload = (source: string): boolean => /^https?:\/\//i.test(source) && !/\.git([#?]|$)/i.test(source)
