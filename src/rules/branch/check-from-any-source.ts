import { guardedBranch, nameOf, WHOLE } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/check-from-any-source',
  title: 'Required check may come from anybody',
  why: 'Any token that may write checks or statuses can report a required name as passed, unless the rule says which app it must come from.',
  fix: 'Choose the expected source of the check in the rule: GitHub Actions for jobs of workflows.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    const open = branch?.requiredChecks?.filter(({ appId }) => appId === undefined).map(({ context }) => context) ?? []
    const [first, ...more] = open
    if (!branch || first === undefined) return
    const others = more.length ? ` and ${more.length} more` : ''
    const message = `${nameOf(branch)} takes “${first}”${others} from any app or token that may write checks or statuses`
    yield { at: WHOLE, message, key: 'checks from any source', covers: open.map(context => `source of ${context}`) }
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: ['test'] }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }] }
  }
})
