import { contextPath, expressionsIn, walk } from '../../parse/expression.js'
import { rule } from '../../rule.js'
import { fencedIn } from '../../steps.js'

export default rule({
  id: 'workflow/unmasked-secret',
  title: 'Part of a secret is shown in logs',
  why: 'GitHub hides the secret as a whole; what fromJSON takes out of it is another text, and is printed.',
  fix: 'Store each value as a secret of its own, or mask it with `::add-mask::` before it is used.',
  severity: 'warning',
  topic: 'security',
  preset: 'recommended',
  over: 'steps',
  mentions: ['fromjson'],
  peers: { zizmor: 'unredacted-secrets' },

  *check(file) {
    for (const text of fencedIn(file)) {
      if (!/fromjson/i.test(text.value)) continue
      for (const { root } of expressionsIn(text))
        for (const node of root ? walk(root) : []) {
          if (node.type !== 'call' || node.name.toLowerCase() !== 'fromjson') continue
          const secret = node.args.map(arg => contextPath(arg)).find(path => path?.startsWith('secrets.'))
          if (secret) yield { at: text.part(node.from, node.to), message: `parts of ${secret} are not hidden in logs` }
        }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: ./deploy.sh
        env:
          PASSWORD: \${{ fromJSON(secrets.LOGIN).password }}
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
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: production
    steps:
      - run: ./deploy.sh
        env:
          PASSWORD: \${{ secrets.LOGIN_PASSWORD }}
`
  }
})
