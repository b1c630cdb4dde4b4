import { expect, test } from '@jest/globals'
import { isAccountName, isSecretName, isWarnedName, loginIn, tokenIn, worthOf } from '../../src/data/secrets.js'

const random = (length: number) => 'q7Zt2MvX9cRb4NwK8sLd3PfH6gJy1AeU5oTi0BxV7mQz2WnE'.slice(0, length)

test.each([
  ['GitHub token', `ghp_${random(36)}`],
  ['GitLab token', `glpat-${random(20)}`],
  ['AWS access key', 'AKIAQ7ZT2MVX9CRB4NWK'],
  ['npm token', `npm_${random(36)}`],
  ['private key', '-----BEGIN RSA PRIVATE KEY-----'],
  ['private key', '-----BEGIN PRIVATE KEY-----']
])('knows a %s, and where it stands', (kind, token) =>
  expect(tokenIn(`a "${token}" b`)).toEqual({ kind, from: 3, to: 3 + token.length })
)

test.each([
  ['too short', 'ghp_abc'],
  ['of one character', `ghp_${'x'.repeat(36)}`],
  ["the documentation's", 'AKIAIOSFODNN7EXAMPLE'],
  ['within a word', `xnpm_${random(36)}`],
  ['a variable', 'ghp_${TOKEN}'],
  ['a public key', '-----BEGIN PUBLIC KEY-----'],
  ['a header to look for', '-----BEGIN CERTIFICATE-----']
])('sees no token in one that is %s', (_, text) => expect(tokenIn(text)).toBeUndefined())

test.each([
  'PASSWORD',
  'DB_PASS',
  'NPM_TOKEN',
  'API_KEY',
  'stripeSecretKey',
  'SECRET_KEY_BASE',
  'AWS_SECRET_ACCESS_KEY',
  'PGPASSWORD',
  'client-secret'
])('takes %s for the name of a secret', name => expect(isSecretName(name)).toBe(true))

test.each([
  'TOKEN_TTL',
  'PASSWORD_FILE',
  'PUBLIC_KEY',
  'NEXT_PUBLIC_API_KEY',
  'KEY_COLUMN',
  'SECRET_NAME',
  'AUTH_URL',
  'KEYCLOAK_VERSION',
  'AWS_ACCESS_KEY_ID',
  'SECRET_KEY_BASE_DUMMY',
  'PASSENGER_APP_ENV',
  'COMPASS',
  'TOKENIZERS_PARALLELISM'
])('takes %s for no secret', name => expect(isSecretName(name)).toBe(false))

test.each([
  ['9mQ2vLs7Rk4tXw', 'secret'],
  ['S3cr3t-P4ss!', 'secret'],
  ['https://user:9mQ2vLs7@host/', 'secret'],
  ['postgres', 'guessable'],
  ['admin', 'guessable'],
  ['hunter2', 'guessable'],
  ['', 'nothing'],
  ['changeme', 'nothing'],
  ['change_me_please', 'nothing'],
  ['dummy', 'nothing'],
  ['your-api-key-here', 'nothing'],
  ['${TOKEN}', 'nothing'],
  ['/run/secrets/db', 'nothing'],
  ['config/master.key', 'nothing'],
  ['true', 'nothing'],
  ['3600', 'nothing'],
  ['xxxxxxxxxxxx', 'nothing'],
  ['https://example.org/login', 'nothing'],
  ['<token>', 'nothing'],
  ['insecure-build-key', 'nothing'],
  ['test', 'nothing']
])('weighs %j as %s', (value, worth) => expect(worthOf(value)).toBe(worth))

test('reads a long text once', () => {
  expect(tokenIn('ghp_'.repeat(100_000))).toBeUndefined()
  expect(tokenIn('-----BEGIN '.repeat(100_000))).toBeUndefined()
})

test.each([
  ['KEY_COLUMN', true],
  ['git_key', true],
  ['apiKey', true],
  ['MONKEY', false],
  ['PUBLIC_KEY', false],
  ['PASSWORD_FILE', false],
  ['AUTH_MODULE_VERSION', false]
])('builders warn of %s: %s', (name, warned) => expect(isWarnedName(name)).toBe(warned))

test.each([
  ['AWS_ACCESS_KEY_ID', true],
  ['S3_ACCESS_KEY_ID', true],
  ['ACCESS_KEY_IDS', false]
])('%s is the account of a login: %s', (name, account) => expect(isAccountName(name)).toBe(account))

test.each([
  ['postgres://app:9mQ2vLs7Rk4tXw@db/app', 15, 'password in an address'],
  ['x=https://a.example https://bob:9mQ2vLs7Rk4tXw@a.example', 32, 'password in an address'],
  ['Authorization: Bearer 9mQ2vLs7Rk4tXw', 22, 'token in a header'],
  ['authorization:Basic 9mQ2vLs7Rk4tXw', 20, 'token in a header'],
  ['--header=Authorization: token 9mQ2vLs7Rk4tXw', 30, 'token in a header']
])('finds the login in %s', (text, from, kind) => expect(loginIn(text)).toEqual({ from, to: from + 14, kind }))

test.each([
  'https://a.example/x:9mQ2vLs7Rk4tXw@y',
  'https://bob@a.example',
  'postgres://app:$PASSWORD@db',
  'postgres://postgres:postgres@db',
  'Authorization: Bearer <token>',
  'X-Authorization: Bearer 9mQ2vLs7Rk4tXw',
  'Accept: 9mQ2vLs7Rk4tXw'
])('finds no login in %s', text => expect(loginIn(text)).toBeUndefined())

test('looks for logins in a long text once', () => {
  expect(loginIn('://'.repeat(200_000))).toBeUndefined()
  expect(loginIn(`Authorization: Bearer ${'9mQ2vLs7Rk'.repeat(40_000)}`)).toBeDefined()
})
