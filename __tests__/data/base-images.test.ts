import { expect, test } from '@jest/globals'
import { imageFacts } from '../../src/data/base-images.js'

test.each([
  ['node:22-slim', 'root'],
  ['node', 'root'],
  ['docker.io/library/node:22', 'root'],
  ['public.ecr.aws/docker/library/node:22', 'root'],
  ['gcr.io/distroless/static:nonroot', '65532'],
  ['gcr.io/distroless/static-debian12:nonroot', '65532'],
  ['gcr.io/distroless/static-debian12', 'root'],
  ['gcr.io/distroless/static-debian12:nonroot@sha256:aa', '65532'],
  ['nginxinc/nginx-unprivileged:1.27', '101'],
  ['grafana/grafana:11.0.0', '472']
])('knows the user of %s', (name, user) => expect(imageFacts(name)?.user).toBe(user))

test.each([['acme/api:1'], ['localhost:5000/node:22'], ['node:${VERSION}'], ['$IMAGE'], [''], ['nodes'], [':']])(
  'knows nothing of %s',
  name => expect(imageFacts(name)).toBeUndefined()
)

test('takes the first row whose tags fit', () => {
  expect(imageFacts('nginx:1.27-alpine')?.pkg).toBe('apk')
  expect(imageFacts('nginx:1.27')?.pkg).toBe('apt')
})

test('gives only what all tags share where a digest stands alone', () => {
  expect(imageFacts('gcr.io/distroless/static@sha256:aa')?.user).toBeUndefined()
  expect(imageFacts('node@sha256:aa')?.user).toBe('root')
})

test('tells who steps down from root by itself, and who does not', () => {
  expect(imageFacts('postgres:17')?.dropsTo).toBe('postgres')
  expect(imageFacts('nginx:1.27')?.dropsTo).toBeUndefined()
})
