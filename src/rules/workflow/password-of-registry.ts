import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/password-of-registry',
  title: 'Password of a registry is written in the workflow',
  why: 'Everyone who can read the repository, or a fork of it, has the password, and its history keeps it.',
  fix: 'Change the password, store the new one as a secret and write `password: ${{ secrets.REGISTRY_PASSWORD }}`.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  over: 'workflow',
  mentions: ['password'],
  peers: { zizmor: 'hardcoded-container-credentials', actionlint: 'credentials' },

  *check(workflow) {
    for (const job of workflow.jobs)
      for (const { yaml } of [...(job.container ? [job.container] : []), ...job.services]) {
        const password = scalarOf(mapOf(mapOf(yaml)?.get('credentials'))?.get('password'))
        if (password && !password.value.includes('${{'))
          yield { at: password.at, message: 'this password is no secret any more' }
      }
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    container:
      image: registry.example.com/build:1.2@sha256:888402a8cd6075c5dc83a31f58287f13306c318eaad016661ed12e076f3e6341
      credentials:
        username: builder
        password: hunter2
    steps:
      - run: make test
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
    environment: registry
    container:
      image: registry.example.com/build:1.2@sha256:888402a8cd6075c5dc83a31f58287f13306c318eaad016661ed12e076f3e6341
      credentials:
        username: builder
        password: \${{ secrets.REGISTRY_PASSWORD }}
    steps:
      - run: make test
`
  }
})
