import { expect, test } from '@jest/globals'
import { imageNameOf, isImageName } from '../src/images.js'

test.each([
  ['node', { registry: 'docker.io', name: 'node' }],
  ['acme/tool:1', { registry: 'docker.io', name: 'acme/tool', tag: '1' }],
  ['localhost:5000/tool', { registry: 'localhost:5000', name: 'localhost:5000/tool' }],
  ['localhost/tool:1', { registry: 'localhost', name: 'localhost/tool', tag: '1' }],
  ['ghcr.io/acme/tool:1@sha256:ab', { registry: 'ghcr.io', name: 'ghcr.io/acme/tool', tag: '1', digest: 'sha256:ab' }],
  ['node.js:22', { registry: 'docker.io', name: 'node.js', tag: '22' }],
  ['', { registry: 'docker.io', name: '' }]
])('takes %j apart', (written, parts) => expect(imageNameOf(written)).toEqual(parts))

test.each([
  'node',
  'node:22-slim',
  'acme/some--tool_x.y:V1',
  'Registry.local/acme/tool',
  'localhost:5000/tool',
  `node:22@sha256:${'a1'.repeat(32)}`
])('%s could be an image', name => expect(isImageName(name)).toBe(true))

test.each([
  '',
  ':22',
  'node:',
  'node:a:b',
  'node:-a',
  'Node',
  '/tool',
  'acme//tool',
  'acme/',
  'a..b',
  'a___b',
  '-a',
  'a b',
  'node@sha256:',
  'node@',
  `node:${'a'.repeat(129)}`,
  'a'.repeat(100_000)
])('%s could not', name => expect(isImageName(name)).toBe(false))
