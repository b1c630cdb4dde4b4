import { isImageName } from '../../images.js'
import type { Dockerfile } from '../../model.js'
import { rule } from '../../rule.js'
import { expand, PLATFORM_VARIABLES } from '../../stages.js'

export default rule({
  id: 'dockerfile/invalid-base-default',
  title: 'Base image is no image unless a build argument is given',
  why: 'docker build without --build-arg fails, and so do tools that read the file: update bots, scanners, editors.',
  fix: 'Give the ARG a default that is a version you support.',
  severity: 'note',
  topic: 'correctness',
  preset: 'strict',
  over: 'dockerfile',
  peers: { buildkit: 'InvalidDefaultArgInFrom' },

  *check(dockerfile) {
    const known = defaultsOf(dockerfile)
    const names = new Set<string>()
    for (const { image, name } of dockerfile.stages) {
      if (image.value.includes('$')) {
        const base = expand(image.value, variable => known.get(variable), dockerfile.escape, '')
        if (base !== undefined && !names.has(base.toLowerCase()) && !isImageName(base)) {
          const is = base ? `'${base.slice(0, 80)}', which is no image` : 'empty'
          yield { at: image.at, message: `with the defaults of its arguments the base image is ${is}` }
        }
      }
      if (name) names.add(name.value.toLowerCase())
    }
  },

  bad: {
    Dockerfile: `ARG RUNTIME
FROM acme/runtime:$RUNTIME
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `ARG RUNTIME=1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
FROM acme/runtime:$RUNTIME
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})

/** What the arguments above the first FROM are worth without --build-arg. */
function defaultsOf(dockerfile: Dockerfile): Map<string, string> {
  const known = new Map(PLATFORM_VARIABLES)
  for (const { name, value } of dockerfile.globals) {
    const worth = value && expand(value.value, variable => known.get(variable), dockerfile.escape, '')
    if (worth !== undefined) known.set(name.value, worth)
  }
  return known
}
