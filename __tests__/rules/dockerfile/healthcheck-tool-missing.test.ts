import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/healthcheck-tool-missing.js'
import { problems } from '../../helpers.js'

const CHECK = 'HEALTHCHECK CMD curl -f http://localhost/'

test.each([
  ['debian', 'debian:12-slim', CHECK, 'curl is not in debian:12-slim, and nothing here installs it'],
  ['alpine', 'alpine:3.22', CHECK, 'curl is not in alpine:3.22, and nothing here installs it'],
  [
    'wget',
    'python:3.13-slim',
    'HEALTHCHECK CMD ["wget", "x"]',
    'wget is not in python:3.13-slim, and nothing here installs it'
  ],
  ['netcat', 'node:22', 'HEALTHCHECK CMD nc -z localhost 80', 'nc is not in node:22, and nothing here installs it'],
  ['a path', 'alpine', 'HEALTHCHECK CMD /usr/bin/curl x', 'curl is not in alpine, and nothing here installs it'],
  [
    'another package',
    'alpine',
    `RUN apk add --no-cache libcurl curl-dev\n${CHECK}`,
    'curl is not in alpine, and nothing here installs it'
  ],
  ['a copied file', 'alpine', `COPY app.js /usr/bin/\n${CHECK}`, 'curl is not in alpine, and nothing here installs it'],
  ['a package removed', 'alpine', `RUN apk add curl && curl x && apk del curl\n${CHECK}`, 'curl is removed again'],
  ['a group removed', 'alpine', `RUN apk add --virtual .d curl a\nRUN apk del .d\n${CHECK}`, 'curl is removed again'],
  [
    'a package purged',
    'debian:12',
    `RUN apt-get install -y curl\nRUN apt-get purge -y --auto-remove curl\n${CHECK}`,
    'curl is removed again'
  ]
])('%s', async (_, image, lines, message) => {
  const line = lines.split('\n').length + 1
  const found = await problems(rule, { Dockerfile: `FROM ${image}\n${lines}\n` })
  expect(found.map(each => each.replace(/:\d+ /, ' '))).toEqual([
    `Dockerfile:${line} ${message}: the check fails each time`
  ])
})

test.each([
  ['a base that has it', 'node:22', CHECK],
  ['the wget of busybox', 'alpine', 'HEALTHCHECK CMD wget -q x'],
  ['the nc of busybox', 'node:22-alpine', 'HEALTHCHECK CMD nc -z localhost 80'],
  ['apk', 'alpine', `RUN apk add --no-cache curl=8.1\n${CHECK}`],
  [
    'apt',
    'debian:12',
    `RUN apt-get update && apt-get install -y --no-install-recommends \\\n  ca-certificates curl\n${CHECK}`
  ],
  ['a package that needs it', 'alpine', `RUN apk add alpine-sdk\n${CHECK}`],
  ['sudo', 'debian:12', `RUN sudo apt-get install -y curl\n${CHECK}`],
  ['microdnf', 'debian:12', `RUN microdnf install curl-minimal\n${CHECK}`],
  ['another netcat', 'debian:12', 'RUN apt-get install -y netcat-openbsd\nHEALTHCHECK CMD nc -z localhost 80'],
  ['a copy', 'alpine', `COPY --from=x /usr/bin/curl /usr/local/bin/\n${CHECK}`],
  ['a copy under its name', 'alpine', `COPY --from=x /static /usr/bin/curl\n${CHECK}`],
  ['a copied folder', 'alpine', `COPY rootfs/ /\n${CHECK}`],
  ['a download', 'alpine', `RUN wget -O /usr/bin/curl x\n${CHECK}`],
  ['computed packages', 'alpine', `RUN apk add $PACKAGES\n${CHECK}`],
  ['packages of a file', 'debian:12', `RUN xargs apt-get install -y < list\n${CHECK}`],
  ['a package of a file', 'debian:12', `RUN apt-get install -y ./a.deb\n${CHECK}`],
  ['a script', 'alpine', `RUN ./install.sh\n${CHECK}`],
  ['a script for a shell', 'alpine', `RUN sh install\n${CHECK}`],
  ['a stage that it builds on', 'alpine AS a', `RUN apk add curl\nFROM a\n${CHECK}`],
  ['a stage that builds on it', 'alpine AS a', `${CHECK}\nFROM a\nRUN apk add curl`],
  ['an unknown base', 'x.io/a', CHECK],
  ['a base that is known by its registry alone', 'cgr.dev/chainguard/jdk:latest-dev', CHECK],
  ['a program of its own folder', 'alpine', 'HEALTHCHECK CMD /app/curl x'],
  ['a removed check', 'alpine', `${CHECK}\nHEALTHCHECK NONE`],
  ['a group removed that is not alone', 'alpine', `RUN apk add -t .d curl\nRUN apk add curl\nRUN apk del .d\n${CHECK}`]
])('%s is fine', async (_, image, lines) => {
  expect(await problems(rule, { Dockerfile: `FROM ${image}\n${lines}\n` })).toEqual([])
})

test('it points at the program, once for all stages that inherit the check', async () => {
  const Dockerfile = `FROM alpine AS a\n${CHECK}\nFROM a AS b\nFROM a\n`
  const found = await problems(rule, { Dockerfile })
  expect(found.map(line => line.split(' ')[0])).toEqual(['Dockerfile:2:17'])
})
