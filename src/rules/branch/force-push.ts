import { guardedBranch, isOff, nameOf, unreadSetting, WHOLE } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/force-push',
  title: 'History of the target branch can be rewritten',
  why: 'A force push removes commits for everybody, reviewed ones and fixes among them, and leaves little trace.',
  fix: 'Block force pushes in the ruleset of the branch.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    if (!branch) return
    const setting = branch.forcePushBlocked
    if (setting.is === 'unknown') yield unreadSetting(setting)
    if (!isOff(setting)) return
    yield {
      at: WHOLE,
      message: `${nameOf(branch)} takes force pushes: its history can be rewritten`,
      key: 'force-push'
    }
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'test', appId: 15368 }],
      forcePushBlocked: false
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'ci/test', appId: 67 }],
      forcePushBlocked: true
    }
  }
})
