import { rule } from '../../rule.js'
import { saysPlatform } from '../../stages.js'

export default rule({
  id: 'dockerfile/constant-platform',
  title: 'Stage is fixed to one platform',
  why: 'On every other platform the build or the image runs under emulation, slowly or not at all, and docker build --platform changes nothing.',
  fix: 'Drop --platform, or take $BUILDPLATFORM for a stage that cross-compiles. Where one platform is meant, say so in the name of the stage: AS build-amd64.',
  severity: 'note',
  topic: 'correctness',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['platform'],
  peers: { hadolint: 'DL3029', buildkit: 'FromPlatformFlagConstDisallowed' },

  *check({ stages }) {
    for (const stage of stages) {
      const flag = stage.from.flags.find(({ name }) => name === 'platform')
      if (!flag?.value.value || flag.value.value.includes('$') || saysPlatform(stage)) continue
      yield { at: flag.at, message: `the stage is for ${flag.value.value} whatever the build asks for` }
    }
  },

  bad: {
    Dockerfile: `FROM --platform=linux/amd64 acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM --platform=$BUILDPLATFORM golang:1.26@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d AS build
ARG TARGETARCH
WORKDIR /src
COPY main.go go.mod ./
RUN GOARCH=$TARGETARCH go build -o /report .

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
