import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/secrets-inherited',
  title: 'Called workflow gets every secret',
  why: 'It can read secrets that it has no use for, and what it will read tomorrow shows in no diff of the caller.',
  fix: 'List the secrets that the called workflow declares under `secrets:`.',
  severity: 'warning',
  topic: 'security',
  preset: 'strict',
  over: 'workflow',
  mentions: ['inherit'],
  peers: { zizmor: 'secrets-inherit', ghalint: 'deny_inherit_secrets' },

  *check(workflow) {
    for (const { uses, secrets, yaml } of workflow.jobs) {
      if (!uses || secrets !== 'inherit') continue
      const isOurs = /^[.$]\//.test(uses.value)
      const { at } = yaml.entry('secrets')!.value
      // Zizmor points at what is called.
      yield {
        at: { ...uses.at, endLine: at.endLine, endColumn: at.endColumn },
        message: `${uses.value} gets every secret of this repository`,
        ...(isOurs && { severity: 'note' as const })
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  deploy:
    uses: acme/workflows/.github/workflows/deploy.yml@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0
    secrets: inherit
`
  },
  good: {
    '.github/workflows/ci.yml': `name: CI
on: push
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  deploy:
    name: Deploy
    uses: actions/workflows/.github/workflows/deploy.yml@8f4b7f84864484a7bf31766abe9204da3cbe65b3 # v2.1.0
    secrets:
      DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}
`
  }
})
