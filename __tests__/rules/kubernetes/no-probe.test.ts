import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/kubernetes/no-probe.js'
import { problems, repoOf } from '../../helpers.js'

const pod = (container: string) => ({
  'k8s/a.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: b\n${container}`
})

test('it points at the name of the container', async () => {
  expect(await problems(rule, pod('          ports: [{containerPort: 80}]\n'))).toEqual([
    'k8s/a.yaml:8:17 web of Deployment shop has neither a readiness nor a liveness probe: Kubernetes sends it requests before it can answer and never restarts it when it hangs'
  ])
})

test('it only notes a worker', async () => {
  const { found } = run([rule], await repoOf(pod('')), () => ({}))
  expect(found.map(({ problem }) => [problem.severity, problem.message])).toEqual([
    ['note', 'web of Deployment shop has neither a readiness nor a liveness probe: nothing restarts it when it hangs']
  ])
})

test('it is content with one probe', async () => {
  const probe = '          ports: [{containerPort: 80}]\n          livenessProbe: {tcpSocket: {port: 80}}\n'
  expect(await problems(rule, pod(probe))).toEqual([])
})

test('it reports each container of a pod', async () => {
  const port = '          ports: [{containerPort: 80}]\n'
  expect(await problems(rule, pod(`${port}        - name: api\n          image: c\n${port}`))).toHaveLength(2)
})
