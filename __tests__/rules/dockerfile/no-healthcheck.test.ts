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
  ['a variable that is exposed', 'FROM alpine\nENV PORT=81\nEXPOSE $PORT\nCMD ["a"]\n', '81/'],
  ['a variable among several', 'FROM alpine\nENV PORT=81\nEXPOSE 80 81\nCMD ["a"]\n', '81/'],
  ['a variable alone', 'FROM node:22-slim\nENV PORT=81\nCMD ["node", "server.js"]\n', '81/'],
  ['an option', 'FROM python:3.13-slim\nCMD ["gunicorn", "-b", "0.0.0.0:81", "a:b"]\n', '81/'],
  ['an option with its value', 'FROM python:3.13-slim\nCMD uvicorn a:b --port=81\n', '81/'],
  ['the port of a server', 'FROM nginx:1.29\nCMD ["nginx"]\n', '80/'],
  ['another port of a server', 'FROM nginx:1.29\nEXPOSE 8080\nCMD ["nginx"]\n', '8080/'],
  ['another port by bash', 'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nEXPOSE 5000\nCMD ["a"]\n', '/5000']
])('it asks the port of %s', async (_, Dockerfile, port) => {
  const found = await edits(Dockerfile)
  expect(found).toHaveLength(1)
  expect(found[0]?.text).toContain('127.0.0.1')
  expect(found[0]?.text.split('127.0.0.1')[1]).toContain(port)
  const lines = Dockerfile.split('\n')
  lines.splice((found[0]?.at.line ?? 1) - 1, 0, found[0]?.text.trimEnd() ?? '')
  expect(await problems(rule, { Dockerfile: lines.join('\n') })).toEqual([])
})

test.each([
  ['several ports of a server', 'FROM nginx:1.29\nEXPOSE 81 82\nCMD ["nginx"]\n'],
  ['a variable that is not exposed', 'FROM alpine\nENV PORT=83\nEXPOSE 81 82\nCMD ["a"]\n'],
  ['a computed option', 'FROM python:3.13-slim\nCMD uvicorn a:b --port $P\n'],
  ['two options', 'FROM python:3.13-slim\nCMD gunicorn -b :81 -b :82 a\n'],
  ['a Node without fetch', 'FROM node:16-slim\nEXPOSE 80\nCMD ["node"]\n'],
  ['a Python of old', 'FROM python:2.7-slim\nEXPOSE 80\nCMD ["python"]\n'],
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
