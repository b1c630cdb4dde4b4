import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/unsigned-commits',
  title: 'Commits need no signature',
  why: 'The name on a commit is free text: without a signature nobody can tell who made it.',
  fix: 'Require signed commits in the ruleset of the branch.',
  severity: 'note',
  topic: 'gate',
  preset: 'all',
  profile: 'regulated',
  over: 'repo',

  *check(repo) {
    yield* whereOff(repo, 'signatures', 'takes commits without a verified signature')
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }], signatures: false }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }], signatures: true }
  }
})
