import { imageReferencesOf } from '../../image-references.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/floating-image',
  title: 'Container image is whatever is the newest',
  why: 'A new release of the image breaks the job overnight, or brings in what nobody has looked at.',
  fix: 'Name a version and its digest: `postgres:17.2@sha256:…`.',
  severity: 'warning',
  topic: 'supply-chain',
  preset: 'recommended',
  over: 'steps',
  mentions: ['docker', 'container', 'services'],

  *check(file) {
    for (const { image, at, pinned, use, from } of imageReferencesOf(file)) {
      if (pinned !== 'latest' && pinned !== 'nothing') continue
      const where = from ? ` (line ${from.line})` : ''
      yield {
        at,
        message: `${image}${where} ${pinned === 'latest' ? 'follows latest' : 'names no version'}`,
        peers: {
          zizmor: 'unpinned-images',
          ...(use === 'container' && !from && { ghalint: 'deny_job_container_latest_image' })
        }
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
    container: node:latest
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
