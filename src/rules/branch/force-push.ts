import { whereOff } from '../../branch-settings.js'
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
    yield* whereOff(repo, 'forcePushBlocked', 'takes force pushes: its history can be rewritten')
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
