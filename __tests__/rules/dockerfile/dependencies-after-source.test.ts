import { expect, test } from '@jest/globals'
import rule from '../../../src/rules/dockerfile/dependencies-after-source.js'
import { problems } from '../../helpers.js'

const places = async (Dockerfile: string, options = {}) =>
  (await problems(rule, { Dockerfile }, options)).map(each => each.split(' ')[0]!.slice('Dockerfile:'.length))

test.each([
  ['npm ci', 'FROM a:1\nCOPY . .\nRUN npm ci', ['3:9']],
  ['yarn', 'FROM a:1\nCOPY . .\nRUN yarn', ['3:5']],
  ['pnpm install --frozen-lockfile', 'FROM a:1\nCOPY . .\nRUN pnpm install --frozen-lockfile', ['3:10']],
  ['pip install -r requirements.txt', 'FROM a:1\nCOPY . .\nRUN pip install -r requirements.txt', ['3:9']],
  ['uv sync', 'FROM a:1\nCOPY . .\nRUN uv sync', ['3:8']],
  ['poetry install', 'FROM a:1\nCOPY . .\nRUN poetry install', ['3:12']],
  ['bundle install', 'FROM a:1\nCOPY . .\nRUN bundle install', ['3:12']],
  ['composer install', 'FROM a:1\nCOPY . .\nRUN composer install', ['3:14']],
  ['go mod download', 'FROM a:1\nCOPY . .\nRUN go mod download', ['3:12']],
  ['mvn dependency:go-offline', 'FROM a:1\nCOPY . .\nRUN mvn dependency:go-offline', ['3:5']],
  ['a copy of everything by another name', 'FROM a:1\nCOPY ./ /app/\nRUN npm ci', ['3:9']],
  ['ADD', 'FROM a:1\nADD . /app\nRUN npm ci', ['3:9']],
  ['one once a stage', 'FROM a:1\nCOPY . .\nRUN npm ci\nRUN yarn', ['3:9']],
  ['a copy in the stage that it builds on', 'FROM a:1 AS b\nCOPY . .\nFROM b\nRUN npm ci', ['4:9']],
  ["a bundler's stage", 'FROM a:1 AS b\nCOPY . .\nRUN npm ci && npm run build\nFROM c\nCOPY --from=b /x /x', ['3:9']]
])('reports %s', async (_, text, expected) => expect(await places(text)).toEqual(expected))

test.each([
  ['manifests first', 'FROM a:1\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .'],
  ['a second install', 'FROM a:1\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nRUN npm ci --omit=dev'],
  ['what a parent installed', 'FROM a:1 AS b\nCOPY package.json ./\nRUN npm ci\nFROM b\nCOPY . .\nRUN npm ci'],
  ['a cache mount', 'FROM a:1\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci'],
  ['a copy from a stage', 'FROM a:1 AS b\nFROM c\nCOPY --from=b . .\nRUN npm ci'],
  ['a folder', 'FROM a:1\nCOPY src src\nRUN npm ci'],
  ['named packages', 'FROM a:1\nCOPY . .\nRUN npm install -g pm2@6 && pip install six==1'],
  ['the project itself', 'FROM a:1\nCOPY . .\nRUN pip install .'],
  [
    "a compiler's stage",
    'FROM a:1 AS b\nCOPY . .\nRUN go mod download && go build -o /x\nFROM scratch\nCOPY --from=b /x /x'
  ],
  ['another goal', 'FROM a:1\nCOPY . .\nRUN mvn dependency:resolve package']
])('accepts %s', async (_, text) => expect(await places(text)).toEqual([]))
