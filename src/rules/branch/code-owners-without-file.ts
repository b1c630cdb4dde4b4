import { guardedBranch, nameOf, WHOLE } from '../../branch-settings.js'
import { startOf } from '../../parse/text.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/code-owners-without-file',
  title: 'Code owners are to review and nobody is one',
  why: 'Without a CODEOWNERS file that GitHub loads the rule asks nobody for anything.',
  fix: 'Name the owners in .github/CODEOWNERS on the target branch, in less than 3 MB.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    if (branch?.codeOwners.is !== 'yes' || repo.codeowners.length) return
    const row = repo.looked.find(({ kind }) => kind === 'codeowners')
    if (row?.as === 'left-out') {
      const message = `${nameOf(branch)} asks code owners for reviews, and GitHub loads no ${row.path} of 3 MB or more`
      yield { at: startOf(row.path), message, key: 'code-owners-too-large' }
    } else if (row) yield { what: row.path, reason: row.reason ?? 'not read', at: startOf(row.path) }
    else
      yield {
        at: WHOLE,
        message: `${nameOf(branch)} asks code owners for reviews, and there is no CODEOWNERS file`,
        key: 'code-owners-without-file'
      }
  },

  bad: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }], codeOwners: true }
  },
  good: {
    head: { 'README.md': 'Hello\n', '.github/CODEOWNERS': '* @acme/team\n' },
    branch: { name: 'main', protected: true, requiredChecks: [{ context: 'ci/test', appId: 67 }], codeOwners: true }
  }
})
