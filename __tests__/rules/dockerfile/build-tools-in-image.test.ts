import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/build-tools-in-image.js'
import { problems } from '../../helpers.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

test.each([
  ['a compiler with a number and a version', 'FROM a:1\nRUN apt-get install -y gcc-14=14.2.0-1\nCMD ["x"]', ['2:24']],
  ['a compiler', 'FROM a:1\nRUN apk add gcc musl-dev\nCMD ["x"]', ['2:13']],
  ['headers beside it', 'FROM a:1\nRUN apt-get install -y curl make libpq-dev\nENTRYPOINT ["x"]', ['2:29']],
  ['a compiler of the parent stage', 'FROM a:1 AS b\nRUN apk add gcc\nFROM b\nCMD ["x"]', ['2:13']],
  [
    'other tools that are removed',
    'FROM a:1\nRUN apk add gcc && apk add -t .d make && apk del .d\nCMD ["x"]',
    ['2:13']
  ],
  ['a toolchain as base', 'FROM golang:1.25\nCOPY . .\nRUN go build -o /x\nCMD ["/x"]', ['1:6']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['a builder', 'FROM a:1 AS b\nRUN apk add gcc\nFROM c\nCMD ["x"]'],
  ['tools that are removed', 'FROM a:1\nRUN apk add gcc && make && apk del gcc\nCMD ["x"]'],
  ['a virtual package', 'FROM a:1\nRUN apk add -t .d gcc && make && apk del .d\nCMD ["x"]'],
  ['headers alone', 'FROM a:1\nRUN apk add libpq-dev\nCMD ["x"]'],
  ['no command', 'FROM a:1\nRUN apk add gcc'],
  ['an image for development', 'FROM a:1 AS dev\nRUN apk add gcc\nCMD ["x"]'],
  ['a script that builds', 'FROM a:1\nRUN apk add gcc\nCMD ["/x/build.sh"]'],
  ['a shell', 'FROM a:1\nRUN apk add gcc\nCMD ["bash"]'],
  ['the toolchain at work', 'FROM golang:1.25\nCMD ["go", "run", "."]'],
  ['a language that needs no compiler', 'FROM node:22\nCMD ["node", "x.js"]']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))
