import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/unresolved-conversations',
  title: 'Pull requests can be merged with open conversations',
  why: 'A question that a reviewer asked can be merged past unanswered.',
  fix: 'Require conversation resolution before merging.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  profile: 'regulated',
  over: 'repo',

  *check(repo) {
    yield* whereOff(repo, 'conversationResolution', 'takes pull requests whose conversations are open')
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'test', appId: 15368 }],
      conversationResolution: false
    }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: {
      name: 'main',
      protected: true,
      requiredChecks: [{ context: 'ci/test', appId: 67 }],
      conversationResolution: true
    }
  }
})
