import { imageNameOf } from '../../images.js'
import type { Peers, Problem, Repo, Stage, Text } from '../../model.js'
import { stepsOf } from '../../query.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/unpinned-base-image',
  title: 'Base image has no version',
  why: 'Without a tag, or with latest, each build takes whatever was pushed last: two builds of one commit differ, and a bad push reaches you unseen.',
  fix: 'Name a version tag, best with its digest: `image:1.2.3@sha256:…`. Dependabot and Renovate keep both up to date.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'repo',
  group: 'pins',
  options: {
    pin: {
      type: 'string',
      default: 'tag',
      about: '`digest` asks for image:tag@sha256:… in every FROM; `tag` for any tag but latest.'
    }
  },

  *check(repo, { pin }) {
    const policy: Policy = { own: builtHere(repo), wantsDigest: pin === 'digest' }
    for (const stage of repo.dockerfiles.flatMap(dockerfile => dockerfile.stages)) {
      const problem = problemOf(stage, policy)
      if (problem) yield problem
    }
  },

  bad: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`
  },
  good: {
    Dockerfile: `FROM nginxinc/nginx-unprivileged:1.29.3@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY site /usr/share/nginx/html
HEALTHCHECK --interval=30s --timeout=5s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/"]
`,
    '.dockerignore': `.git
`
  }
})

/** Names of images that this repository builds: what they are based on is pinned where they are built. */
function builtHere(repo: Repo): Set<string> {
  const names = repo.composes.flatMap(compose =>
    compose.services.flatMap(({ image, build }) => (image && build ? [image.value] : []))
  )
  for (const { run } of repo.workflows.flatMap(stepsOf)) {
    if (!run?.text.value.includes('docker')) continue
    for (const { words } of run.commands.filter(command => command.name === 'docker'))
      for (const [index, { value }] of words.entries())
        if (value === '-t' || value === '--tag') names.push(words[index + 1]?.value ?? '')
  }
  return new Set(
    names.flatMap(written => {
      const { name } = imageNameOf(written)
      return /[${}]/.test(name) ? [name, name.slice(name.lastIndexOf('/') + 1)] : [name]
    })
  )
}

interface Policy {
  /** Names of images that this repository builds. */
  own: Set<string>
  wantsDigest: boolean
}

function problemOf(stage: Stage, policy: Policy): Problem | undefined {
  const { base, image, parent } = stage
  if (parent) return undefined
  if (base === undefined) return problemOfEnd(image, policy)
  if (base.toLowerCase() === 'scratch') return undefined
  const { name, tag, digest } = imageNameOf(base)
  if (!name || digest !== undefined || policy.own.has(name)) return undefined
  const byDefault = image.value === base ? '' : ' by default'
  if (tag === undefined || tag === 'latest') {
    const peers: Peers = { 'trivy-docker': 'DS-0001', 'checkov-dockerfile': 'CKV_DOCKER_7' }
    if (!byDefault) peers.hadolint = tag === undefined ? 'DL3006' : 'DL3007'
    const is = tag === undefined ? `${base} has no tag` : `${base} is a moving tag`
    return { at: image.at, message: `${is}${byDefault}: each build takes what was pushed last`, key: name, peers }
  }
  if (!policy.wantsDigest) return undefined
  const message = `${base} has no digest${byDefault}: the tag can be pushed again`
  return { at: image.at, message, key: `${name}:${tag}` }
}

/** `$REGISTRY/node` has no tag, whatever the registry is. */
function problemOfEnd(image: Text, { own }: Policy): Problem | undefined {
  const end = image.value.slice(image.value.lastIndexOf('/') + 1)
  if (!end || end === image.value || /[${}@]/.test(end)) return undefined
  const { name, tag } = imageNameOf(end)
  if ((tag !== undefined && tag !== 'latest') || own.has(name)) return undefined
  const is = tag === undefined ? `${end} has no tag` : `${end} is a moving tag`
  return {
    at: image.at,
    message: `${is}, wherever it comes from: each build takes what was pushed last`,
    key: image.value.slice(0, image.value.length - end.length) + name,
    peers: { 'trivy-docker': 'DS-0001', 'checkov-dockerfile': 'CKV_DOCKER_7' }
  }
}
