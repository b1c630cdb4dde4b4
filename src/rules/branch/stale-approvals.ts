import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/stale-approvals',
  title: 'Approvals outlive the commits they were given for',
  why: 'Whoever has an approval can push anything after it and merge that.',
  fix: 'Dismiss stale approvals when new commits are pushed, or require approval of the most recent push.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  profile: 'team',
  over: 'repo',

  *check(repo) {
    yield* whereOff(
      repo,
      'staleDismissal',
      'keeps approvals when commits follow',
      ({ approvals, lastPushApproval }) => approvals.is === 'yes' && lastPushApproval.is !== 'yes'
    )
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'test', appId: 15368 }],
      approvals: true,
      lastPushApproval: false,
      staleDismissal: false
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'ci/test', appId: 67 }],
      approvals: true,
      staleDismissal: true
    }
  }
})
