import { testWorkflow } from '../../examples.js'
import { readUses } from '../../parse/uses.js'
import { rule } from '../../rule.js'
import { usedActionsOf } from '../../used-actions.js'

export default rule({
  id: 'workflow/superfluous-action',
  title: 'Action does what the runner can do',
  why: 'Every action of others runs with the token of the job; a command that is there anyway asks for no trust.',
  fix: 'Call the command in a `run` step.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'all',
  over: 'repo',
  peers: { zizmor: 'superfluous-actions' },

  *check(repo) {
    for (const { written } of usedActionsOf(repo)) {
      const uses = readUses(written.value)
      const command = uses.kind === 'remote' ? COMMANDS.get(uses.action.toLowerCase()) : undefined
      if (command && uses.kind === 'remote')
        yield { at: written.at, message: `${uses.action} does what ${command} on the runner does`, key: uses.action }
    }
  },

  bad: {
    '.github/workflows/release.yml': `on: push
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: softprops/action-gh-release@v2
`
  },
  good: testWorkflow
})

const COMMANDS = new Map([
  ['actions-ecosystem/action-add-labels', 'gh issue edit --add-label'],
  ['actions-ecosystem/action-remove-labels', 'gh issue edit --remove-label'],
  ['addnab/docker-run-action', 'docker run'],
  ['dacbd/create-issue-action', 'gh issue create'],
  ['dtolnay/rust-toolchain', 'rustup'],
  ['elgohr/github-release-action', 'gh release create'],
  ['endbug/add-and-commit', 'git commit and git push'],
  ['juliangruber/sort-issue-action', 'gh issue edit'],
  ['ncipollo/release-action', 'gh release create'],
  ['peter-evans/create-issue-from-file', 'gh issue create --body-file'],
  ['peter-evans/create-or-update-comment', 'gh issue comment'],
  ['peter-evans/create-pull-request', 'gh pr create'],
  ['sergeysova/jq-action', 'jq'],
  ['softprops/action-gh-release', 'gh release create'],
  ['stefanzweifel/git-auto-commit-action', 'git commit and git push'],
  ['svenstaro/upload-release-action', 'gh release upload']
])
