import type { Peers } from '../../model.js'
import { type PackageCall, packageCallsOf } from '../../packages.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/upgrade-in-build',
  title: 'Build upgrades the packages of its base image',
  why: 'What comes out depends on the day of the build, the replaced files stay in the layers below, and the build cache keeps the upgrade of months ago.',
  fix: 'Raise the tag or digest of the base image, which bots do by themselves; keep this where fixes must come before the base image has them.',
  severity: 'note',
  topic: 'reliability',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['upgrade', 'update', 'up', 'patch'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN')) {
      const calls = packageCallsOf(instruction)
      const index = calls.findIndex(isUpgrade)
      const found = calls[index]
      if (!found?.verb) continue
      const { manager, verb } = found
      yield {
        at: verb.at,
        message: `${manager} ${verb.value} brings all packages to what is newest on the day of the build`,
        peers: calls.slice(index).some(({ action }) => action === 'install') ? {} : peersOf(found)
      }
    }
  },

  bad: {
    Dockerfile: `FROM fedora:43@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN dnf upgrade -y && dnf clean all
USER nobody
`
  },
  good: {
    Dockerfile: `FROM fedora:43@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
USER 65534
`
  }
})

const SYSTEM = new Set(['apt-get', 'apt', 'aptitude', 'apk', 'yum', 'dnf', 'microdnf', 'zypper', 'pacman'])
const isUpgrade = ({ manager, action, packages }: PackageCall): boolean =>
  SYSTEM.has(manager) && action === 'upgrade' && !packages.length

/** Others take it for an update of the index. */
function peersOf({ verb }: PackageCall): Peers {
  if (verb?.value === 'update') return { 'trivy-docker': 'DS-0017', 'checkov-dockerfile': 'CKV_DOCKER_5' }
  return verb?.value === 'up' ? { 'trivy-docker': 'DS-0017' } : {}
}
