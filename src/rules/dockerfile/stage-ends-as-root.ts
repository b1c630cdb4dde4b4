import { isPlainRoot, rootImagesOf, rootPeersOf } from '../../root-images.js'
import { keyOf, rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/stage-ends-as-root',
  title: 'Stage ends as root',
  why: 'What is built upon the stage later starts as root, and a builder that runs foreign build scripts as root gives them more than they need.',
  fix: 'Switch back to an account that is not root with a last USER, or leave USER root out of a stage that is only copied from.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'repo',

  *check(repo) {
    const reported = new Set(rootImagesOf(repo).flatMap(({ written }) => (written ? [keyOf(written.at)] : [])))
    for (const dockerfile of repo.dockerfiles) {
      for (const stage of dockerfile.stages) {
        const written = stage.instructions.findLast(({ keyword, args }) => keyword === 'USER' && args.length)?.args[0]
        if (!written || !isPlainRoot(written.value) || reported.has(keyOf(written.at))) continue
        const message = `the stage ${stage.name?.value ?? stage.index} ends as ${written.value}`
        yield { at: written.at, message, peers: rootPeersOf(dockerfile, stage, written) }
      }
    }
  },

  bad: {
    Dockerfile: `FROM golang:1.25@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
USER root
COPY main.go ./
RUN go build -o /bin/server main.go
FROM gcr.io/distroless/static:nonroot@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY --from=build /bin/server /server
ENTRYPOINT ["/server"]
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
USER root
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})
