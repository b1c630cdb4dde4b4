import { expect, test } from '@jest/globals'
import adhoc from '../../../src/rules/workflow/adhoc-package.js'
import publishing from '../../../src/rules/workflow/token-instead-of-trusted-publishing.js'
import unchecked from '../../../src/rules/workflow/unchecked-download.js'
import { places } from '../../helpers.js'
import { ofSteps } from './steps.js'

const run = (script: string, shell = 'bash') =>
  ofSteps(`- run: |\n    ${script.replaceAll('\n', '\n    ')}\n  shell: ${shell}`)

test.each([
  ['npm install -g a', 1],
  ['npm i a@1.2.3', 1],
  ['npm add a', 1],
  ['npm install', 0],
  ['npm ci', 0],
  ['npm run install a', 0],
  ['gem install --no-document rake', 1],
  ['gem install --help', 0],
  ['bundle add a', 1],
  ['bundle install', 0],
  ['yarn add a', 1],
  ['yarn install', 0],
  ['pnpm add -D a', 1],
  ['echo npm install a', 0],
  ['gem install a\ngem install b', 2]
])('takes %j for an install past the lock file %d times', async (script, count) => {
  expect(await places(adhoc, run(script))).toHaveLength(count)
  expect(await places(adhoc, run(script, 'pwsh'))).toHaveLength(count)
})

test.each([
  ['npm publish', 1],
  ['npm publish --dry-run', 0],
  ['cargo +nightly publish', 1],
  ['cargo publish -n', 0],
  ['cargo build', 0],
  ['twine upload dist/*', 1],
  ['twine check dist/*', 0],
  ['python3.12 -m twine upload dist/*', 1],
  ['pipx run twine==6.1.0 upload dist/*', 1],
  ['uv publish', 1],
  ['uv run twine upload x', 1],
  ['uv sync', 0],
  ['gem push a.gem', 1],
  ['bundle exec gem push a.gem', 1],
  ['yarn npm publish', 1],
  ['bunx npm publish', 1],
  ['dotnet nuget push a.nupkg', 1],
  ['nuget.exe push a.nupkg', 1],
  ['dotnet build', 0]
])('takes %j for publishing %d times', async (script, count) => {
  expect(await places(publishing, run(script))).toHaveLength(count)
  expect(await places(publishing, run(script, 'pwsh'))).toHaveLength(count)
})

test('it asks nothing of a job that has an identity', async () => {
  const steps = '- run: npm publish'
  expect(await places(publishing, ofSteps(steps, 'push', 'permissions:\n  id-token: write\n'))).toEqual([])
  expect(await places(publishing, ofSteps(steps, 'push', 'permissions:\n  id-token: none\n'))).toHaveLength(1)
})

const PYPI = 'pypa/gh-action-pypi-publish@release/v1'
test.each([
  [PYPI, 'password: x', 1],
  [PYPI, 'print-hash: true', 0],
  [PYPI, 'password: x\n    repository-url: https://test.pypi.org/legacy/', 1],
  [PYPI, 'password: x\n    repository-url: https://example.com/', 0],
  ['rubygems/release-gem@v1', 'setup-trusted-publisher: false', 1],
  ['rubygems/release-gem@v1', 'setup-trusted-publisher: true', 0],
  ['rubygems/configure-rubygems-credentials@v1', 'api-token: x', 1],
  ['rubygems/configure-rubygems-credentials@v1', 'api-token: x\n    gem-server: https://example.com', 0],
  ['actions/setup-node@v4', 'always-auth: true', 1],
  ['actions/setup-node@v4', 'always-auth: false', 0]
])('asks how %s publishes with %j', async (uses, inputs, count) =>
  expect(await places(publishing, ofSteps(`- uses: ${uses}\n  with:\n    ${inputs}`))).toHaveLength(count)
)

const SHA = '0a727065ae5a2313e8e6acf172844e8ca30c1822'
test.each([
  ['curl https://example.com/x.sh | bash', ['7:43']],
  [`curl https://raw.githubusercontent.com/a/b/main/x.sh | bash`, ['7:66']],
  [`curl https://raw.githubusercontent.com/a/b/${SHA}/x.sh | bash`, []],
  [`curl https://github.com/a/b/raw/${SHA}/x.sh | bash`, []],
  ['curl -o x.json https://example.com/x.json', []]
])('looks at %j', async (script, expected) => expect(await places(unchecked, run(script))).toEqual(expected))
