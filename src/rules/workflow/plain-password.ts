import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/plain-password',
  title: 'Password of a registry in plain text',
  why: 'Whoever can read the repository can read it, in every commit that ever held it.',
  fix: 'Change the password, store the new one as a secret and write ${{ secrets.NAME }}.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'credentials', zizmor: 'hardcoded-container-credentials' },

  *check(workflow) {
    for (const job of workflow.jobs)
      for (const { yaml, what } of [
        ...(job.container ? [{ yaml: job.container.yaml, what: `the container of job ${job.id.value}` }] : []),
        ...job.services.map(({ yaml, id }) => ({ yaml, what: `service ${id.value} of job ${job.id.value}` }))
      ]) {
        const password = scalarOf(mapOf(mapOf(yaml)?.get('credentials'))?.get('password'))
        if (!password?.value || password.value.includes('${{')) continue
        yield { at: password.at, message: `the password for ${what} is written out` }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    container:
      image: registry.example.com/tools@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      credentials:
        username: ci
        password: open sesame
    steps:
      - run: npm test
`
  },
  good: {
    '.github/workflows/ci.yml': `on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    container:
      image: registry.example.com/tools@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      credentials:
        username: ci
        password: \${{ secrets.REGISTRY_PASSWORD }}
    steps:
      - run: npm test
`
  }
})
