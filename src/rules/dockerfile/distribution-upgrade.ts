import type { Peers } from '../../model.js'
import { type Manager, packageCallsOf } from '../../packages.js'
import { rule } from '../../rule.js'
import { actingOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/distribution-upgrade',
  title: 'Build upgrades the whole distribution',
  why: 'It may remove packages and bring in others, so the image is no longer the one that FROM names, and every build may give another.',
  fix: 'Raise the tag or digest of the base image and build again; upgrade single packages where one has to be newer.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'strict',
  over: 'dockerfile',
  mentions: ['upgrade', 'distro', 'dsync', 'distribution', 'dup'],

  *check(dockerfile) {
    for (const { instruction } of actingOf(dockerfile, 'RUN')) {
      const found = packageCallsOf(instruction).find(({ action }) => action === 'dist-upgrade')
      if (!found?.verb) continue
      const { manager, verb } = found
      yield {
        at: verb.at,
        message: `${manager} ${verb.value} may add and remove packages of the base image`,
        peers: PEERS[manager] ?? {}
      }
    }
  },

  bad: {
    Dockerfile: `FROM debian:13-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
RUN apt-get update && apt-get dist-upgrade -y && rm -rf /var/lib/apt/lists/*
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13.1-slim@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
USER 65534
`
  }
})

const PEERS: Partial<Record<Manager, Peers>> = {
  'apt-get': { 'trivy-docker': 'DS-0024' },
  zypper: { hadolint: 'DL3035' }
}
