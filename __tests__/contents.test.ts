import { expect, test } from '@jest/globals'
import { mayFill, shelllessOf } from '../src/contents.js'
import { readDockerfile } from '../src/parse/dockerfile.js'

const read = (text: string) => readDockerfile('Dockerfile', text)

test('knows which instructions lack a shell, and the base to blame', () => {
  const found = shelllessOf(read('FROM scratch AS a\nRUN b\nFROM alpine\nRUN b\nFROM a\nCMD b\nSHELL ["c"]\nCMD d\n'))
  expect([...found].map(([{ at }, base]) => `${at.line} ${base}`)).toEqual(['2 scratch', '6 scratch'])
})

test.each([
  ['COPY rootfs /usr', true],
  ['COPY rootfs /usr/', true],
  ['COPY rootfs/* /usr', true],
  ['COPY a.b rootfs /usr', true],
  ['ADD a.tgz /usr', true],
  ['COPY a $B', true],
  ['COPY a .', true],
  ['COPY a.tgz /usr', false],
  ['COPY a.b /usr', false],
  ['COPY x/bin/a /usr', false],
  ['COPY app /usr', false],
  ['COPY rootfs /srv', false],
  ['COPY rootfs /usr/lib', false],
  ['COPY a b', false],
  ['COPY <<E /usr\nE', false],
  ['USER /usr', false]
])('%s', (line, expected) => {
  const [stage] = read(`FROM a\n${line}\nCMD ["/app"]\n`).stages
  expect(mayFill(stage!.instructions[1]!, stage!, new Set(['/usr']))).toBe(expected)
})
