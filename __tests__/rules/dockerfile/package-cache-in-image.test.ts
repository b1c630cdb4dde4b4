import { expect, test } from '@jest/globals'
import { run } from '../../../src/rule.js'
import image from '../../../src/rules/dockerfile/package-cache-in-image.js'
import stage from '../../../src/rules/dockerfile/package-cache-in-stage.js'
import { problems, repoOf } from '../../helpers.js'
import { applied } from '../workflow/edits.js'

const places = async (Dockerfile: string, rule = image) =>
  (await problems(rule, { Dockerfile })).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

async function problemsOf(Dockerfile: string, rule = image) {
  const { found } = run([rule], await repoOf({ Dockerfile }), () => ({}))
  return found.map(({ problem }) => problem)
}
const fixed = async (text: string) =>
  applied(
    text,
    (await problemsOf(text)).flatMap(({ edits = [] }) => edits)
  )

test.each([
  ['apt lists', 'FROM a:1\nRUN apt-get update && apt-get install -y git', '2:13'],
  ['apt lists that a later RUN deletes', 'FROM a:1\nRUN apt-get update\nRUN rm -rf /var/lib/apt/lists/*', '2:13'],
  ['lists that are deleted too early', 'FROM a:1\nRUN rm -rf /var/lib/apt/lists/* && apt-get update', '2:44'],
  ['lists while the archives go', 'FROM a:1\nRUN apt-get update && rm -rf /var/cache/apt', '2:13'],
  [
    'lists with a mount for the archives alone',
    'FROM a:1\nRUN --mount=type=cache,target=/var/cache/apt apt-get update',
    '2:54'
  ],
  [
    'archives that are kept',
    'FROM a:1\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y git',
    '3:52'
  ],
  ['apt', 'FROM a:1\nRUN apt update', '2:9'],
  ['the index of apk', 'FROM a:1\nRUN apk add git', '2:9'],
  ['apk beside an unlike mount', 'FROM a:1\nRUN --mount=type=cache,target=/x apk add git', '2:38'],
  ['pip', 'FROM a:1\nRUN pip install six', '2:9'],
  ['pip with a no to the no', 'FROM a:1\nENV PIP_NO_CACHE_DIR=off\nRUN pip install six', '3:9'],
  [
    'pip with the variable of another stage',
    'FROM a:1 AS b\nENV PIP_NO_CACHE_DIR=1\nFROM c\nRUN pip install six',
    '4:9'
  ],
  ['pip after an export of no', 'FROM a:1\nRUN export PIP_NO_CACHE_DIR=0 && pip install six', '2:38'],
  ['yarn', 'FROM a:1\nRUN yarn install', '2:10'],
  ['yarn without a subcommand', 'FROM a:1\nRUN yarn', '2:5'],
  ['yarn that was cleaned too early', 'FROM a:1\nRUN yarn cache clean && yarn install', '2:30'],
  ['yum', 'FROM a:1\nRUN yum install -y git', '2:9'],
  ['yum that cleans metadata alone', 'FROM a:1\nRUN yum install -y git && yum clean metadata', '2:9'],
  ['dnf, an upgrade', 'FROM a:1\nRUN dnf up -y', '2:9'],
  ['dnf after the cleaning', 'FROM a:1\nRUN dnf install -y a && dnf clean all && dnf install -y b', '2:46'],
  ['zypper', 'FROM a:1\nRUN zypper in -y git', '2:12'],
  ['what ONBUILD registers', 'FROM a:1\nONBUILD RUN apk add git', '2:17'],
  ['a file without FROM', 'RUN apk add git', '1:9'],
  ['the stage that the last one builds on', 'FROM a:1 AS b\nRUN apk add git\nFROM b', '2:9']
])('reports %s', async (_, text, expected) => {
  expect(await places(text)).toEqual([expected])
  expect(await places(text, stage)).toEqual([])
})

test.each([
  ['lists that are deleted', 'FROM a:1\nRUN apt-get update && rm -rf /var/lib/apt/lists/*'],
  ['lists that are deleted with their folder', 'FROM a:1\nRUN apt-get update && rm -r /var/lib/apt/lists /tmp/x'],
  ['lists by alternatives', 'FROM a:1\nRUN apt-get update && rm -rf /var/{lib/apt,cache}/lists'],
  ['lists that find deletes', 'FROM a:1\nRUN apt-get update && find /var/lib/apt/lists -type f -delete'],
  ['lists by sudo', 'FROM a:1\nRUN sudo apt-get update && sudo rm -rf /var/lib/apt/lists/*'],
  ['distclean', 'FROM a:1\nRUN apt-get update && apt-get distclean'],
  [
    'mounts',
    'FROM a:1\nRUN --mount=type=cache,target=/var/lib/apt/ --mount=type=cache,target=/var/cache/apt apt-get update'
  ],
  ['a mount for the lists', 'FROM a:1\nRUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update'],
  ['an install without an update', 'FROM a:1\nRUN apt-get install -y git'],
  [
    'mounts for archives that are kept',
    'FROM a:1\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y git'
  ],
  ['apk --no-cache', 'FROM a:1\nRUN apk --no-cache add git'],
  ['apk, deleted', 'FROM a:1\nRUN apk add git && rm -rf /var/cache/apk/*'],
  ['apk, mounted', 'FROM a:1\nRUN --mount=type=cache,target=/var/cache/apk apk add git'],
  ['pip --no-cache-dir', 'FROM a:1\nRUN pip install --no-cache-dir six'],
  ['pip by ENV', 'FROM a:1\nENV PIP_NO_CACHE_DIR=1\nRUN pip install six'],
  ['pip by ENV without FROM', 'ENV PIP_NO_CACHE_DIR=1\nRUN pip install six'],
  ['pip by the ENV of the parent', 'FROM a:1 AS b\nENV PIP_NO_CACHE_DIR=1\nFROM b\nRUN pip install six'],
  ['pip by an argument that may say yes', 'FROM a:1\nARG PIP_NO_CACHE_DIR\nRUN pip install six'],
  ['pip by an assignment', 'FROM a:1\nRUN PIP_NO_CACHE_DIR=yes pip install six'],
  ['pip by export', 'FROM a:1\nRUN export PIP_NO_CACHE_DIR=1 && pip install six'],
  ['pip, mounted', 'FROM a:1\nRUN --mount=type=cache,target=/root/.cache/pip pip install six'],
  ['pip, mounted above', 'FROM a:1\nRUN --mount=type=cache,target=/root/.cache pip install six'],
  ['pip, mounted elsewhere', 'FROM a:1\nENV PIP_CACHE_DIR=/pip\nRUN --mount=type=cache,target=/pip pip install six'],
  ['pip, deleted', 'FROM a:1\nRUN pip install six && rm -rf ~/.cache'],
  ['pip, purged', 'FROM a:1\nRUN pip install six && pip cache purge'],
  ['pipx', 'FROM a:1\nRUN pipx install six'],
  ['yarn, cleaned', 'FROM a:1\nRUN yarn install && yarn cache clean'],
  ['yarn, mounted', 'FROM a:1\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install'],
  ['yum, cleaned', 'FROM a:1\nRUN yum install -y git && yum clean -y all'],
  ['yum, deleted', 'FROM a:1\nRUN yum install -y git && rm -rf /var/cache/yum/*'],
  ['dnf, deleted above', 'FROM a:1\nRUN dnf install -y git && rm -rf /var/cache/*'],
  ['dnf, cleaned by yum', 'FROM a:1\nRUN dnf install -y git && yum clean all'],
  ['zypper, cleaned', 'FROM a:1\nRUN zypper in -y git && zypper cc'],
  ['a stage that is not shipped', 'FROM a:1 AS b\nRUN apk add git\nFROM c\nCOPY --from=b /x /x'],
  ['a stage for tests', 'FROM a:1 AS test\nRUN apk add git']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

test.each([
  ['a builder', 'Dockerfile', 'FROM a:1 AS b\nRUN apk add git\nFROM c\nCOPY --from=b /x /x', 1],
  ['a stage for tests', 'Dockerfile', 'FROM a:1 AS test\nRUN apk add git', 1],
  ['a file for tests', 'test/Dockerfile', 'FROM a:1\nRUN apk add git', 1],
  ['a base', 'Dockerfile.base', 'FROM a:1\nRUN apk add git', 0],
  [
    'the image beside that for development',
    'Dockerfile',
    'FROM a:1 AS b\nRUN apk add git\nFROM b AS prod\nFROM b AS dev',
    0
  ],
  [
    'what only that for development needs',
    'Dockerfile',
    'FROM a:1 AS b\nRUN apk add git\nFROM c AS prod\nFROM b AS dev',
    1
  ],
  ['what is shipped', 'Dockerfile', 'FROM a:1\nRUN apk add git', 0],
  [
    'a builder with a mount',
    'Dockerfile',
    'FROM a:1 AS b\nRUN --mount=type=cache,target=/var/cache/apk apk add git\nFROM c',
    0
  ]
])('leaves what is not shipped to the other rule: %s', async (_, path, text, count) => {
  expect(await problems(stage, { [path]: text })).toHaveLength(count)
  expect(await problems(image, { [path]: text })).toHaveLength(1 - count - Number(text.includes('--mount')))
})

test.each([
  ['FROM a:1\nRUN apk add git && apk add curl', 'FROM a:1\nRUN apk add --no-cache git && apk add --no-cache curl'],
  ['FROM a:1\nRUN python -m pip install six', 'FROM a:1\nRUN python -m pip install --no-cache-dir six'],
  [
    'FROM a:1\nRUN apt-get update && apt-get install -y git',
    'FROM a:1\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*'
  ],
  [
    'FROM a:1\nRUN apt-get update \\\n    && apt-get install -y git  \nUSER x',
    'FROM a:1\nRUN apt-get update \\\n    && apt-get install -y git \\\n    && rm -rf /var/lib/apt/lists/*  \nUSER x'
  ],
  ['FROM a:1\nRUN dnf install -y git > /dev/null', 'FROM a:1\nRUN dnf install -y git > /dev/null && dnf clean all'],
  ['FROM a:1\nRUN zypper in -y git', 'FROM a:1\nRUN zypper in -y git && zypper clean --all'],
  ['FROM a:1\nRUN sh -c "yarn install"', 'FROM a:1\nRUN sh -c "yarn install" && yarn cache clean']
])('mends %j', async (text, expected) => {
  expect(await fixed(text)).toBe(expected)
  expect(await places(expected)).toEqual([])
})

test.each([
  'RUN apt-get update;',
  'RUN apt-get update # why',
  'RUN if true; then apt-get update; fi',
  'RUN (apt-get update)',
  'RUN apt-get update &',
  'RUN ["apt-get", "update"]',
  'RUN <<E\napt-get update\nE'
])('has no edit where no command can follow: %j', async text => {
  const found = await problemsOf(`FROM a:1\n${text}\n`)
  expect(found.map(({ edits }) => edits)).toEqual([[]])
})

test.each([
  ['RUN apt-get update', { hadolint: 'DL3009' }],
  ['RUN apk add git', { hadolint: 'DL3019', 'trivy-docker': 'DS-0025' }],
  ['RUN pip install six', { hadolint: 'DL3042' }],
  ['RUN yarn install', { hadolint: 'DL3060' }],
  ['RUN yarn add six', {}],
  ['RUN yum update -y', {}],
  ['RUN dnf update -y', { hadolint: 'DL3040' }],
  ['RUN zypper rm -y git', { 'trivy-docker': 'DS-0020' }],
  ['RUN yum install -y git', { hadolint: 'DL3032', 'trivy-docker': 'DS-0015' }],
  ['RUN dnf install -y git', { hadolint: 'DL3040', 'trivy-docker': 'DS-0019' }],
  ['RUN microdnf install -y git', { hadolint: 'DL3040', 'trivy-docker': 'DS-0027' }],
  ['RUN zypper in -y git', { hadolint: 'DL3036', 'trivy-docker': 'DS-0020' }]
])('tells what others call it: %s', async (text, expected) =>
  expect((await problemsOf(text)).map(({ peers }) => peers)).toEqual([expected])
)

test.each([
  ['a stage that nothing builds on', 'FROM a:1 AS b\nRUN apt-get update\nFROM c', {}],
  ['a stage that another builds on', 'FROM a:1 AS b\nRUN apt-get update\nFROM b AS d\nFROM c', { hadolint: 'DL3009' }]
])('hadolint looks at lists in some stages only: %s', async (_, text, expected) =>
  expect((await problemsOf(text, stage)).map(({ peers }) => peers)).toEqual([expected])
)

const CLEANED = ' && rm -rf /var/lib/apt/lists/*'
test.each([
  ['the same stage installs', 'RUN apt-get install -y b', ''],
  ['the same stage updates first', 'RUN apt-get update && apt-get install -y b', CLEANED],
  ['another stage installs', 'FROM c:1\nRUN apt-get install -y b', CLEANED],
  ['a stage of a stage installs', 'FROM s AS t\nFROM t\nRUN apt-get install -y b', '']
])('takes the lists of apt out unless they are wanted later: %s', async (_, rest, added) => {
  const text = (more: string) => `FROM a:1 AS s\nRUN apt-get update && apt-get install -y a${more}\n${rest}\n`
  const { found } = run([image, stage], await repoOf({ Dockerfile: text('') }), () => ({}))
  const edits = found.flatMap(({ problem }) => (problem.at.line === 2 ? (problem.edits ?? []) : []))
  expect(applied(text(''), edits)).toBe(text(added))
})
