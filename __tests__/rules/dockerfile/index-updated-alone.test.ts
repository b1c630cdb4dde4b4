import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/index-updated-alone.js'
import { problems } from '../../helpers.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

test.each([
  ['an update alone', 'FROM a:1\nRUN apt-get update', ['2:13']],
  ['one before an install in another layer', 'FROM a:1\nRUN apt-get update\nRUN apt-get install -y git', ['2:13']],
  ['one with other work', 'FROM a:1\nRUN apt-get update && rm -rf /tmp/x', ['2:13']],
  ['apk', 'FROM a:1\nRUN apk update', ['2:9']],
  ['makecache', 'FROM a:1\nRUN dnf makecache', ['2:9']],
  ['one that follows the install', 'FROM a:1\nRUN apt-get install -y git && apt-get update', ['2:39']],
  ["another manager's install", 'FROM a:1\nRUN apk update && apt-get install -y git', ['2:9']],
  ['each of two, in order', 'FROM a:1\nRUN apt-get update\nRUN apk update', ['2:13', '3:9']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['an install with it', 'FROM a:1\nRUN apt-get update && apt-get install -y git'],
  ['another member of the family', 'FROM a:1\nRUN apt-get update && apt install -y git'],
  ['an upgrade with it', 'FROM a:1\nRUN apk update && apk upgrade'],
  ['a heredoc', 'FROM a:1\nRUN <<E\napt-get update\napt-get install -y git\nE'],
  ['a script that may install', 'FROM a:1\nRUN apt-get update && ./install.sh'],
  ['a shell that may install', 'FROM a:1\nRUN apt-get update && curl -fsS https://example.com/x | bash'],
  ['a list that is asked', 'FROM a:1\nRUN apt-get update && apt-cache policy git'],
  ['what is cleaned again', 'FROM a:1\nRUN dnf makecache && dnf clean all'],
  ['an update of something else', 'FROM a:1\nRUN sbt update'],
  ['yum update, which upgrades', 'FROM a:1\nRUN yum update -y'],
  ['apk --update', 'FROM a:1\nRUN apk --update add git']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

test.each([
  ['RUN apt-get update\nRUN true\nRUN apt-get install -y git', 'line 4'],
  ['RUN apt-get update\nFROM b\nRUN apt-get install -y git', 'nothing'],
  ['RUN apt-get update\nRUN apt-get update && apt-get install -y git', 'line 3']
])('tells where the install is: %j', async (text, expected) =>
  expect((await problems(rule, { Dockerfile: `FROM a:1\n${text}` })).join()).toContain(expected)
)
