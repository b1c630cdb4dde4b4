import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/secret-in-image.js'
import { problems } from '../../helpers.js'

const places = async (text: string, more: Record<string, string> = {}) =>
  (await problems(rule, { Dockerfile: text, ...more })).map(each => each.split(' ')[0]!.replace('Dockerfile:', ''))
// Put together here, so that no scanner takes this file for a leak.
const token = ['ghp', 'q7Zt2MvX9cRb4NwK8sLd3PfH6gJy1AeU5oTi'].join('_')

test.each([
  ['a value under a secret name', 'FROM a:1\nENV DB_PASSWORD=9mQ2vLs7Rk4tXw', '2:17'],
  ['the old syntax', 'FROM a:1\nENV API_KEY 9mQ2vLs7Rk4tXw', '2:13'],
  ['quotes', 'FROM a:1\nENV A=b \\\n  API_KEY="9mQ2vLs7Rk4tXw"', '3:12'],
  ['a default of ARG', 'FROM a:1\nARG NPM_TOKEN=9mQ2vLs7Rk4tXw', '2:15'],
  ['the parent stage', 'FROM a:1 AS base\nENV API_KEY=9mQ2vLs7Rk4tXw\nFROM base', '2:13'],
  ['a token under any name', `FROM a:1\nENV X=${token}`, '2:7'],
  ['a token in a label', `FROM a:1\nLABEL x="${token}"`, '2:10'],
  ['a token in a builder', `FROM a:1 AS b\nRUN curl -H "Authorization: ${token}" x\nFROM c:1`, '2:29'],
  ['a token in a heredoc', `FROM a:1\nRUN <<EOF\ncurl -u ${token} x\nEOF`, '3:9'],
  ['a key in a RUN', 'FROM a:1\nRUN echo "-----BEGIN RSA PRIVATE KEY-----" > k', '2:11'],
  ['a private key', 'FROM a:1\nCOPY .ssh/id_rsa /root/.ssh/', '2:6'],
  ['a private key among others', 'FROM a:1\nCOPY ["a b", "id_ed25519", "/root/"]', '2:15'],
  ['a file of logins', 'FROM a:1\nCOPY package.json .npmrc ./', '2:19'],
  ['an environment file', 'FROM a:1\nADD .env.production /app/', '2:5'],
  ['a file of logins in its folder', 'FROM a:1\nCOPY a/.aws/credentials /root/.aws/', '2:6'],
  ['an address', 'FROM a:1\nENV DB=postgres://app:9mQ2vLs7Rk4tXw@db/app', '2:23'],
  ['an address in a builder', 'FROM a:1 AS b\nRUN git clone https://bob:9mQ2vLs7Rk4tXw@a.example/x\nFROM c:1', '2:15'],
  ['a token in an address, once', `FROM a:1\nRUN git clone https://x:${token}@a.example/x`, '2:25'],
  ['a token of an export, once', `FROM a:1\nRUN export API_TOKEN=${token}`, '2:22'],
  ['a header', 'FROM a:1\nRUN curl -H "Authorization: Bearer 9mQ2vLs7Rk4tXw" https://a', '2:13'],
  ['a header of a check', "FROM a:1\nHEALTHCHECK CMD curl -H 'authorization: token 9mQ2vLs7Rk4tXw' b", '2:25'],
  ['a login of curl', 'FROM a:1\nRUN curl -u bob:9mQ2vLs7Rk4tXw https://a', '2:13'],
  ['an option', 'FROM a:1\nRUN x --password=9mQ2vLs7Rk4tXw', '2:7'],
  ['an option and its value', 'FROM a:1\nRUN x --api-key 9mQ2vLs7Rk4tXw', '2:17'],
  ['a setting of npm', 'FROM a:1\nRUN npm config set //r.example/:_authToken=9mQ2vLs7Rk4tXw', '2:20'],
  ['an export', 'FROM a:1\nRUN export API_KEY=9mQ2vLs7Rk4tXw && x', '2:12'],
  ['a prefix assignment', 'FROM a:1\nRUN API_KEY=9mQ2vLs7Rk4tXw x', '2:5'],
  ['a file that a variable names', 'FROM a:1\nCOPY k/a.json /k/\nENV GOOGLE_APPLICATION_CREDENTIALS=/k/a.json', '3:5']
])('reports %s', async (_, text, place) => expect(await places(text)).toEqual([place]))

test.each([
  ['a placeholder', 'FROM a:1\nENV DB_PASSWORD=changeme'],
  ['nothing', 'FROM a:1\nENV DB_PASSWORD='],
  ['a variable', 'FROM a:1\nENV DB_PASSWORD=$PASSWORD'],
  ['a file of the platform', 'FROM a:1\nENV DB_PASSWORD_FILE=/run/secrets/db'],
  ['a path', 'FROM a:1\nENV SIGNING_SECRET=/run/secrets/key'],
  ['an ARG without a default', 'FROM a:1\nARG NPM_TOKEN'],
  ['what is about a secret', 'FROM a:1\nENV TOKEN_TTL=86400000 SECRET_NAME=my-app-db-123'],
  ['a public key', 'FROM a:1\nENV NEXT_PUBLIC_API_KEY=9mQ2vLs7Rk4tXw'],
  ['a builder that does not ship', 'FROM a:1 AS b\nENV API_KEY=9mQ2vLs7Rk4tXw\nFROM c:1\nCOPY --from=b /x /x'],
  ['a global ARG', 'ARG API_KEY=9mQ2vLs7Rk4tXw\nFROM a:1'],
  ['a key in a builder', 'FROM a:1 AS b\nCOPY id_rsa /root/\nFROM c:1\nCOPY --from=b /x /x'],
  ['a key of another stage', 'FROM a:1\nCOPY --from=x:1 /etc/id_rsa /root/'],
  ['a key as what it is copied to', 'FROM a:1\nCOPY stub id_rsa'],
  ['a public half', 'FROM a:1\nCOPY id_rsa.pub /root/.ssh/'],
  ['an address without a password', 'FROM a:1\nENV A=https://bob@a.example/x:y@z B=postgres://$U:$P@db'],
  ['a password that anybody guesses', 'FROM a:1\nENV DB=postgres://postgres:postgres@db/app'],
  ['a header with a variable', 'FROM a:1\nRUN curl -H "Authorization: Bearer $TOKEN" https://a'],
  ['a user without a password', 'FROM a:1\nRUN install -u bob:staff x && docker run --user 1000:1000 x'],
  ['an option about a secret', 'FROM a:1\nRUN x --password-file=/run/secrets/9mQ2vLs7Rk4tXw'],
  ['a file that is mounted', 'FROM a:1\nENV GOOGLE_APPLICATION_CREDENTIALS=/run/secrets/k.json\nCOPY a.json /k/'],
  ['an example', 'FROM a:1\nCOPY .env.example /app/.env'],
  ['a secret mount', 'FROM a:1\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))

test('takes a committed .npmrc for no secret, and a committed key for one', async () => {
  expect(await places('FROM a:1\nCOPY .npmrc ./', { '.npmrc': 'engine-strict=true\n' })).toEqual([])
  expect(await places('FROM a:1\nCOPY id_rsa ./', { id_rsa: 'x\n' })).toEqual(['2:6'])
})

test('says what is given away, and warns of a default that anybody guesses', async () => {
  expect(
    await problems(rule, { Dockerfile: `FROM a:1\nENV API_KEY=9mQ2vLs7Rk4tXw PASSWORD=postgres X=${token}` })
  ).toEqual([
    'Dockerfile:2:48 ENV X holds a GitHub token',
    'Dockerfile:2:13 the value of API_KEY stays in the image',
    'Dockerfile:2:37 PASSWORD has a default that anybody guesses, and it stays in the image'
  ])
})

test('leaves the passwords of tests alone, not their tokens', async () => {
  const text = `FROM a:1\nENV DB=postgres://app:9mQ2vLs7Rk4tXw@db/app\nENV X=${token}\n`
  expect(await problems(rule, { 'test/Dockerfile': text })).toEqual(['test/Dockerfile:3:7 ENV X holds a GitHub token'])
})
