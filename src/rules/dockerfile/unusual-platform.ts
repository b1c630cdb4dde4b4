import { rule } from '../../rule.js'
import { saysPlatform } from '../../stages.js'

export default rule({
  id: 'dockerfile/unusual-platform',
  title: 'Platform of a stage is neither that of the build nor that of the target',
  why: 'Whoever builds for another platform has to know a variable or a stage of this file, since docker build --platform does not reach it.',
  fix: 'Take $BUILDPLATFORM or leave --platform out.',
  severity: 'note',
  topic: 'style',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['platform'],
  peers: { hadolint: 'DL3029' },

  *check({ stages }) {
    for (const stage of stages) {
      const flag = stage.from.flags.find(({ name }) => name === 'platform')
      const platform = flag?.value.value
      if (!flag || !platform || platform.includes('BUILDPLATFORM') || platform.includes('TARGETPLATFORM')) continue
      if (platform.includes('$'))
        yield { at: flag.at, message: `${platform} decides on the platform, not docker build --platform` }
      else if (saysPlatform(stage))
        yield { at: flag.at, message: `the stage is for ${platform} alone, as its name says` }
    }
  },

  bad: {
    Dockerfile: `ARG TOOLS=linux/amd64
FROM --platform=$TOOLS acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
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
