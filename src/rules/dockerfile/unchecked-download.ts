import { uncheckedDownloads } from '../../downloads.js'
import type { Problem } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/unchecked-download',
  title: 'Build runs a download without a look at it',
  why: 'Whoever controls that address, or the way to it, runs commands in the build and is in every image from then on.',
  fix: 'Name a fixed version, save it to a file and compare it before it runs: echo "<sha256>  file" | sha256sum -c, or ADD --checksum.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['curl', 'wget'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN'))
      for (const { at, runner, by, url, plain } of uncheckedDownloads(instruction.script?.commands ?? [])) {
        const what = url || `what ${by} gets`
        const problem: Problem = { at, message: `${runner} runs ${what} as it comes` }
        if (plain) yield { ...problem, message: `${problem.message}, without encryption`, severity: 'error' }
        else yield problem
      }
  },

  bad: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN curl -fsSL https://get.example.com/tool.sh | sh
USER node
`
  },
  good: {
    Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
RUN curl -fsSLo tool.sh https://get.example.com/1.4.2/tool.sh \\
    && echo "0f1d2c3b4a59687766554433221100ffeeddccbbaa99887766554433221100ff  tool.sh" | sha256sum -c \\
    && sh tool.sh
USER 1000
`,
    '.dockerignore': `.git
`
  }
})
