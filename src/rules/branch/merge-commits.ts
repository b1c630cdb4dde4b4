import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/merge-commits',
  title: 'History of the target branch need not be linear',
  why: 'Merge commits make it hard to tell which change brought a fault, and to take one back.',
  fix: 'Require a linear history in the ruleset of the branch.',
  severity: 'note',
  topic: 'gate',
  preset: 'all',
  profile: 'regulated',
  over: 'repo',

  *check(repo) {
    yield* whereOff(repo, 'linearHistory', 'takes merge commits')
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }], linearHistory: false }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }], linearHistory: true }
  }
})
