import { whereOff } from '../../branch-settings.js'
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
    yield* whereOff(
      repo,
      'lastPushApproval',
      'takes a last push that nobody else has approved',
      ({ approvals }) => approvals.is === 'yes'
    )
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
