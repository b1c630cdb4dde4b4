import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/blank-line-in-instruction',
  title: 'Blank line inside a continued instruction',
  why: 'It reads as the end of the instruction and is not. Docker warns that a later version will refuse it.',
  fix: 'Remove the line, or write # on it.',
  severity: 'note',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',
  peers: { buildkit: 'NoEmptyContinuation' },

  *check({ instructions }) {
    for (const { blanks, body, keyword } of instructions) {
      const [first] = blanks
      if (!first) continue
      const line = first.line === blanks.at(-1)!.line ? `line ${first.line}` : `lines ${first.line} and following`
      // Docker names the last line of the instruction, which is where it notices.
      const length = body.value.length
      const at = length ? body.part(length - 1, length) : first
      const edits = blanks.map(blank => ({ at: blank, text: '' }))
      yield { at, message: `${keyword} goes on to here over a blank line (${line})`, edits }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh \\

  /usr/local/bin/report
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
