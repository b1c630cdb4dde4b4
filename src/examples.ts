import type { Files, World } from './model.js'

// Good examples that several rules share: as for each, no rule has anything to say of them.

/** An image of a service, as it should be. */
export const servedImage: Files = {
  Dockerfile: `FROM node:22-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
WORKDIR /app
COPY --chown=node server.js .
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/').then(r => process.exit(r.ok ? 0 : 1))"]
CMD ["node", "server.js"]
`,
  '.dockerignore': `.git
node_modules
.env*
`
}

/** A service that is tested, migrated and deployed, each in its turn. */
export const deliveredService: Files = {
  'src/index.ts': 'export const answer = 42\n',
  '.github/workflows/deploy.yml': `name: Deploy
on:
  push:
    branches: [main]
permissions: {}
concurrency:
  group: deploy
  cancel-in-progress: false
jobs:
  test:
    permissions:
      contents: read
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
  migrate:
    permissions:
      contents: read
    name: migrate
    needs: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    environment: production
    steps:
      - run: npx prisma migrate deploy
  deploy:
    permissions:
      contents: read
    name: deploy
    needs: migrate
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    environment: production
    steps:
      - run: helm upgrade shop ./chart --wait
`,
  '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
`
}

/** A test on every change and in the merge queue, that the branch requires. */
export const requiredTest: World = {
  head: {
    'src/index.ts': 'export const answer = 42\n',
    '.github/workflows/ci.yml': `name: CI
on: [pull_request, merge_group]
permissions:
  contents: read
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: npx jest
`
  },
  branch: { name: 'main', protected: true, requiredChecks: [{ context: 'test', appId: 15368 }] }
}

/** A workflow that runs tests and has nothing else to be said of. */
export const testWorkflow: Files = {
  '.github/workflows/ci.yml': `name: CI
on: pull_request
permissions: {}
concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
}
