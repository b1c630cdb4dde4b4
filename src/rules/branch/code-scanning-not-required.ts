import { guardedBranch, isOff, nameOf, unreadSetting } from '../../branch-settings.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'branch/code-scanning-not-required',
  title: 'Code scanning runs and its results are not required',
  why: 'An alert that blocks nothing is merged and forgotten.',
  fix: 'Require code scanning results in the ruleset of the branch, with the thresholds that are to block.',
  severity: 'note',
  topic: 'gate',
  preset: 'strict',
  profile: 'regulated',
  over: 'repo',

  *check(repo) {
    const branch = guardedBranch(repo)
    const scan = repo.pipeline.jobs
      .filter(({ onPullRequest }) => onPullRequest === 'yes' || onPullRequest === 'filtered')
      .flatMap(({ work }) => work)
      .find(({ kind, command }) => kind === 'scan' && /^github\/codeql-action\//.test(command))
    if (!branch || !scan) return
    if (branch.codeScanning.is === 'unknown') yield unreadSetting(branch.codeScanning)
    if (!isOff(branch.codeScanning)) return
    yield { at: scan.at, message: `pull requests are scanned here, and ${nameOf(branch)} takes them whatever is found` }
  },

  bad: {
    head: {
      '.github/workflows/scan.yml':
        'on: pull_request\njobs:\n  scan:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: github/codeql-action/analyze@v4\n'
    },
    branch: { name: 'main', protected: true, codeScanning: false }
  },
  good: {
    head: { 'README.md': 'Hello\n' },
    branch: { name: 'main', protected: true, codeScanning: false }
  }
})
