import { expect, test } from '@jest/globals'
import { readManifests } from '../../src/parse/kubernetes.js'
import { parseYaml } from '../../src/parse/yaml.js'

const read = (text: string) => readManifests('app.yaml', parseYaml('app.yaml', text, { merge: true }))
const pod = 'containers: [{name: web, image: a}]'

test('it reads a workload with its places', () => {
  const [found] = read(
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: prod
spec:
  template:
    spec:
      initContainers:
        - image: b
          name: proxy
          restartPolicy: Always
        - name: setup
      containers:
        - name: web
          image: a
          readinessProbe: {httpGet: {port: 80}}
          livenessProbe: null
`
  )
  expect(found).toMatchObject({
    at: { line: 1, column: 1 },
    name: { value: 'shop', at: { line: 4 } },
    namespace: { value: 'prod' },
    pod: { at: { line: 8, column: 5 }, runs: 'long' }
  })
  const [web, proxy, setup] = found!.pod!.containers
  expect(web).toMatchObject({ name: { value: 'web' }, init: false, at: { line: 15, column: 17 } })
  expect(Object.keys(web!.probes)).toEqual(['readiness'])
  expect(proxy).toMatchObject({ init: true, sidecar: true, image: { value: 'b' }, at: { line: 11, column: 17 } })
  expect(setup).toMatchObject({ init: true, sidecar: false })
})

test.each([
  ['v1', 'Pod', `spec: {${pod}}`, 'long'],
  ['v1', 'Pod', `spec: {restartPolicy: Never, ${pod}}`, 'once'],
  ['apps/v1', 'StatefulSet', `spec: {template: {spec: {${pod}}}}`, 'long'],
  ['extensions/v1beta1', 'DaemonSet', `spec: {template: {spec: {${pod}}}}`, 'long'],
  ['batch/v1', 'Job', `spec: {template: {spec: {${pod}}}}`, 'once'],
  ['batch/v1beta1', 'CronJob', `spec: {jobTemplate: {spec: {template: {spec: {${pod}}}}}}`, 'once'],
  ['serving.knative.dev/v1', 'Service', `spec: {template: {spec: {${pod}}}}`, 'long'],
  ['argoproj.io/v1alpha1', 'Rollout', `spec: {template: {spec: {${pod}}}}`, 'long'],
  [
    'jobset.x-k8s.io/v1alpha2',
    'JobSet',
    `spec: {replicatedJobs: [{template: {spec: {template: {spec: {${pod}}}}}}]}`,
    'once'
  ],
  ['tekton.dev/v1', 'Task', 'spec: {steps: [{name: web, image: a}]}', 'once'],
  ['v1', 'Service', `spec: {template: {spec: {${pod}}}}`, undefined],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'spec: {group: a}', undefined],
  ['apps/v1', 'Deployment', 'spec: []', undefined]
])('it finds what %s %s runs', (apiVersion, kind, spec, runs) => {
  const [found] = read(`apiVersion: ${apiVersion}\nkind: ${kind}\n${spec}\n`)
  expect(found?.pod?.runs).toBe(runs)
  expect(found?.pod?.containers.map(({ image }) => image?.value)).toEqual(runs && ['a'])
})

test('it reads every document and unfolds lists', () => {
  const object = (name: string) => `{apiVersion: v1, kind: Pod, metadata: {name: ${name}}}`
  const found = read(
    `${object('a')}\n---\nkind: List\napiVersion: v1\nitems:\n  - ${object('b')}\n  - ${object('c')}\n---\n---\n- no\n`
  )
  expect(found.map(({ name, at }) => [name?.value, at.line])).toEqual([
    ['a', 1],
    ['b', 6],
    ['c', 7]
  ])
})

test('it keeps the kinds that only sound like lists', () => {
  expect(read('apiVersion: a.example/v1\nkind: AllowList\nspec: {}\n')).toHaveLength(1)
})
