import { expect, test } from '@jest/globals'
import asked from '../../../src/rules/dockerfile/secret-as-build-argument.js'
import inImage from '../../../src/rules/dockerfile/secret-in-image.js'
import rule from '../../../src/rules/dockerfile/secret-like-name.js'
import { peersIn, places } from './lines.js'

test.each([
  ['what is about a key', 'FROM a:1\nENV KEY_COLUMN=id', ['2:5']],
  ['a global argument', 'ARG NPM_TOKEN\nFROM a:1', ['1:5']],
  ['a builder', 'FROM a:1 AS b\nARG NPM_TOKEN\nFROM c:1\nCOPY --from=b /x /x', ['2:5']],
  ['no value', 'FROM a:1\nENV API_KEY=', ['2:5']],
  ['a placeholder', 'FROM a:1\nENV A=b DB_PASSWORD=changeme', ['2:9']],
  ['the account of a login', 'FROM a:1\nARG AWS_ACCESS_KEY_ID', ['2:5']],
  ['a name for others', 'FROM a:1\nENV PUBLIC_KEY=x PASSWORD_FILE=/x AUTH_MODULE_VERSION=1 MONKEY=x', []],
  ['what secret-in-image reports', 'FROM a:1\nENV API_KEY=9mQ2vLs7Rk4tXw', []],
  ['what secret-as-build-argument reports', 'FROM a:1\nARG NPM_TOKEN\nENV API_TOKEN=$NPM_TOKEN', []],
  ['a file that is copied', 'FROM a:1\nCOPY k.json /k.json\nENV GOOGLE_APPLICATION_CREDENTIALS=/k.json', []]
])('%s', async (_, text, found) => expect(await places(rule, text)).toEqual(found))

const all = async (suite: string, text: string) =>
  (await Promise.all([rule, asked, inImage].map(each => peersIn(suite, each, text)))).flat()

test.each([
  ['a key', 'FROM a:1\nENV API_KEY=9mQ2vLs7Rk4tXw', [1, 1, 1]],
  ['a word alone', 'FROM a:1\nENV KEY_COLUMN=id', [1, 0, 0]],
  ['a short name', 'FROM a:1\nENV DB_PASS=9mQ2vLs7Rk4tXw', [0, 1, 1]],
  ['a trigger', 'FROM a:1\nONBUILD ARG NPM_TOKEN', [0, 1, 1]],
  ['a global argument', 'ARG NPM_TOKEN\nFROM a:1', [0, 1, 0]],
  ['a builder', 'FROM a:1 AS b\nARG NPM_TOKEN\nFROM c:1', [1, 1, 0]],
  ['a label', 'FROM a:1\nLABEL url=https://bob:9mQ2vLs7Rk4tXw@a.example', [0, 0, 0]]
])('each other tool has it at most once: %s', async (_, text, [buildkit, hadolint, trivy]) => {
  expect(await all('buildkit', text)).toHaveLength(buildkit!)
  expect(await all('hadolint', text)).toHaveLength(hadolint!)
  expect(await all('trivy-docker', text)).toHaveLength(trivy!)
})
