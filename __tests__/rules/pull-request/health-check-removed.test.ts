import { expect, test } from '@jest/globals'
import type { Files, Rule } from '../../../src/model.js'
import compose from '../../../src/rules/compose/no-healthcheck.js'
import dockerfile from '../../../src/rules/dockerfile/no-healthcheck.js'
import kubernetes from '../../../src/rules/kubernetes/no-probe.js'
import rule from '../../../src/rules/pull-request/health-check-removed.js'
import { problems } from '../../helpers.js'

const pod = (probes: string, name = 'web') => ({
  'k8s/a.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n          image: b\n          ports: [{containerPort: 80}]\n${probes}`
})
const READY = '          readinessProbe: {tcpSocket: {port: 80}}\n'
const ALIVE = '          livenessProbe: {tcpSocket: {port: 80}}\n'
const START = '          startupProbe: {tcpSocket: {port: 80}}\n'

test.each([
  ['one of two probes', pod(READY + ALIVE), pod(ALIVE), ['8:17 readinessProbe of web of Deployment shop is removed']],
  ['the other', pod(READY + ALIVE), pod(READY), ['8:17 livenessProbe of web of Deployment shop is removed']],
  ['both, which another rule tells', pod(READY + ALIVE), pod(''), []],
  ['a startup probe', pod(START + ALIVE), pod(ALIVE), []],
  ['none', pod(READY), pod(READY), []],
  ['more', pod(READY), pod(READY + ALIVE), []],
  ['a container that is gone', pod(READY + ALIVE), pod(ALIVE, 'api'), []]
])('weighs the removal of %s', async (_, base, head, found) =>
  expect(await problems(rule, { base, head })).toEqual(found.map(line => `k8s/a.yaml:${line}`))
)

const image = (check: string) => ({
  Dockerfile: `FROM node:22-slim\nEXPOSE 80\n${check}CMD ["node", "server.js"]\n`
})
const service = (check: string) => ({
  'compose.yml': `services:\n  shop: {image: registry.example.com/shop, depends_on: [db]}\n  db:\n    image: postgres\n${check}`
})

test.each<[string, Rule, Files, Files]>([
  ['probes', kubernetes, pod(READY), pod('')],
  ['a HEALTHCHECK', dockerfile, image('HEALTHCHECK CMD ["true"]\n'), image('')],
  ['a healthcheck', compose, service('    healthcheck: {test: [CMD, pg_isready]}\n'), service('')]
])('the rule on it says that the pull request took %s', async (_, on, base, head) => {
  const [found] = await problems(on, { base, head })
  expect(found).toMatch(/; before this pull request it had one$/)
  const [before] = await problems(on, { base: head, head })
  expect(before).toBe(found!.replace(/; before.*/, ''))
  expect(await problems(rule, { base, head })).toEqual([])
})
