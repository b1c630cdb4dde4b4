import { expect, test } from '@jest/globals'
import concurrent from '../../../src/rules/pipeline/concurrent-deploys.js'
import notVerified from '../../../src/rules/pipeline/deploy-not-verified.js'
import noEnvironment from '../../../src/rules/pipeline/deploy-without-environment.js'
import pushedFirst from '../../../src/rules/pipeline/image-pushed-before-tests.js'
import migrationAfter from '../../../src/rules/pipeline/migration-after-deploy.js'
import migrationWithout from '../../../src/rules/pipeline/migration-without-gate.js'
import { problems } from '../../helpers.js'

const cd = (jobs: string, top = '', on = 'push') => ({
  '.github/workflows/cd.yml': `on: ${on}\n${top}jobs:\n${jobs}`
})
const job = (id: string, commands: string[], keys = '') =>
  `  ${id}:\n    runs-on: x\n${keys}    steps:\n${commands.map(one => `      - ${/^(uses|name):/.test(one) ? one : `run: ${one}`}\n`).join('')}`
const HELM = 'helm upgrade shop chart'

test.each([
  ['nothing', cd(job('a', [HELM])), 1],
  ['an environment', cd(job('a', [HELM], '    environment: production\n')), 0],
  ['a computed one', cd(job('a', [HELM], '    environment: ${{ inputs.to }}\n')), 0],
  ['nothing, for a publish', cd(job('a', ['npm publish'])), 0],
  ['nothing, for a file in a bucket', cd(job('a', ['aws s3 cp a.zip s3://b/a.zip'])), 0],
  ['nothing, for the documentation', cd(job('docs', ['uses: actions/deploy-pages@v4'])), 0],
  ['nothing, for pull requests', cd(job('a', [HELM]), '', 'pull_request'), 0]
])('a deploy bound to %s', async (_, files, count) => expect(await problems(noEnvironment, files)).toHaveLength(count))

test.each([
  ['alone', cd(job('a', [HELM])), 1],
  ['in a group', cd(job('a', [HELM], '    concurrency: a\n')), 0],
  ['in a group of the workflow', cd(job('a', [HELM]), 'concurrency: a\n'), 0],
  ['of the documentation', cd(job('docs', ['aws s3 sync out s3://b'])), 0],
  ['at night', cd(job('a', [HELM]), '', '{schedule: [{cron: "0 3 * * *"}]}'), 0]
])('a deploy %s may run beside another', async (_, files, count) =>
  expect(await problems(concurrent, files)).toHaveLength(count)
)

const MIGRATE = 'npx prisma migrate deploy'
test.each([
  ['after the deploy', cd(job('a', [HELM, MIGRATE])), 1],
  ['before it', cd(job('a', [MIGRATE, HELM])), 0],
  ['between two', cd(job('a', [HELM, MIGRATE, HELM])), 0],
  ['before another that nobody knows', cd(job('a', [HELM, MIGRATE, 'uses: acme/deploy@v1'])), 0],
  ['after machines are made', cd(job('a', ['terraform apply', MIGRATE])), 0],
  ['in a job behind it', cd(job('a', [HELM]) + job('b', [MIGRATE], '    needs: a\n')), 1],
  ['in a job before it', cd(job('b', [MIGRATE]) + job('a', [HELM], '    needs: b\n')), 0],
  ['in a job beside it', cd(job('b', [MIGRATE]) + job('a', [HELM])), 0],
  ['for the tests', cd(job('a', [HELM]) + job('b', [MIGRATE, 'npx jest'], '    needs: a\n')), 0],
  ['on purpose', cd(job('a', [HELM, `name: post-deploy\n        run: ${MIGRATE}`])), 0]
])('a migration %s', async (_, files, count) => expect(await problems(migrationAfter, files)).toHaveLength(count))

const TESTS = job('t', ['npx jest'])
const ENV = '    environment: production\n'
test.each([
  ['the environment', cd(job('m', [MIGRATE]) + job('a', [HELM], `    needs: m\n${ENV}`)), 1],
  ['nothing', cd(job('m', [MIGRATE], ENV) + job('a', [HELM], `    needs: m\n${ENV}`)), 0],
  [
    'the environment, had by a job before it',
    cd(job('o', ['echo go'], ENV) + job('m', [MIGRATE], '    needs: o\n') + job('a', [HELM], `    needs: m\n${ENV}`)),
    0
  ],
  ['the tests', cd(TESTS + job('m', [MIGRATE]) + job('a', [HELM], '    needs: [m, t]\n')), 1],
  [
    'tests that it waits for',
    cd(TESTS + job('m', [MIGRATE], '    needs: t\n') + job('a', [HELM], '    needs: [m, t]\n')),
    0
  ],
  ['a gate that the deploy lacks too', cd(TESTS + job('m', [MIGRATE]) + job('a', [HELM], '    needs: m\n')), 0],
  ['an environment, for tests of its own', cd(job('m', [MIGRATE, 'npx jest']) + job('a', [HELM], ENV)), 0]
])('a migration that lacks %s', async (_, files, count) =>
  expect(await problems(migrationWithout, files)).toHaveLength(count)
)

const PUSH = 'docker push acme/shop:latest'
test.each([
  ['before a test in its job', cd(job('a', [PUSH, 'npx jest'])), 1],
  ['after it', cd(job('a', ['npx jest', PUSH])), 0],
  ['between tests', cd(job('a', ['npx jest', PUSH, 'npx vitest run'])), 0],
  ['before a job that tests', cd(job('a', [PUSH]) + job('t', ['npx jest'], '    needs: a\n')), 1],
  [
    'by its commit before a job that tests',
    cd(job('a', ['docker push acme/shop:${{ github.sha }}']) + job('t', ['npx jest'], '    needs: a\n')),
    0
  ],
  [
    'by a name that is not known before a job that tests',
    cd(job('a', ['docker push acme/shop:$TAG']) + job('t', ['npx jest'], '    needs: a\n')),
    0
  ],
  [
    'behind tests and before more',
    cd(TESTS + job('a', [PUSH], '    needs: t\n') + job('e', ['npx jest'], '    needs: a\n')),
    0
  ],
  [
    'behind a test of its job and before a job that tests',
    cd(job('a', ['npx jest', PUSH]) + job('t', ['npx jest'], '    needs: a\n')),
    0
  ],
  ['beside tests', cd(job('a', [PUSH]) + TESTS), 0]
])('an image pushed %s', async (_, files, count) => expect(await problems(pushedFirst, files)).toHaveLength(count))

test.each([
  [['kubectl apply -f d'], 1],
  [['kubectl apply -f d', 'kubectl rollout status deployment/a'], 0],
  [['kubectl apply -f d', 'curl -f https://shop.example/health'], 0],
  [['curl -f https://shop.example/health', 'kubectl apply -f d'], 1],
  [['kubectl apply -f d', 'npx playwright test'], 0],
  [['kubectl apply -f d', './scripts/smoke.sh'], 0],
  [['kubectl apply -f d', 'uses: jtalk/url-health-check-action@v4'], 0],
  [[HELM], 1],
  [[`${HELM} --wait`], 0],
  [[`${HELM} --atomic`], 0],
  [['aws ecs update-service --service a'], 1],
  [['aws ecs update-service --service a', 'aws ecs wait services-stable --services a'], 0],
  [['uses: aws-actions/amazon-ecs-deploy-task-definition@v2'], 1],
  [['uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with: { wait-for-service-stability: true }'], 0],
  [['fly deploy'], 0],
  [['npm publish'], 0]
])('%j is looked at', async (commands, count) =>
  expect(await problems(notVerified, cd(job('a', commands)))).toHaveLength(count)
)

test('a job behind the deploy may look at it', async () => {
  const looking = (command: string) => cd(job('a', ['kubectl apply -f d']) + job('b', [command], '    needs: a\n'))
  expect(await problems(notVerified, looking('curl -f https://shop.example'))).toEqual([])
  expect(await problems(notVerified, looking('echo done'))).toHaveLength(1)
})

test('says what and where', async () => {
  const said = async (rule: typeof concurrent, jobs: string) => await problems(rule, cd(jobs))
  expect(await said(noEnvironment, job('a', [HELM]))).toEqual([
    '.github/workflows/cd.yml:3:3 job a deploys (`helm upgrade shop chart`) without an environment'
  ])
  expect(await said(migrationAfter, job('a', [HELM, MIGRATE]))).toEqual([
    '.github/workflows/cd.yml:7:14 `npx prisma migrate deploy` migrates after `helm upgrade shop chart` has deployed'
  ])
  expect(await said(migrationWithout, job('m', [MIGRATE]) + job('a', [HELM], ENV))).toEqual([
    '.github/workflows/cd.yml:6:14 `npx prisma migrate deploy` migrates without the environment that job a (cd.yml:7) waits for'
  ])
  expect(await said(pushedFirst, job('a', [PUSH, 'npx jest']))).toEqual([
    '.github/workflows/cd.yml:6:14 `docker push acme/shop:latest` publishes the image before `npx jest` tests it'
  ])
})
