import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/no-code-owner-reviews',
  title: 'Owners of the code need not review',
  why: 'An approval by anybody is enough, also for files whose owners are named.',
  fix: 'Require review from code owners in the ruleset of the branch, and name them in .github/CODEOWNERS.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  profile: 'regulated',
  over: 'repo',

  *check(repo) {
    yield* whereOff(repo, 'codeOwners', 'asks no code owner for a review')
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }], codeOwners: false }
  },
  good: {
    head: { 'README.md': 'Hello\n', '.github/CODEOWNERS': '* @acme/team\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }], codeOwners: true }
  }
})
