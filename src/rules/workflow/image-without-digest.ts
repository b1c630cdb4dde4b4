import { imageReferencesOf } from '../../image-references.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/image-without-digest',
  title: 'Container image is not pinned to a digest',
  why: 'A tag can be moved to another image, which then runs beside the code and the secrets of the job.',
  fix: 'Put the digest behind the tag: `postgres:17.2@sha256:…`; Dependabot and Renovate keep both up to date.',
  severity: 'note',
  topic: 'supply-chain',
  preset: 'all',
  over: 'steps',
  mentions: ['docker', 'container', 'services'],
  peers: { zizmor: 'unpinned-images' },

  *check(file) {
    for (const { image, at, pinned, from } of imageReferencesOf(file)) {
      if (pinned !== 'tag' && pinned !== 'unknown') continue
      const where = from ? ` (line ${from.line})` : ''
      const message =
        pinned === 'tag' ? `${image}${where} has no digest` : `nothing says that ${image}${where} has a digest`
      yield { at, message }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    container: node:22.11.0
    steps:
      - run: npm test
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
    container: node:22.11.0@sha256:888402a8cd6075c5dc83a31f58287f13306c318eaad016661ed12e076f3e6341
    steps:
      - run: npm test
`
  }
})
