import { rule } from '../../rule.js'
import { copyOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/copy-from-itself',
  title: 'Stage copies from itself',
  why: 'A stage cannot wait for its own result: the build fails.',
  fix: 'Name the stage that has the files, or move them with RUN cp.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',
  mentions: ['as'],
  peers: { hadolint: 'DL3023', 'trivy-docker': 'DS-0006' },

  *check({ stages }) {
    for (const { name, instructions } of stages) {
      if (!name) continue
      for (const instruction of instructions) {
        const from = instruction.keyword === 'COPY' ? copyOf(instruction)?.from : undefined
        if (from?.value.value.toLowerCase() !== name.value.toLowerCase()) continue
        yield { at: from.at, message: `${name.value} is this stage (line ${name.at.line}): the build fails` }
      }
    }
  },

  bad: {
    Dockerfile: `FROM golang:1.25.4@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
COPY . /src/
COPY --from=build /src/app /app
`
  },
  good: {
    Dockerfile: `FROM golang:1.26.4@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY . .
RUN go build -o /app .

FROM gcr.io/distroless/static-debian12:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /app /app
HEALTHCHECK NONE
ENTRYPOINT ["/app"]
`,
    '.dockerignore': `.git
`
  }
})
