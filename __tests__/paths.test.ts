import { expect, test } from '@jest/globals'
import { languageOf, packagesOf, pathKind, pathKinds, sourceChangesOf } from '../src/paths.js'

test.each([
  ['vendor/x/y.go', 'vendored'],
  ['src/vendor.go', 'source'],
  ['deps/hiredis/net.c', 'vendored'],
  ['lib/deps/net.c', 'source'],
  ['dist/index.js', 'generated'],
  ['api/v1/service.pb.go', 'generated'],
  ['README.md', 'docs'],
  ['docs/conf.py', 'docs'],
  ['NEWS', 'docs'],
  ['src/news.py', 'source'],
  ['lib/security.ts', 'source'],
  ['package-lock.json', 'lock'],
  ['go.sum', 'lock'],
  ['.eslintrc.js', 'config'],
  ['vite.config.ts', 'config'],
  ['build.gradle.kts', 'config'],
  ['.github/workflows/ci.yml', 'pipeline'],
  ['app/Dockerfile', 'pipeline'],
  ['Makefile', 'pipeline'],
  ['src/a.test.ts', 'test'],
  ['src/a.ts', 'source'],
  ['src/contest.ts', 'source'],
  ['pkg/a_test.go', 'test'],
  ['pkg/attest.go', 'source'],
  ['tests/data/a.json', 'test'],
  ['tests/unit/cluster.tcl', 'test'],
  ['test/App.UnitTests/App.csproj', 'test'],
  ['src/main/java/a/B.java', 'source'],
  ['src/test/java/a/BTest.java', 'test'],
  ['features/login.feature', 'test'],
  ['src/features/login.ts', 'source'],
  ['spec/models/user_spec.rb', 'test'],
  ['app/models/user.rb', 'source'],
  ['go.mod', 'other'],
  ['logo.png', 'other'],
  ['', 'other']
])('takes %s for %s', (path, kind) => expect(pathKind(path)).toBe(kind))

test.each([
  ['tools/check.ts', { source: [], tests: ['tools/**'] }, 'test'],
  ['tools/check.ts', { source: [], tests: ['tools/**', '!tools/check.ts'] }, 'source'],
  ['rules/a.yar', { source: ['*.yar'], tests: [] }, 'source'],
  ['rules/a.yar', { source: ['*.yara'], tests: [] }, 'other'],
  ['src/gen.ts', { source: ['!src/gen.ts'], tests: [] }, 'other'],
  ['src/a.test.ts', { source: [], tests: ['!**/*.test.ts'] }, 'source']
])('asks the globs of the config first: %s', (path, globs, kind) => expect(pathKind(path, globs)).toBe(kind))

test('answers the same for many paths as for one', () => {
  const paths = ['vendor/a.go', 'a.go', 'test/a.go', 'a_test.go', 'vendor/b.go']
  const kindOf = pathKinds()
  expect(paths.map(path => kindOf(path))).toEqual(paths.map(path => pathKind(path)))
})

test('sorts the changes of a pull request into source and tests', () => {
  const change = (path: string) => ({ path, status: 'modified' as const, added: [] })
  const { source, tests } = sourceChangesOf(['a.ts', 'a.test.ts', '__snapshots__/a.snap', 'README.md'].map(change))
  expect([source, tests].map(list => list.map(({ path }) => path))).toEqual([
    ['a.ts'],
    ['a.test.ts', '__snapshots__/a.snap']
  ])
})

test('knows the nearest package of a path', () => {
  const packageOf = packagesOf(['package.json', 'packages/a/package.json', 'packages/a/src/x.ts', 'src/y.ts'])
  expect(['packages/a/src/x.ts', 'src/y.ts'].map(packageOf)).toEqual(['packages/a', ''])
})

test('knows languages by their endings, the longest first known', () => {
  expect(['a.rs', 'a.tf.json', 'a.test.ts', 'a'].map(path => languageOf(path)?.language)).toEqual([
    'rust',
    'terraform',
    'javascript',
    undefined
  ])
})
