import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/deletion',
  title: 'Target branch can be deleted',
  why: 'A deleted branch closes every pull request to it and takes its rules along.',
  fix: 'Restrict deletions in the ruleset of the branch.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    yield* whereOff(repo, 'deletionBlocked', 'can be deleted by whoever may push to it')
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'test', appId: 15368 }],
      deletionBlocked: false
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'ci/test', appId: 67 }],
      deletionBlocked: true
    }
  }
})
