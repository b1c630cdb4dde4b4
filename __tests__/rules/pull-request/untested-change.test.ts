import { expect, test } from '@jest/globals'
import type { Diff, FileChange, Files } from '../../../src/model.js'
import { readRepo } from '../../../src/repo.js'
import { run } from '../../../src/rule.js'
import rule from '../../../src/rules/pull-request/untested-change.js'
import { memorySource } from '../../../src/source/memory.js'

async function ask(diff: Diff, more: { files?: Files; paths?: string[]; options?: object } = {}) {
  const source = memorySource({ files: more.files ?? {}, base: {}, paths: more.paths ?? [], diff })
  const { found, unread } = run([rule], await readRepo(source), () => ({ ...more.options }))
  return [
    ...found.map(({ problem: { at, message } }) => `${at.path}:${at.line} ${message}`),
    ...unread.map(one => one.reason)
  ]
}
const change = (path: string, added: [number, number][] = [[3, 4]], rest: Partial<FileChange> = {}): FileChange => ({
  path,
  status: 'modified',
  added,
  ...rest
})

test.each([
  ['source', [change('src/a.ts')], ['src/a.ts:3 src/a.ts changes and no test does']],
  [
    'two sources',
    [change('src/a.ts'), change('lib/b.go', [[9, 9]])],
    ['src/a.ts:3 2 source files change and no test does']
  ],
  ['source and a test', [change('src/a.ts'), change('src/b.test.ts')], []],
  ['source and a removed test', [change('src/a.ts'), change('src/b.test.ts', [], { status: 'removed' })], []],
  ['documents', [change('README.md'), change('docs/a.ts')], []],
  ['dependencies', [change('package.json'), change('package-lock.json')], []],
  ['config', [change('vite.config.ts')], []],
  ['generated files', [change('api/a.pb.go')], []],
  ['vendored files', [change('vendor/a/b.go')], []],
  ['a rename without change', [change('src/a.ts', [], { status: 'renamed', previousPath: 'src/b.ts' })], []],
  ['deletions alone', [change('src/a.ts', [])], []],
  ['a removed file', [change('src/a.ts', [], { status: 'removed' })], []],
  ['the pipeline', [change('.github/workflows/ci.yml')], []],
  ['a version', [change('lib/kamal/version.rb', [[2, 2]])], []],
  ['sentences of a language', [change('app/i18n/pl/index.php'), change('src/locales/pt-BR.ts')], []],
  ['sentences for Laravel', [change('lang/en/auth.php')], []],
  [
    'code about languages',
    [change('src/i18n/index.ts')],
    ['src/i18n/index.ts:3 src/i18n/index.ts changes and no test does']
  ],
  ['a folder of programs', [change('lang/go/main.go')], ['lang/go/main.go:3 lang/go/main.go changes and no test does']],
  ['styles', [change('site.css')], []],
  ['a script where none is tested', [change('run.sh')], []]
])('reports %s', async (_, diff, found) => expect(await ask(diff)).toEqual(found))

test('asks for tests of scripts where the repository has some', async () => {
  expect(await ask([change('run.sh')], { paths: ['test/run.bats', 'run.sh'] })).toHaveLength(1)
})

test('reports each package of a monorepo', async () => {
  const paths = ['packages/a/package.json', 'packages/b/package.json']
  expect(await ask([change('packages/a/x.ts'), change('packages/b/y.ts')], { paths })).toEqual([
    'packages/a/x.ts:3 packages/a/x.ts changes in packages/a and no test does',
    'packages/b/y.ts:3 packages/b/y.ts changes in packages/b and no test does'
  ])
})

const tree = [
  'packages/a/package.json',
  'packages/a/x.ts',
  'packages/a/x.test.ts',
  'packages/b/package.json',
  'packages/b/y.ts',
  'packages/b/y.test.ts',
  'packages/c/package.json',
  'packages/c/z.ts',
  'e2e/package.json',
  'e2e/login.test.ts',
  'checks/package.json',
  'checks/all.test.ts',
  'main.go',
  'main_test.go',
  'tool.py',
  'test_tool.py',
  'go.mod'
]
const many: [number, number][] = [[1, 30]]

test.each<[string, FileChange[], string[]]>([
  [
    'the tests of another package',
    [change('packages/b/y.ts'), change('packages/a/x.test.ts')],
    ['packages/b/y.ts:3 packages/b/y.ts changes and no test of packages/b does: those that change are in packages/a']
  ],
  [
    'much beside a package whose tests change',
    [change('packages/a/x.ts'), change('packages/b/y.ts', many), change('packages/a/x.test.ts')],
    ['packages/b/y.ts:1 packages/b/y.ts changes and no test of packages/b does: those that change are in packages/a']
  ],
  [
    'little beside a package whose tests change',
    [change('packages/a/x.ts'), change('packages/b/y.ts'), change('packages/a/x.test.ts')],
    []
  ],
  ['its own tests', [change('packages/b/y.ts', many), change('packages/b/y.test.ts')], []],
  ['a package without tests', [change('packages/c/z.ts', many), change('packages/a/x.test.ts')], []],
  ['tests of the whole', [change('packages/b/y.ts', many), change('e2e/login.test.ts')], []],
  ['a package that has nothing but tests', [change('packages/b/y.ts', many), change('checks/all.test.ts')], []],
  ['data of tests', [change('packages/b/y.ts', many), change('packages/a/fixtures/a.json')], []],
  [
    'the tests of another language',
    [change('main.go'), change('test_tool.py')],
    ['main.go:3 main.go changes and no test in go does']
  ],
  ['two languages of which one is tested', [change('main.go', many), change('tool.py'), change('test_tool.py')], []]
])('weighs %s', async (_, diff, found) => expect(await ask(diff, { paths: tree })).toEqual(found))

test('tests inside source are not missed in another package', async () => {
  const paths = ['a/Cargo.toml', 'a/src/lib.rs', 'a/tests/a.rs', 'b/Cargo.toml', 'b/src/lib.rs', 'b/tests/b.rs']
  expect(await ask([change('a/src/lib.rs', many), change('b/tests/b.rs')], { paths })).toEqual([])
})

test('takes globs of the config', async () => {
  expect(await ask([change('src/a.ts'), change('checks/a.ts')], { options: { tests: ['checks/**'] } })).toEqual([])
  expect(await ask([change('src/a.ts')], { options: { source: ['!src/**'] } })).toEqual([])
})

test('does not know about tests inside source that was not read', async () => {
  expect(await ask([change('src/a.rs')])).toEqual([
    'tests of this language stand inside source files, and src/a.rs was not read'
  ])
})
