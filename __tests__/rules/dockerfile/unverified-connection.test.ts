import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/unverified-connection.js'
import { marked, mended, peersIn, places } from './lines.js'

const from = (lines: string) => `FROM acme/base:1\n${lines}\n`

test.each([
  ['curl -k https://a.example', '-k', 'CKV2_DOCKER_2', 'curl https://a.example'],
  ['curl -fsSkL https://a.example', '-fsSkL', 'CKV2_DOCKER_2', 'curl -fsSL https://a.example'],
  ['curl https://a.example --insecure', '--insecure', 'CKV2_DOCKER_2', 'curl https://a.example'],
  ['curl \\\n  --insecure \\\n  https://a.example', '--insecure', 'CKV2_DOCKER_2', 'curl \\\n  https://a.example'],
  ['true && sudo -E curl -k https://a.example', '-k', 'CKV2_DOCKER_2', 'true && sudo -E curl https://a.example'],
  ['sh -c "curl -k https://a.example"', '-k', 'CKV2_DOCKER_2', 'sh -c "curl https://a.example"'],
  ['["curl", "-k", "https://a.example"]', '-k', 'CKV2_DOCKER_2', '["curl", "https://a.example"]'],
  [
    'wget -q --no-check-certificate https://a.example',
    '--no-check-certificate',
    'CKV2_DOCKER_3',
    'wget -q https://a.example'
  ],
  ['pip install --trusted-host a.example --trusted-host=b x', '--trusted-host', 'CKV2_DOCKER_4', 'pip install x'],
  ['python3 -m pip install x --trusted-host a.example', '--trusted-host', 'CKV2_DOCKER_4', 'python3 -m pip install x'],
  ['npm config set strict-ssl false', 'strict-ssl', 'CKV2_DOCKER_13', 'npm config set strict-ssl true'],
  ['npm set -g "strict-ssl"=false', '"strict-ssl"=false', 'CKV2_DOCKER_13', 'npm set -g strict-ssl=true'],
  [
    'yarn config set strict-ssl false --global',
    'strict-ssl',
    'CKV2_DOCKER_13',
    'yarn config set strict-ssl true --global'
  ],
  ['pnpm config set strict-ssl false', 'strict-ssl', undefined, 'pnpm config set strict-ssl true'],
  ['npm ci --strict-ssl=false', '--strict-ssl=false', undefined, 'npm ci'],
  ['npm ci --no-strict-ssl', '--no-strict-ssl', undefined, 'npm ci'],
  ['git -c http.sslVerify=false clone x', '-c', undefined, 'git clone x'],
  ['git config --global http.sslVerify false', 'http.sslVerify', undefined, 'git config --global http.sslVerify true'],
  ['git config http.https://a.example.sslVerify 0', 'http.https://a.example.sslVerify', undefined, undefined],
  ['yum-config-manager --save --setopt=epel.sslverify=0', '--setopt=epel.sslverify=0', 'CKV2_DOCKER_15', undefined],
  ['dnf config-manager --setopt "sslverify=No" --save', '--setopt', 'CKV2_DOCKER_15', 'dnf config-manager --save'],
  ['dnf install -y --setopt=sslverify=false x', '--setopt=sslverify=false', undefined, 'dnf install -y x'],
  ['apt-get -o Acquire::https::Verify-Peer=false update', '-o', undefined, 'apt-get update'],
  ['conda config --set ssl_verify no', 'ssl_verify', undefined, 'conda config --set ssl_verify true'],
  ['uv pip install --allow-insecure-host a.example x', '--allow-insecure-host', undefined, 'uv pip install x'],
  ['NODE_TLS_REJECT_UNAUTHORIZED="0" A=b npm ci', 'NODE_TLS_REJECT_UNAUTHORIZED="0"', 'CKV2_DOCKER_6', 'A=b npm ci'],
  ["A=b PYTHONHTTPSVERIFY='0' python x.py", "PYTHONHTTPSVERIFY='0'", 'CKV2_DOCKER_5', 'A=b python x.py'],
  ['A=b \\\n  GIT_SSL_NO_VERIFY=1 \\\n  git clone x', 'GIT_SSL_NO_VERIFY=1', 'CKV2_DOCKER_14', 'A=b \\\n  git clone x'],
  ['env npm_config_strict_ssl=false npm ci', 'npm_config_strict_ssl=false', 'CKV2_DOCKER_12', 'env npm ci'],
  [
    'export A=b PIP_TRUSTED_HOST=a && pip install x',
    'PIP_TRUSTED_HOST=a',
    'CKV2_DOCKER_16',
    'export A=b && pip install x'
  ],
  ['export GIT_SSL_NO_VERIFY=true && git clone x', 'GIT_SSL_NO_VERIFY=true', 'CKV2_DOCKER_14', undefined]
])('reports RUN %s', async (run, word, peer, after) => {
  const text = from(`RUN ${run}`)
  expect(await marked(rule, text)).toEqual([word])
  expect(await peersIn('checkov-dockerfile', rule, text)).toEqual(peer ? [peer] : [])
  if (after) expect(await mended(rule, text)).toBe(from(`RUN ${after}`))
})

test.each([
  ['ENV NODE_TLS_REJECT_UNAUTHORIZED=0', '2:5', 'CKV2_DOCKER_6', ''],
  ['ENV A=b PYTHONHTTPSVERIFY=0 C=d', '2:9', 'CKV2_DOCKER_5', 'ENV A=b C=d'],
  ['ENV NPM_CONFIG_STRICT_SSL false', '2:5', 'CKV2_DOCKER_12', ''],
  ['ENV PIP_TRUSTED_HOST="a.example" C=d', '2:5', 'CKV2_DOCKER_16', 'ENV C=d'],
  ['ENV A=b \\\n  GIT_SSL_NO_VERIFY=', '3:3', 'CKV2_DOCKER_14', 'ENV A=b'],
  ['ONBUILD ENV GIT_SSL_NO_VERIFY=1', '2:13', 'CKV2_DOCKER_14', '']
])('reports %s', async (line, place, peer, after) => {
  expect(await places(rule, from(line))).toEqual([place])
  expect(await peersIn('checkov-dockerfile', rule, from(line))).toEqual([peer])
  expect(await mended(rule, from(line))).toBe(from(after))
})

test.each([
  'RUN curl -o k https://a.example',
  'RUN curl -ok https://a.example',
  'RUN curl -H -k https://a.example',
  'RUN curl -k https://localhost:8443/ready',
  'RUN echo curl -k | tee notes',
  'RUN wget https://a.example',
  'RUN pip install x && echo --trusted-host',
  'RUN npm config set strict-ssl true || false',
  'RUN npm config get strict-ssl',
  'RUN npm install strict-ssl false',
  'RUN git config --global http.sslVerify true',
  'RUN git -c http.proxy=false clone x',
  'RUN yum-config-manager --disable sslverify',
  'RUN yum-config-manager --setopt=sslverify=yes',
  'RUN apt-get -o Acquire::https::Verify-Peer=true update',
  'RUN NODE_TLS_REJECT_UNAUTHORIZED=1 npm ci',
  'RUN MY_GIT_SSL_NO_VERIFY=1 git clone x',
  'ENV NODE_TLS_REJECT_UNAUTHORIZED=1 NPM_CONFIG_STRICT_SSL=true',
  'ENV PIP_TRUSTED_HOST=',
  'ARG GIT_SSL_NO_VERIFY',
  'ARG PIP_TRUSTED_HOST',
  'LABEL GIT_SSL_NO_VERIFY=1',
  'HEALTHCHECK CMD curl -fk https://localhost/'
])('accepts %s', async line => expect(await places(rule, from(line))).toEqual([]))

test.each([
  'ENV A=b \\\n  # why\n  GIT_SSL_NO_VERIFY=1',
  'RUN curl https://a.example \\\n  # why\n  --insecure',
  'ARG GIT_SSL_NO_VERIFY=1'
])('offers no edit where one might break the file: %j', async lines => {
  expect(await places(rule, from(lines))).toHaveLength(1)
  expect(await mended(rule, from(lines))).toBe(from(lines))
})

test('takes several settings away one after the other', async () =>
  expect(await mended(rule, from('ENV GIT_SSL_NO_VERIFY=1 PYTHONHTTPSVERIFY=0\nUSER 1'))).toBe(from('\nUSER 1')))
