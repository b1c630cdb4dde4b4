import { unbuiltOf } from '../../build-targets.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/unused-stage',
  title: 'No build makes a stage',
  why: 'The last stage takes nothing from it, so Docker skips it without a word: it breaks unseen, and what it makes is missing.',
  fix: 'Copy from it, build it with --target, or remove it.',
  severity: 'note',
  topic: 'correctness',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    const { stages, unknown } = unbuiltOf(repo)
    // What only an unused stage needs goes with it.
    const needed = new Set(stages.flatMap(({ stage }) => stage.needs))
    for (const { dockerfile, stage } of stages) {
      if (needed.has(stage)) continue
      if (unknown !== undefined) {
        yield { what: 'targets of docker build', reason: unknown, at: stage.from.at }
        return
      }
      const name = stage.name ? `stage ${stage.name.value}` : `stage ${stage.index}`
      const last = dockerfile.stages.at(-1)!
      const at = stage.name?.at ?? stage.image.at
      yield {
        at,
        message: `the last stage (line ${last.from.at.line}) needs nothing of ${name}, and no build has it for target`
      }
    }
  },

  bad: {
    Dockerfile: `FROM acme/compiler:3.1.0@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
COPY report.c .
RUN cc -o /report report.c

FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM acme/compiler:3.1.0@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
WORKDIR /src
COPY report.c .
RUN cc -o /report report.c

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
