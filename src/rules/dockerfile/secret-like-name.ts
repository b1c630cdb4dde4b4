import { isAccountName, isSecretName, isWarnedName } from '../../data/secrets.js'
import { copiedLoginsOf, givingOf, isForUse, peersOfName, shippedOf } from '../../image-secrets.js'
import type { Dockerfile, Stage, Variable } from '../../model.js'
import { rule } from '../../rule.js'
import { type Acting, actingOf, chainOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/secret-like-name',
  title: 'Variable is named like a secret',
  why: 'Builders warn of such names, and the next one to set the variable may well put a secret in it that stays in the image.',
  fix: 'Name what it is (KEY_COLUMN becomes ID_COLUMN), or hand the secret over by RUN --mount=type=secret.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'repo',

  *check(repo) {
    for (const dockerfile of repo.dockerfiles) {
      const shipped = shippedOf(repo, dockerfile)
      const last = dockerfile.stages.at(-1)
      const ends = new Set(last && chainOf(last))
      const copied = new Set(copiedLoginsOf(dockerfile, shipped).map(({ variable }) => variable))
      for (const acting of actingOf(dockerfile, 'ARG', 'ENV'))
        for (const pair of acting.instruction.pairs) {
          const name = pair.name.value
          if (!isSecretName(name) && !isWarnedName(name) && !isAccountName(name)) continue
          if (copied.has(pair) || isToldElsewhere(acting, pair, dockerfile, shipped, ends)) continue
          const ships = acting.written.stage !== undefined && shipped.has(acting.written.stage)
          const kept = ships ? `, and ${KEPT[acting.instruction.keyword]}` : ''
          const message = `${name.slice(0, 60)} is named like a secret${kept}`
          yield { at: pair.name.at, message, peers: peersOfName(name, acting, dockerfile) }
        }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ENV KEY_COLUMN=id
USER 65532
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ENV ID_COLUMN=id
USER 65532
HEALTHCHECK NONE
`
  }
})

const KEPT: Record<string, string> = {
  ARG: 'arguments stay in the history of the image',
  ENV: 'variables stay in the image'
}

/** Are dockerfile/secret-in-image or dockerfile/secret-as-build-argument the ones to speak? */
function isToldElsewhere(
  acting: Acting,
  pair: Variable,
  dockerfile: Dockerfile,
  shipped: Set<Stage>,
  ends: Set<Stage>
): boolean {
  const giving = givingOf(acting.instruction.keyword, pair)
  if (giving === 'token') return true
  if (giving === 'secret' || giving === 'guessable') return isForUse(acting, dockerfile, shipped)
  if (giving === undefined) return false
  return acting.written.stage !== undefined && ends.has(acting.written.stage)
}
