import type { Problem } from '../../model.js'
import { severityOf } from '../../query.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/shellcheck',
  title: 'ShellCheck has something to say about a RUN',
  why: 'What the shell makes of a line is often not what it looks like: unquoted variables, lost failures, syntax of another shell.',
  fix: 'The page of each code says what to write: https://www.shellcheck.net/wiki/. What is meant so is kept by an ignore comment above the RUN.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'strict',
  over: 'repo',
  linter: 'shellcheck',

  *check({ dockerfiles, lints }) {
    for (const { instruction } of dockerfiles.flatMap(file => actingOf(file, 'RUN')))
      for (const lint of (instruction.script && lints.get(instruction.script)) ?? []) {
        const { code, message, at } = lint
        if (!code || OFF.has(code)) continue
        const problem: Problem = { at, message: `${code}: ${message.replace(/\.$/, '')}`, peers: { hadolint: code } }
        yield { ...problem, severity: severityOf(lint) }
      }
  },

  bad: {
    Dockerfile: `FROM alpine:3.22@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN gzip $(ls /srv/data)
USER nobody
`
  },
  good: {
    Dockerfile: `FROM alpine:3.22@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN gzip /srv/data/*
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

// Files that a script reads in are not at hand, and ash and dash know more than the strictest sh: `SC2187` only says so.
const OFF = new Set(['SC1090', 'SC1091', 'SC2187'])
