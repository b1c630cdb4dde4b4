import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/no-healthcheck.js'
import { problems, repoOf, unreads } from '../../helpers.js'

const edits = async (Dockerfile: string) =>
  run([rule], await repoOf({ Dockerfile }), () => ({})).found.flatMap(({ problem }) => problem.edits ?? [])

test('it points at the FROM of the last stage', async () => {
  const Dockerfile = 'FROM node:22 AS build\nRUN a\n\nFROM node:22-slim\nEXPOSE 80\nCMD ["node"]\n'
  expect(await problems(rule, { Dockerfile })).toEqual([
    'Dockerfile:4:1 the image listens on 80 and nothing asks whether it still answers: node:22-slim brings no HEALTHCHECK and none is added'
  ])
  expect(await problems(rule, { Dockerfile: `${Dockerfile}HEALTHCHECK CMD ["a"]\n` })).toEqual([])
})

test('it offers a check that the base image can run, above what starts the server', async () => {
  const found = await edits('FROM alpine:3.22\nEXPOSE 8080/tcp\n# Starts.\nENTRYPOINT ["/a"]\nCMD ["b"]\n')
  expect(found).toMatchObject([
    {
      at: { line: 3, column: 1, endLine: 3, endColumn: 1 },
      text: 'HEALTHCHECK --interval=30s --timeout=5s CMD ["wget","-q","-T","3","-O","/dev/null","http://127.0.0.1:8080/"]\n'
    }
  ])
})

test.each([
  ['several ports', 'FROM alpine\nEXPOSE 80 81\nCMD ["a"]\n'],
  ['a computed port', 'FROM alpine\nEXPOSE $PORT\nCMD ["a"]\n'],
  ['a port of another protocol', 'FROM alpine\nEXPOSE 53/udp\nCMD ["a"]\n'],
  ['nothing to put it above', 'FROM nginx:1.27\n']
])('it offers none with %s', async (_, text) => {
  expect(await problems(rule, { Dockerfile: text })).toHaveLength(1)
  expect(await edits(text)).toEqual([])
})

test('it says once which images it does not know', async () => {
  const text = 'FROM registry.example.com/base:1\nEXPOSE 80\nCMD ["a"]\n'
  const files = { Dockerfile: text, 'b/Dockerfile': text }
  expect(await problems(rule, files)).toEqual([])
  expect(await unreads(rule, files)).toEqual([
    'health checks of images: whether registry.example.com/base:1 brings HEALTHCHECK is not known (and 1 more)'
  ])
})
