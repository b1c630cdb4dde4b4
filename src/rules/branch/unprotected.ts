import { rule } from '../../rule.js'

export default rule({
  id: 'branch/unprotected',
  title: 'Target branch is not protected',
  why: 'Anybody with write access can push to it past every check, and merge what has failed them.',
  fix: 'Add a ruleset for the branch that requires a pull request and its checks.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check({ branch }) {
    if (!branch) return
    const { is, why } = branch.protected
    if (is === 'unknown') yield { what: 'branch rules', reason: why }
    // Where the plan has no protection, nobody can add it.
    if (is !== 'no' || /\bplan\b/.test(why)) return
    const name = branch.branch ? `branch ${branch.branch}` : 'the target branch'
    yield { at: WHOLE, message: `no rule guards ${name}: what fails its checks can be merged`, key: 'unprotected' }
  },

  bad: { head: { 'README.md': 'Hello\n' }, branch: { name: 'main', protected: false } },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }] }
  }
})

const WHOLE = { path: '', line: 1, column: 1, endLine: 1, endColumn: 1 }
