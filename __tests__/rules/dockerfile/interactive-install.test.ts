import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/dockerfile/interactive-install.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

async function fixed(Dockerfile: string): Promise<string> {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  return applied(
    Dockerfile,
    found.flatMap(({ problem }) => problem.edits ?? [])
  )
}

test.each([
  ['apt-get', 'FROM a:1\nRUN apt-get install git', ['2:13']],
  ['quiet once', 'FROM a:1\nRUN apt-get -q install git', ['2:16']],
  ['an upgrade', 'FROM a:1\nRUN apt-get upgrade', ['2:13']],
  ['a removal', 'FROM a:1\nRUN apt-get purge git', ['2:13']],
  ['dnf', 'FROM a:1\nRUN dnf install git', ['2:9']],
  ['zypper', 'FROM a:1\nRUN zypper in git', ['2:12']],
  ['pacman, which has no subcommand', 'FROM a:1\nRUN pacman -S git', ['2:5']],
  ['behind sudo', 'FROM a:1\nRUN sudo apt-get install git', ['2:18']],
  ['the exec form', 'FROM a:1\nRUN ["apt-get", "install", "git"]', ['2:18']],
  ['another pipe than that of yes', 'FROM a:1\nRUN yes | true; apt-get install git', ['2:25']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['-y', 'FROM a:1\nRUN apt-get install -y git'],
  ['bundled', 'FROM a:1\nRUN apt-get -fmy install git'],
  ['in words', 'FROM a:1\nRUN apt-get install --assume-yes git'],
  ['quiet twice', 'FROM a:1\nRUN apt-get install -qq git'],
  ['quiet in two words', 'FROM a:1\nRUN apt-get -q -q install git'],
  ['quiet by number', 'FROM a:1\nRUN apt-get install -q=2 git'],
  ['an option', 'FROM a:1\nRUN apt-get -o APT::Get::Assume-Yes=true install git'],
  ['a simulation', 'FROM a:1\nRUN apt-get install -s git'],
  ['yes in front', 'FROM a:1\nRUN yes | apt-get install git'],
  ['flags that are not known', 'FROM a:1\nRUN apt-get $FLAGS install git'],
  ['an update', 'FROM a:1\nRUN apt-get update'],
  ['dnf -y', 'FROM a:1\nRUN dnf -y install git'],
  ['zypper -n', 'FROM a:1\nRUN zypper -n in git'],
  [
    'a config file',
    'FROM a:1\nRUN echo \'APT::Get::Assume-Yes "true";\' > /etc/apt/apt.conf.d/90yes\nRUN apt-get install git'
  ],
  ['pacman', 'FROM a:1\nRUN pacman -S --noconfirm git'],
  ['apk, which never asks', 'FROM a:1\nRUN apk add git']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

test.each([
  [
    'FROM a:1\nRUN apt-get install git && apt-get remove vim',
    'FROM a:1\nRUN apt-get install -y git && apt-get remove -y vim'
  ],
  ['FROM a:1\nRUN ["dnf", "install", "git"]', 'FROM a:1\nRUN ["dnf", "install", "-y", "git"]'],
  ['FROM a:1\nRUN pacman -S git', 'FROM a:1\nRUN pacman --noconfirm -S git'],
  ['FROM a:1\nRUN zypper install git', 'FROM a:1\nRUN zypper install -y git']
])('mends %j', async (text, expected) => {
  expect(await fixed(text)).toBe(expected)
  expect(await places(expected)).toEqual([])
})

async function peers(Dockerfile: string) {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  return found.map(({ problem }) => problem.peers ?? rule.peers ?? {})
}

test.each([
  ['RUN apt-get install git', { hadolint: 'DL3014', 'trivy-docker': 'DS-0021' }],
  ['RUN apt-get upgrade', {}],
  ['RUN apt install git', {}],
  ['RUN yum install git', { hadolint: 'DL3030' }],
  ['RUN microdnf install git', { hadolint: 'DL3038' }],
  ['RUN zypper remove git', { hadolint: 'DL3034' }],
  ['RUN zypper up', {}]
])('tells what others call it: %j', async (text, expected) => expect(await peers(text)).toEqual([expected]))

test.each([
  ['microdnf', 'note'],
  ['dnf', undefined]
])('judges %s as it behaves', async (manager, severity) => {
  const { found } = run([rule], await repoOf({ Dockerfile: `RUN ${manager} install git` }), () => ({}))
  expect(found.map(({ problem }) => problem.severity)).toEqual([severity])
})
