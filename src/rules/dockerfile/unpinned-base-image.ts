import type { Peers, Problem, Repo, Stage } from '../../model.js'
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

  *check(repo) {
    const own = builtHere(repo)
    for (const stage of repo.dockerfiles.flatMap(dockerfile => dockerfile.stages)) {
      const problem = problemOf(stage, own)
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
  return new Set(names.map(name => partsOf(name).name))
}

/** An image's name and tag; the colon of a registry's port is none of a tag. */
function partsOf(image: string): { name: string; tag?: string } {
  const colon = image.indexOf(':', image.lastIndexOf('/') + 1)
  return colon < 0 ? { name: image } : { name: image.slice(0, colon), tag: image.slice(colon + 1) }
}

function problemOf({ base, image }: Stage, own: Set<string>): Problem | undefined {
  // A stage of this file, or a variable whose value only the build knows.
  if (base === undefined || base.toLowerCase() === 'scratch' || base.includes('@')) return undefined
  const { name, tag } = partsOf(base)
  if (!name || own.has(name) || (tag !== undefined && tag !== 'latest')) return undefined
  const peers: Peers = { 'trivy-docker': 'DS-0001', 'checkov-dockerfile': 'CKV_DOCKER_7' }
  const byDefault = image.value === base ? '' : ' by default'
  if (!byDefault) peers.hadolint = tag === undefined ? 'DL3006' : 'DL3007'
  const is = tag === undefined ? `${base} has no tag` : `${base} is a moving tag`
  return { at: image.at, message: `${is}${byDefault}: each build takes what was pushed last`, key: name, peers }
}
