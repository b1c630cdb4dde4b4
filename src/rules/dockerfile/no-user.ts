import { imageFacts } from '../../data/base-images.js'
import type { Peers } from '../../model.js'
import { rule } from '../../rule.js'
import { finalStage, stateOf, userOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/no-user',
  title: 'Image does not say who it runs as',
  why: 'Without USER the base image decides, and most base images are root.',
  fix: 'Set USER, a number where Kubernetes is to check runAsNonRoot.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'dockerfile',

  *check(dockerfile) {
    const stage = finalStage(dockerfile)
    if (!stage || userOf(dockerfile, stage).by) return
    const { base, cmd, entrypoint, exposes } = stateOf(stage)
    // A known account is as good as USER; a server that is root is dockerfile/root-user's matter.
    const known = base === undefined ? undefined : imageFacts(base)?.user
    if (known !== undefined && (known !== 'root' || (exposes.length && (cmd || entrypoint)))) return
    const message = `no USER is set: ${stage.image.value} decides who the image runs as`
    // Any USER in the file, of a builder too, is enough for checkov.
    const named = dockerfile.instructions.some(({ keyword }) => keyword === 'USER')
    const peers: Peers = { 'trivy-docker': 'DS-0002', ...(!named && { 'checkov-dockerfile': 'CKV_DOCKER_3' }) }
    yield { at: stage.image.at, message, peers }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
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
