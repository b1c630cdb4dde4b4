import type { Manifest, PodContainer, Repo, Unit } from '../../model.js'
import { rule } from '../../rule.js'

const pod = (probes: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: web
          image: registry.example.com/shop:1.4.2
          ports:
            - containerPort: 8080
${probes}`
const READY = '          readinessProbe:\n            httpGet: { path: /ready, port: 8080 }\n'
const ALIVE = '          livenessProbe:\n            httpGet: { path: /alive, port: 8080 }\n'

export default rule({
  id: 'pull-request/health-check-removed',
  title: 'The pull request takes a probe from what goes on running',
  why: 'What asked it whether it is well asks no longer, and its next illness is found by its users.',
  fix: 'Keep the probe, with longer times where it fails too soon.',
  severity: 'warning',
  topic: 'health',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const { diff, base } = repo
    if (!diff || !base) return
    // Where no check is left, the rules on health checks say so.
    const ill = new Set(repo.units.filter(({ health }) => health === 'no').map(({ at }) => `${at.path}\0${at.line}`))
    const before = new Map(containersOf(base).map(({ key, container }) => [key, container]))
    for (const { key, manifest, container } of containersOf(repo)) {
      const { at } = container
      const old = before.get(key)
      const lost = old && PROBES.filter(name => old.probes[name] && !container.probes[name])
      const said = [at, container.name?.at].some(place => place && ill.has(`${place.path}\0${place.line}`))
      if (!lost?.length || said) continue
      const names = lost.map(name => `${name}Probe`).join(' and ')
      const who = `${container.name?.value} of ${manifest.kind.value} ${manifest.name?.value}`
      const message = `${names} of ${who} ${lost.length > 1 ? 'are' : 'is'} removed`
      yield { at: container.name?.at ?? at, message, key: `probes ${key}` }
    }
    const known = new Map(base.units.map(unit => [keyOf(unit), unit]))
    for (const unit of repo.units) {
      if (unit.health !== 'unknown' || known.get(keyOf(unit))?.health !== 'yes') continue
      yield {
        at: unit.at,
        message: `${unit.name} had a health check before this pull request, and whether it has one now is not known: ${unit.why}`,
        severity: 'note',
        key: `health ${keyOf(unit)}`
      }
    }
  },

  bad: {
    base: { 'deploy/shop.yaml': pod(READY + ALIVE) },
    head: { 'deploy/shop.yaml': pod(ALIVE) }
  },
  good: {
    base: { 'deploy/shop.yaml': pod(READY + ALIVE) },
    head: { 'deploy/shop.yaml': pod(READY + ALIVE.replace('/alive', '/live')) }
  }
})

// A startup probe only gives time to the other two.
const PROBES = ['readiness', 'liveness'] as const

interface Found {
  key: string
  manifest: Manifest
  container: PodContainer
}

/** Containers of named objects that run on, by file, object and name. */
function containersOf({ manifests }: Repo): Found[] {
  return manifests.flatMap(manifest => {
    if (!manifest.name || manifest.pod?.runs !== 'long') return []
    const object = [manifest.path, manifest.kind.value, manifest.namespace?.value, manifest.name.value].join('\0')
    return manifest.pod.containers.flatMap(container =>
      container.name && !container.init ? { key: `${object}\0${container.name.value}`, manifest, container } : []
    )
  })
}

const keyOf = ({ kind, name, at }: Unit) => `${kind}\0${at.path}\0${name}`
