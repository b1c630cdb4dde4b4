import { shelllessOf } from '../../contents.js'
import type { Peers, Problem } from '../../model.js'
import { rule } from '../../rule.js'
import { plainWordsOf, toExecForm } from '../../shell-form.js'

export default rule({
  id: 'dockerfile/no-shell',
  title: 'Command needs a shell that the image does not have',
  why: 'The shell form is read by /bin/sh. Where there is none, RUN ends the build, the container does not start, and a health check fails for ever.',
  fix: 'Write a JSON array that starts a program of the image, or do the work in a stage that has a shell.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'safe',
  over: 'dockerfile',

  *check(dockerfile) {
    for (const [instruction, base] of shelllessOf(dockerfile)) {
      const { keyword, keywordAt, brokenJson } = instruction
      // It is meant as JSON, and mended as such.
      if (brokenJson) continue
      const words = keyword === 'RUN' ? undefined : plainWordsOf(instruction)
      const problem: Problem = {
        at: keywordAt,
        message: `${base} has no shell: ${CONSEQUENCES[keyword]}`,
        ...(PEERS[keyword] && { peers: PEERS[keyword] }),
        ...(words && { edits: [toExecForm(instruction, words)] })
      }
      yield problem
    }
  },

  bad: {
    Dockerfile: `FROM gcr.io/distroless/static:nonroot
COPY server /server
CMD /server --port 8080
`
  },
  good: {
    Dockerfile: `FROM gcr.io/distroless/static:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY server /server
USER 65532
HEALTHCHECK --interval=30s --timeout=5s CMD ["/server", "health"]
CMD ["/server", "--port", "8080"]
`,
    '.dockerignore': `.git
.env*
`
  }
})

const CONSEQUENCES: Record<string, string> = {
  RUN: 'the build fails here',
  CMD: 'the container does not start',
  ENTRYPOINT: 'the container does not start',
  HEALTHCHECK: 'the container never becomes healthy'
}

/** Those who ask for the exec form everywhere. */
const PEERS: Record<string, Peers> = {
  CMD: { hadolint: 'DL3025', buildkit: 'JSONArgsRecommended' },
  ENTRYPOINT: { hadolint: 'DL3025', buildkit: 'JSONArgsRecommended' },
  HEALTHCHECK: { hadolint: 'DL3025' }
}
