import { guardedBranch, isOff, nameOf, unreadSetting, WHOLE } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/unresolved-conversations',
  title: 'Pull requests can be merged with open conversations',
  why: 'A question that a reviewer asked can be merged past unanswered.',
  fix: 'Require conversation resolution before merging.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  profile: 'regulated',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    if (!branch) return
    const setting = branch.conversationResolution
    if (setting.is === 'unknown') yield unreadSetting(setting)
    if (!isOff(setting)) return
    yield {
      at: WHOLE,
      message: `${nameOf(branch)} takes pull requests whose conversations are open`,
      key: 'unresolved-conversations'
    }
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'test', appId: 15368 }],
      conversationResolution: false
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'ci/test', appId: 67 }],
      conversationResolution: true
    }
  }
})
