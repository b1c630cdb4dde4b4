import { expect, test } from '@jest/globals'
import { repoOf } from './helpers.js'

const units = async (files: Record<string, string>, kind: string) =>
  (await repoOf(files)).units
    .filter(unit => unit.kind === kind)
    .map(({ at, health }) => `${at.path}:${at.line} ${health}`)
const one = async (files: Record<string, string>, kind: string) =>
  (await units(files, kind)).map(row => row.split(' ')[1])

const server = 'FROM node:22-slim\nEXPOSE 80\nCMD ["node", "a.js"]\n'
const compose = (service: string, rest = '') => `services:\n  web:\n${service.replace(/^/gm, '    ')}\n${rest}`
const user = '  user:\n    image: registry.example.com/a:1\n    depends_on: [web]\n'
const deployment = (container: string, spec = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {${spec}template: {metadata: {labels: {app: shop}}, spec: {containers: [${container}]}}}\n`

test.each([
  ['a server', server, 'no'],
  ['a check', `${server}HEALTHCHECK CMD ["a"]\n`, 'yes'],
  ['a check of the stage it builds on', `FROM node:22 AS a\nHEALTHCHECK CMD b\nFROM a\nEXPOSE 80\nCMD ["c"]\n`, 'yes'],
  ['a check of a stage that it only copies from', `FROM node:22 AS a\nHEALTHCHECK CMD b\n${server}`, 'no'],
  ['NONE', `${server}HEALTHCHECK NONE\n`, 'none-needed'],
  ['NONE against the base', 'FROM mysql/mysql-server:8.0\nHEALTHCHECK NONE\n', 'no'],
  [
    'NONE against the base, explained',
    'FROM mysql/mysql-server:8.0\n# The cluster asks.\nHEALTHCHECK NONE\n',
    'none-needed'
  ],
  ['a base that brings one', 'FROM mysql/mysql-server:8.0\n', 'yes'],
  ['a server as base', 'FROM nginx:1.27\nCOPY a /b\n', 'no'],
  ['a server by its command', 'FROM python:3.13\nCMD ["gunicorn", "a:b"]\n', 'no'],
  ['a server by the name of its program', 'FROM debian:12\nCMD ["/app/bin/server"]\n', 'no'],
  ['an observer', 'FROM debian:12\nCMD ["/app/bin/observer"]\n', 'none-needed'],
  ['a tool', 'FROM python:3.13\nENTRYPOINT ["python", "a.py"]\n', 'none-needed'],
  ['a base image', 'FROM node:22\nEXPOSE 80\nCMD ["node"]\nONBUILD COPY . .\n', 'none-needed'],
  ['nothing to start', 'FROM debian:12\nEXPOSE 80\n', 'none-needed'],
  ['scratch', 'FROM scratch\nEXPOSE 80\nCMD ["/a"]\n', 'none-needed'],
  ['distroless with a language', 'FROM gcr.io/distroless/nodejs22-debian12\nEXPOSE 80\nCMD ["a.js"]\n', 'no'],
  ['an unknown base', 'FROM registry.example.com/base:1\nEXPOSE 80\nCMD ["a"]\n', 'unknown'],
  ['a computed base', 'ARG BASE\nFROM $BASE\nEXPOSE 80\nCMD ["a"]\n', 'unknown']
])('it judges an image with %s', async (_, text, health) => {
  expect(await one({ Dockerfile: text }, 'image')).toEqual([health])
})

test.each([
  ['docker/web/Dockerfile', 'no'],
  ['build/package/Dockerfile', 'no'],
  ['test/Dockerfile', 'none-needed'],
  ['Dockerfile.dev', 'none-needed'],
  ['dev.Dockerfile', 'none-needed'],
  ['.devcontainer/Dockerfile', 'none-needed'],
  ['e2e-tests/Dockerfile', 'none-needed'],
  ['contest/Dockerfile', 'no']
])('it knows what %s is for', async (path, health) => {
  expect(await one({ [path]: server }, 'image')).toEqual([health])
})

test('it judges the last stage and those that a workflow builds', async () => {
  const Dockerfile = 'FROM nginx:1 AS web\nFROM nginx:1 AS worker\nFROM nginx:1 AS other\nFROM nginx:1\n'
  const steps = (target: string) =>
    `      - uses: docker/build-push-action@v6\n        with: {context: ., target: ${target}}\n`
  const ci = `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${steps('web')}${steps('worker')}`
  expect(await units({ Dockerfile, '.github/workflows/a.yml': ci }, 'image')).toEqual([
    'Dockerfile:4 no',
    'Dockerfile:1 no',
    'Dockerfile:2 none-needed'
  ])
})

test.each([
  ['a check that is gone', 'FROM acme/base:1', 'FROM acme/base:1', 'no'],
  ['a check that is gone and a newer image', 'FROM acme/base:1', 'FROM acme/base:2', 'no'],
  ['a check that went with its image', 'FROM acme/base:1', 'FROM acme/checked:1', 'unknown'],
  ['a check that is gone from a computed image', 'ARG A\nFROM $A', 'ARG A\nFROM $A', 'no'],
  ['no check before', 'FROM acme/base:1\nHEALTHCHECK NONE', 'FROM acme/base:1', 'unknown']
])('it judges an image that it does not know, with %s', async (_, from, to, health) => {
  const start = '\nEXPOSE 80\nCMD ["a"]\n'
  const base = { Dockerfile: `${from}${from.includes('NONE') ? '' : '\nHEALTHCHECK CMD b'}${start}` }
  const { units: found } = await repoOf({ base, head: { Dockerfile: `${to}${start}` } })
  expect(found.map(unit => unit.health)).toEqual([health])
})

test.each([
  ['dev-envs', '--target app', 'none-needed'],
  ['dev-envs', '--pull', 'no'],
  ['release', '--target app', 'no']
])('it judges a last stage %s beside a build with %s', async (name, build, health) => {
  const Dockerfile = `${server.replace('\n', ' AS app\n')}FROM app AS ${name}\nCMD ["node", "b.js"]\n`
  const ci = `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: docker build ${build} .\n`
  const [last] = await units({ Dockerfile, '.github/workflows/a.yml': ci }, 'image')
  expect(last).toBe(`Dockerfile:4 ${health}`)
})

test.each([
  [
    'a workload that runs what a workflow builds',
    'k8s/a.yaml',
    deployment('{name: web, image: ghcr.io/a/shop:1, ports: [{containerPort: 1}]}')
  ],
  [
    'the only workload with an image of its own',
    'k8s/a.yaml',
    deployment('{name: web, image: ghcr.io/a/other, ports: [{containerPort: 1}]}')
  ],
  ['a chart', 'chart/Chart.yaml', 'apiVersion: v2\nname: shop\n'],
  ['a platform with checks of its own', 'fly.toml', 'app = "a"\n'],
  ['an action', 'action.yml', 'name: a\nruns: {using: docker, image: Dockerfile}\n'],
  ['an image that builds on it', 'b/Dockerfile', 'FROM shop\n']
])('it asks no HEALTHCHECK of an image for %s', async (_, path, text) => {
  const ci =
    'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: docker build -t shop:${{ github.sha }} .\n'
  const found = await units({ Dockerfile: server, [path]: text, '.github/workflows/a.yml': ci }, 'image')
  expect(found).toContain('Dockerfile:1 none-needed')
})

test('it asks one of an image beside a workload that runs something else', async () => {
  const files = { Dockerfile: server, 'k8s/a.yaml': deployment('{name: db, image: "postgres:17"}') }
  expect(await one(files, 'image')).toEqual(['no'])
})

test.each([
  ['needed by another', 'image: redis:7', user, 'no'],
  ['needed by nobody', 'image: redis:7', '', 'none-needed'],
  ['checked', 'image: redis:7\nhealthcheck: {test: [CMD, redis-cli, ping]}', user, 'yes'],
  ['not checked on purpose', 'image: redis:7\nhealthcheck: {disable: true}', user, 'none-needed'],
  ['given an interval alone', 'image: redis:7\nhealthcheck: {interval: 5s}', user, 'no'],
  [
    'given an interval for the check of its image',
    'image: mysql/mysql-server:8.0\nhealthcheck: {interval: 5s}',
    user,
    'yes'
  ],
  ['of an unknown image', 'image: registry.example.com/b:1', user, 'unknown'],
  ['of a computed image with a default', 'image: "${REDIS:-redis:7}"', user, 'no'],
  [
    'a job',
    'image: redis:7',
    user.replace('[web]', '{web: {condition: service_completed_successfully}}'),
    'none-needed'
  ],
  ['an admin tool', 'image: adminer:5', user, 'none-needed'],
  ['behind a profile', 'image: redis:7\nprofiles: [debug]', user, 'none-needed'],
  ['behind a profile that is deployed', 'image: redis:7\nprofiles: [cache]', user, 'no'],
  [
    'waited for by tools alone',
    'image: redis:7',
    '  t:\n    image: redis/redisinsight\n    depends_on: [web]\n',
    'none-needed'
  ],
  ['built here', 'build: .\nports: ["80:80"]', '', 'no'],
  ['built here for development', 'build: .\nports: ["80:80"]\nvolumes: [".:/app"]', '', 'none-needed'],
  ['built here with a file mounted', 'build: .\nports: ["80:80"]\nvolumes: ["./a.conf:/a.conf"]', '', 'no'],
  ['built elsewhere', 'build: https://example.com/a.git\nports: ["80:80"]', user, 'unknown']
])('it judges a compose service %s', async (_, service, rest, health) => {
  const found = await units({ 'compose.yml': compose(service, rest), Dockerfile: server }, 'compose-service')
  expect(found).toContain(`compose.yml:2 ${health}`)
})

test.each([
  ['compose.yml', 'no'],
  ['deploy/docker-compose.prod.yml', 'no'],
  ['compose.override.yml', 'none-needed'],
  ['docker-compose.dev.yml', 'none-needed'],
  ['examples/compose.yml', 'none-needed']
])('it knows what %s is for', async (path, health) => {
  expect((await one({ [path]: compose('image: redis:7', user) }, 'compose-service'))[0]).toBe(health)
})

test('it counts the check of a file that is laid over', async () => {
  const files = {
    'compose.yml': compose('image: redis:7', user),
    'compose.prod.yml': compose('healthcheck: {test: [CMD, a]}')
  }
  expect((await one(files, 'compose-service'))[0]).toBe('yes')
})

test('it judges a built image once, where it runs', async () => {
  const files = { Dockerfile: server, 'compose.yml': compose('build: .\nports: ["80:80"]') }
  expect(await one(files, 'compose-service')).toEqual(['no'])
  expect(await one(files, 'image')).toEqual(['none-needed'])
  const { units } = await repoOf(files)
  expect(units.find(({ kind }) => kind === 'compose-service')?.paths).toEqual(['compose.yml', 'Dockerfile'])
})

const port = 'ports: [{containerPort: 80}]'
test.each([
  ['without a probe', `{name: a, image: b, ${port}}`, 'no'],
  ['with a readiness probe', `{name: a, image: b, ${port}, readinessProbe: {httpGet: {port: 80}}}`, 'yes'],
  ['with a liveness probe', `{name: a, image: b, ${port}, livenessProbe: {httpGet: {port: 80}}}`, 'yes'],
  ['with a startup probe alone', `{name: a, image: b, ${port}, startupProbe: {httpGet: {port: 80}}}`, 'no'],
  ['of a worker', '{name: a, image: b}', 'none-needed'],
  ['of a known server', '{name: a, image: "redis:7"}', 'no'],
  ['of an agent', `{name: istio-proxy, image: b, ${port}}`, 'none-needed'],
  ['that only sleeps', `{name: a, image: b, ${port}, command: [sleep, infinity]}`, 'none-needed']
])('it judges a container %s', async (_, container, health) => {
  expect(await one({ 'k8s/a.yaml': deployment(container) }, 'workload')).toEqual([health])
})

test('it takes a container that a Service selects for a server', async () => {
  const service = (app: string) => `---\napiVersion: v1\nkind: Service\nspec: {selector: {app: ${app}}}\n`
  const worker = deployment('{name: a, image: b}')
  expect(await one({ 'k8s/a.yaml': worker + service('shop') }, 'workload')).toEqual(['no'])
  expect(await one({ 'k8s/a.yaml': worker + service('other') }, 'workload')).toEqual(['none-needed'])
})

test.each([
  [
    'a job',
    `apiVersion: batch/v1\nkind: Job\nspec: {template: {spec: {containers: [{name: a, image: b, ${port}}]}}}\n`
  ],
  ['no replicas', deployment(`{name: a, image: b, ${port}}`, 'replicas: 0, ')],
  [
    'a Knative service',
    `apiVersion: serving.knative.dev/v1\nkind: Service\nspec: {template: {spec: {containers: [{image: b, ${port}}]}}}\n`
  ],
  ['a generated file', `# Code generated by a tool. DO NOT EDIT.\n${deployment(`{name: a, image: b, ${port}}`)}`]
])('it asks no probe of %s', async (_, text) => {
  expect(await one({ 'k8s/a.yaml': text }, 'workload')).toEqual(['none-needed'])
})

test('it reads Kustomize: patches say part, and bundles say it again', async () => {
  const files = {
    'k8s/base/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
    'k8s/base/a.yaml': deployment(`{name: a, image: b, ${port}}`),
    'k8s/base/patch.yaml': deployment('{name: a, env: []}'),
    'k8s/install.yaml': deployment(`{name: a, image: b, ${port}}`)
  }
  expect(await units(files, 'workload')).toEqual([
    'k8s/base/a.yaml:4 no',
    'k8s/base/patch.yaml:4 none-needed',
    'k8s/install.yaml:4 none-needed'
  ])
  const probe = deployment(`{name: a, readinessProbe: {httpGet: {port: 80}}}`)
  expect((await one({ ...files, 'k8s/base/patch.yaml': probe }, 'workload'))[0]).toBe('yes')
})

test('it does not know what the templates of a chart run', async () => {
  const files = {
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\n',
    'chart/templates/deployment.yaml': '{{ .Values.a }}'
  }
  const { units } = await repoOf(files)
  expect(units).toMatchObject([{ kind: 'workload', health: 'unknown', paths: ['chart/templates/deployment.yaml'] }])
})

const job = (service: string, steps = '      - run: make test\n', rest = '') =>
  `on: push\njobs:\n  a:\n    runs-on: x\n${rest}    services:\n      db:\n${service.replace(/^/gm, '        ')}\n    steps:\n${steps}`
test.each([
  ['a database', job('image: postgres:17\nports: [5432]'), 'no'],
  ['a database with a check', job('image: postgres:17\nports: [5432]\noptions: --health-cmd pg_isready'), 'yes'],
  ['other options', job('image: postgres:17\nports: [5432]\noptions: --tmpfs /data'), 'no'],
  ['computed options', job('image: postgres:17\nports: [5432]\noptions: ${{ matrix.o }}'), 'unknown'],
  ['an image that brings a check', job('image: mysql/mysql-server:8.0\nports: [3306]'), 'yes'],
  ['no ports', job('image: postgres:17'), 'none-needed'],
  ['no ports, beside a job in a container', job('image: postgres:17', undefined, '    container: node:22\n'), 'no'],
  ['an unknown image', job('image: registry.example.com/a\nports: [1]'), 'none-needed'],
  [
    'a step that waits',
    job('image: postgres:17\nports: [5432]', '      - run: until pg_isready; do sleep 1; done\n'),
    'none-needed'
  ]
])('it judges a service of a job with %s', async (_, text, health) => {
  expect(await units({ '.github/workflows/a.yml': text }, 'job-service')).toEqual([
    `.github/workflows/a.yml:${text.split('\n').indexOf('      db:') + 1} ${health}`
  ])
})

test.each([
  ['a/compose.override.yml', 'a/compose.yaml', 'a/compose.yaml'],
  ['docker-compose.override.yml', 'docker-compose.yml', 'docker-compose.yml'],
  ['compose.override.yml', 'docker-compose.yml', 'docker-compose.yml'],
  ['a/compose.override.yml', 'compose.yml', undefined],
  ['compose.prod.yml', 'compose.yml', undefined]
])('it lays %s over %s: %s', async (path, base, overrides) => {
  const text = compose('image: redis:7')
  const { composes } = await repoOf({ [path]: text, [base]: text })
  expect(composes.find(each => each.path === path)?.overrides).toBe(overrides)
})
