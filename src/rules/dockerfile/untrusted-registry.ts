import { DOCKER_HUB, imageNameOf } from '../../images.js'
import type { Dockerfile, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { sourcesOf } from '../../stages.js'
import { matchesId } from '../../words.js'

export default rule({
  id: 'dockerfile/untrusted-registry',
  title: 'Image comes from a registry that is not trusted',
  why: 'What the base image holds is in yours: whoever can push to that registry can change it.',
  fix: 'Take the image from a trusted registry, mirror it there, or add the registry to the option.',
  severity: 'error',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'dockerfile',
  peers: { hadolint: 'DL3026' },
  options: {
    registries: {
      type: 'strings',
      default: [],
      about: 'Registries that images may come from, with * at either end; docker.io for Docker Hub. Empty: any.'
    }
  },

  *check(dockerfile, options) {
    const trusted = (options.registries ?? []) as string[]
    if (!trusted.length) return
    for (const { text, image } of imagesOf(dockerfile)) {
      const { registry } = imageNameOf(image)
      const names = HUB.includes(registry) ? HUB : [registry]
      if (registry.includes('$') || trusted.some(pattern => names.some(name => matchesId(name, pattern)))) continue
      yield { at: text.at, message: `${registry.slice(0, 100)} is none of the trusted registries` }
    }
  },

  bad: {
    head: {
      Dockerfile: `FROM registry.example.org/acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
    },
    options: { registries: ['docker.io', '*.example.com'] }
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

/** Docker Hub under its names. */
const HUB = [DOCKER_HUB, 'hub.docker.com', 'index.docker.io', 'registry-1.docker.io']

/** Every image that a file takes something from: bases, and what COPY and mounts name beside the stages. */
function* imagesOf(dockerfile: Dockerfile): Iterable<{ text: Text; image: string }> {
  const stages = new Set<string>()
  for (const { base, image, parent, name } of dockerfile.stages) {
    // Of an image with unknown variables the host alone may be sure.
    const known = base ?? (/^[^/$]+\//.test(image.value) ? image.value : 'scratch')
    if (!parent && known.toLowerCase() !== 'scratch') yield { text: image, image: known }
    if (name) stages.add(name.value.toLowerCase())
  }
  for (const { name } of sourcesOf(dockerfile)) {
    const image = name.value
    if (image === '' || image.includes('$') || /^\d+$/.test(image) || stages.has(image.toLowerCase())) continue
    if (image.toLowerCase() !== 'scratch') yield { text: name, image }
  }
}
