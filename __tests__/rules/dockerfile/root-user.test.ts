import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/root-user.js'
import { problems } from '../../helpers.js'

const places = async (files: Record<string, string>) => (await problems(rule, files)).map(each => each.split(' ')[0])
const server = 'EXPOSE 8080\nCMD ["./server"]'

test.each([
  ['USER root', 'FROM acme/base:1\nUSER root', '2:6'],
  ['USER 0', 'FROM acme/base:1\nUSER 0', '2:6'],
  ['USER with a group', 'FROM acme/base:1\nUSER 0:0', '2:6'],
  ['USER root after another', 'FROM acme/base:1\nUSER app\nUSER root\nRUN x', '3:6'],
  ['USER by a variable', 'FROM acme/base:1\nARG UID=0\nUSER $UID', '3:6'],
  ['USER of the parent stage', 'FROM acme/base:1 AS a\nUSER root\nFROM a', '2:6'],
  ['a base that is root', `FROM node:22\n${server}`, '1:6'],
  ['a base that is root, behind a stage', `FROM node:22 AS a\nFROM a\n${server}`, '2:6'],
  ['a base by default', `ARG V=22\nFROM node:$V\n${server}`, '2:6'],
  ['nothing below it', `FROM scratch\n${server}`, '1:6'],
  [
    'a builder under another account',
    `FROM golang:1 AS b\nUSER app\nFROM alpine:3\nCOPY --from=b /x /x\n${server}`,
    '3:6'
  ],
  ['a server without EXPOSE', 'FROM python:3.13\nCMD ["gunicorn", "app"]', '1:6'],
  ['a server in shell form', 'FROM python:3.13\nCMD exec gunicorn app', '1:6'],
  ['an entrypoint over one that steps down', `FROM redis:8\nENTRYPOINT ["node"]\n${server}`, '1:6']
])('reports %s', async (_, text, place) => expect(await places({ Dockerfile: text })).toEqual([`Dockerfile:${place}`]))

test.each([
  ['another user', `FROM node:22\nUSER node\n${server}`],
  ['a number', `FROM node:22\nUSER 1000:0\n${server}`],
  ['a user of the parent stage', `FROM node:22 AS a\nUSER node\nFROM a\n${server}`],
  ['a user that only the build knows', `FROM node:22\nARG UID\nUSER $UID\n${server}`],
  ['root for a while', `FROM node:22\nUSER root\nRUN x\nUSER node\n${server}`],
  ['root in a builder', `FROM node:22 AS b\nUSER root\nFROM acme/base:1\n${server}`],
  ['a base that nobody knows', `FROM acme/base:1\n${server}`],
  ['a base by a variable without a default', `ARG BASE\nFROM $BASE\n${server}`],
  ['a base that is not root', `FROM gcr.io/distroless/static:nonroot\n${server}`],
  ['a digest alone, of an image with both', `FROM gcr.io/distroless/static@sha256:${'a1'.repeat(32)}\n${server}`],
  ['a tool', 'FROM node:22\nENTRYPOINT ["my-tool"]'],
  ['nothing that starts', 'FROM node:22\nEXPOSE 80'],
  ['an image for others', `FROM node:22\nONBUILD COPY . .\n${server}`],
  ['a base that steps down', 'FROM postgres:17\nCOPY init.sql /docker-entrypoint-initdb.d/'],
  [
    'a server whose workers step down',
    'FROM nginx:1.29\nCOPY site /usr/share/nginx/html\nEXPOSE 80\nCMD ["nginx", "-g", "daemon off;"]'
  ],
  ['gosu in the entrypoint', `FROM debian:13\nENTRYPOINT ["gosu", "app", "server"]\n${server}`],
  ['gosu installed', `FROM debian:13\nRUN apt-get install -y gosu\nENTRYPOINT ["/start"]\n${server}`],
  ['USER root before su-exec', 'FROM acme/base:1\nRUN apk add su-exec\nUSER root\nENTRYPOINT ["/start"]'],
  ['s6', `FROM alpine:3\nEXPOSE 80\nENTRYPOINT ["/init"]`],
  ['an entrypoint script that was not read', 'FROM debian:13\nUSER root\nENTRYPOINT ["/entrypoint.sh"]']
])('accepts %s', async (_, text) => expect(await places({ Dockerfile: text })).toEqual([]))

test.each([
  ['test/Dockerfile', 0],
  ['examples/api/Dockerfile', 0],
  ['.devcontainer/Dockerfile', 0],
  ['Dockerfile.dev', 0],
  ['api/Dockerfile', 1]
])('looks at what is deployed: %s', async (path, count) =>
  expect(await places({ [path]: `FROM node:22\n${server}` })).toHaveLength(count)
)

test.each([
  ['exec gosu app "$@"', 0],
  ['exec "$@"', 1]
])('reads the entrypoint script: %s', async (line, count) => {
  const files = { Dockerfile: `FROM debian:13\nCOPY entrypoint.sh /\nENTRYPOINT ["/entrypoint.sh"]\n${server}` }
  expect(await places({ ...files, 'entrypoint.sh': `#!/bin/sh\nset -e\n${line}\n` })).toHaveLength(count)
})

test('looks at the stages that builds target', async () => {
  const files = {
    Dockerfile: `FROM node:22 AS api\n${server}\nFROM node:22 AS worker\nUSER node\n${server}\n`,
    'compose.yaml': 'services:\n  api:\n    build:\n      context: .\n      target: api\n'
  }
  expect(await places(files)).toEqual(['Dockerfile:1:6'])
  expect(await places({ Dockerfile: files.Dockerfile })).toEqual([])
})

test.each([
  ['8080', 'the image listens on 8080 as root'],
  ['$PORT', 'the image listens as root']
])('says where it listens: %s', async (port, words) => {
  const [only] = await problems(rule, { Dockerfile: `FROM node:22\nEXPOSE ${port}\nCMD ["node", "a.js"]\n` })
  expect(only).toContain(`${words}: no USER is set`)
})
