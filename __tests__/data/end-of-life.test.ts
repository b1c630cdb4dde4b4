import { expect, test } from '@jest/globals'
import { endOfLifeOf, KNOWN_AS_OF } from '../../src/data/end-of-life.js'

test.each([
  ['node', '16', 'Node.js 16'],
  ['node', '16.20-alpine3.18', 'Node.js 16'],
  ['docker.io/library/node', '18', 'Node.js 18'],
  ['golang', '1.20.3', 'Go 1.20'],
  ['openjdk', '16-jdk', 'Java 16'],
  ['mcr.microsoft.com/dotnet/sdk', '6.0', '.NET 6'],
  ['ubuntu', 'bionic', 'Ubuntu 18.04'],
  ['ubuntu', '18.04', 'Ubuntu 18.04'],
  ['node', '22-alpine3.15', 'Alpine 3.15'],
  ['acme/tool', '1-slim-stretch', 'Debian 9']
])('%s:%s holds %s', (image, tag, what) => expect(endOfLifeOf(image, tag)?.what).toBe(what))

test.each([
  ['node', '22'],
  ['node', '160'],
  ['node', 'lts'],
  ['python', '3'],
  ['python', '3.14'],
  ['alpine', '3.24'],
  ['debian', 'stable'],
  ['acme/node', '16'],
  ['acme/tool', 'stretched']
])('nothing is known against %s:%s', (image, tag) => expect(endOfLifeOf(image, tag)).toBeUndefined())

test('no day lies ahead of the day of the table', () => {
  expect(KNOWN_AS_OF).toMatch(/^\d{4}-\d\d-\d\d$/)
  for (const tag of ['3.10', '3.9', '3.8', '2.7']) {
    const { day } = endOfLifeOf('python', tag)!
    expect(day <= KNOWN_AS_OF).toBe(true)
  }
})
