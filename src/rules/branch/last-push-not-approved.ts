import { guardedBranch, isOff, nameOf, unreadSetting, WHOLE } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/last-push-not-approved',
  title: 'The last push needs no approval by somebody else',
  why: 'With an approval in hand, its author or a second account of the same person can push the commit that matters.',
  fix: 'Require approval of the most recent reviewable push.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  profile: 'regulated',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    if (branch?.approvals.is !== 'yes') return
    const setting = branch.lastPushApproval
    if (setting.is === 'unknown') yield unreadSetting(setting)
    if (!isOff(setting)) return
    yield {
      at: WHOLE,
      message: `${nameOf(branch)} takes a last push that nobody else has approved`,
      key: 'last-push-not-approved'
    }
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'test', appId: 15368 }],
      approvals: true,
      lastPushApproval: false
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'ci/test', appId: 67 }],
      approvals: true,
      lastPushApproval: true
    }
  }
})
