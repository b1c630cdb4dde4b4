import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/no-required-reviews',
  title: 'Target branch takes changes that nobody approved',
  why: 'One account, or one stolen token, is enough to bring anything into the branch.',
  fix: 'Require at least one approval in the ruleset of the branch.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  profile: 'team',
  over: 'repo',

  *check(repo) {
    yield* whereOff(repo, 'approvals', 'takes pull requests without an approval')
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }], approvals: false }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }], approvals: true }
  }
})
