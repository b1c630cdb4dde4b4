import { unbuiltOf } from '../../build-targets.js'
import { doingsOf } from '../../commands.js'
import type { Command, Stage } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/tests-in-unbuilt-stage',
  title: 'Tests run in a stage that no build makes',
  why: 'Docker skips stages that nothing needs: the tests look as if they guarded the image, and never run.',
  fix: 'Build the stage in the workflow (docker build --target …), or let the last stage copy something from it.',
  severity: 'warning',
  topic: 'tests',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const { stages, unknown } = unbuiltOf(repo)
    for (const { stage } of stages) {
      const command = testOf(stage)
      if (!command) continue
      if (unknown !== undefined) {
        yield { what: 'targets of docker build', reason: unknown, at: command.at }
        return
      }
      const name = stage.name ? `stage ${stage.name.value}` : `stage ${stage.index}`
      yield {
        at: command.at,
        message: `${command.name} does not run: no build here makes ${name}, and the last stage needs nothing of it`
      }
    }
  },

  bad: {
    Dockerfile: `FROM golang:1.26@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY main.go main_test.go go.mod ./
RUN go build -o /report .

FROM build AS test
RUN go test ./...

FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /report /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM golang:1.26@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY main.go main_test.go go.mod ./
RUN go test ./... && go build -o /report .

FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /report /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})

/** The first test that building a stage runs. What its container would run is another matter. */
function testOf({ instructions }: Stage): Command | undefined {
  for (const { keyword, script } of instructions) {
    if (keyword !== 'RUN') continue
    const test = script?.commands.find(command => doingsOf(command).some(({ kind }) => kind === 'test'))
    if (test) return test
  }
  return undefined
}
