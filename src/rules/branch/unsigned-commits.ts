import { guardedBranch, isOff, nameOf, unreadSetting, WHOLE } from '../../branch-settings.js'
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
    const branch = guardedBranch(repo)
    if (!branch) return
    const setting = branch.signatures
    if (setting.is === 'unknown') yield unreadSetting(setting)
    if (!isOff(setting)) return
    yield {
      at: WHOLE,
      message: `${nameOf(branch)} takes commits without a verified signature`,
      key: 'unsigned-commits'
    }
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
