import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/direct-push',
  title: 'Target branch takes pushes without a pull request',
  why: 'What is pushed directly passes no check and no review before it is there.',
  fix: 'Require a pull request before merging in the ruleset of the branch.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  profile: 'team',
  over: 'repo',

  *check(repo) {
    yield* whereOff(
      repo,
      'pullRequestRequired',
      'can be pushed to without a pull request: checks and reviews are skipped'
    )
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'test', appId: 15368 }],
      pullRequestRequired: false
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'ci/test', appId: 67 }],
      pullRequestRequired: true
    }
  }
})
