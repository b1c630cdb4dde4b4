import { whereOff } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/outdated-branch',
  title: 'Checks may have run on an old state of the target branch',
  why: 'Two pull requests that each pass can break the branch together.',
  fix: 'Require branches to be up to date before merging, or use a merge queue.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  profile: 'regulated',
  over: 'repo',

  *check(repo) {
    yield* whereOff(
      repo,
      'upToDate',
      'takes pull requests whose checks ran before the last merge',
      ({ requiredChecks, mergeQueue }) => !!requiredChecks?.length && mergeQueue.is !== 'yes'
    )
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }], upToDate: false }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }], upToDate: true }
  }
})
