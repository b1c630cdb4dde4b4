import type { Dockerfile, Instruction, Stage } from '../../model.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'dockerfile/user-by-name',
  title: 'USER is a name that Kubernetes cannot check',
  why: 'With runAsNonRoot the kubelet does not start a container whose image names its user: it cannot know which UID the name has.',
  fix: 'Write the number (USER 1000), or set runAsUser where the image is run.',
  severity: 'note',
  topic: 'security',
  preset: 'all',
  over: 'dockerfile',
  mentions: ['user'],
  peers: { hadolint: 'DL3066' },

  *check(dockerfile) {
    for (const { args } of lastUsersOf(dockerfile)) {
      const [written] = args
      if (!written) continue
      const [user = ''] = written.value.split(':')
      // Windows has no numbers, and for root the name is not what is wrong.
      if (!user || /^\d+$|\$|^root$|^Container(User|Administrator)$|\\/i.test(user)) continue
      yield { at: written.at, message: `runAsNonRoot of Kubernetes cannot tell that ${user.slice(0, 40)} is not root` }
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
USER app
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
USER 1000:1000
HEALTHCHECK NONE
`
  }
})

/** The USER that holds at the end of each stage that no other stage needs; without stages the last one. */
function lastUsersOf({ stages, instructions }: Dockerfile): Iterable<Instruction> {
  const isUser = ({ keyword, args }: Instruction) => keyword === 'USER' && args.length > 0
  if (!stages.length) return instructions.filter(isUser).slice(-1)
  const needed = new Set(stages.flatMap(stage => [...stage.needs, ...(stage.parent ? [stage.parent] : [])]))
  const users = new Map<Stage, Instruction>()
  const last = new Set<Instruction>()
  // A parent always stands before its child.
  for (const stage of stages) {
    const user = stage.instructions.findLast(isUser) ?? (stage.parent && users.get(stage.parent))
    if (!user) continue
    users.set(stage, user)
    if (!needed.has(stage)) last.add(user)
  }
  return last
}
