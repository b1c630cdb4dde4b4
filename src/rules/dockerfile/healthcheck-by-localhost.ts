import { imageFacts } from '../../data/base-images.js'
import type { Dockerfile, Edit, Stage } from '../../model.js'
import { healthchecksOf, probesOf, type Target } from '../../probes.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/healthcheck-by-localhost',
  title: 'Health check of a busybox image asks localhost',
  why: 'The wget of busybox tries ::1 first and nothing after it: a server that listens on IPv4 alone is never healthy.',
  fix: 'Ask 127.0.0.1.',
  severity: 'note',
  topic: 'health',
  preset: 'all',
  edits: 'suggested',
  over: 'dockerfile',
  mentions: ['healthcheck'],

  *check(dockerfile) {
    const withBusybox = busyboxOf(dockerfile)
    for (const { instruction, written } of healthchecksOf(dockerfile))
      for (const { tool, targets } of probesOf(instruction))
        for (const target of targets) {
          if (tool !== 'wget' || target.host !== 'localhost' || !written.stage || !withBusybox.has(written.stage))
            continue
          const edit = byNumber(target)
          yield {
            at: target.word.at,
            message: 'the wget of busybox takes localhost for ::1 first: 127.0.0.1 is sure',
            ...(edit && { edits: [edit] })
          }
        }
  },

  bad: {
    Dockerfile: `FROM alpine:3.22
COPY server /usr/local/bin/server
HEALTHCHECK --interval=30s --timeout=5s CMD ["wget", "-q", "-O", "/dev/null", "http://localhost:8080/"]
CMD ["server"]
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

/** Stages whose wget is the one of busybox: the base says so, and no other is installed. */
function busyboxOf({ stages }: Dockerfile): Set<Stage> {
  const found = new Set<Stage>()
  for (const stage of stages) {
    const { base, parent, instructions } = stage
    const tools = base === undefined ? undefined : imageFacts(base)?.tools
    const starts = parent ? found.has(parent) : tools?.includes('busybox-wget') && !tools.includes('wget')
    const installs = instructions.some(({ keyword, body }) => keyword === 'RUN' && body.value.includes('wget'))
    if (starts && !installs) found.add(stage)
  }
  return found
}

/** Where the word stands as it is written, quotes apart. */
function byNumber({ word, hostAt }: Target): Edit | undefined {
  const { line, column, endLine, endColumn } = word.at
  const quotes = endColumn - column - word.value.length
  if (line !== endLine || (quotes !== 0 && quotes !== 2)) return undefined
  const from = column + quotes / 2 + hostAt
  return { at: { ...word.at, column: from, endColumn: from + 'localhost'.length }, text: '127.0.0.1' }
}
