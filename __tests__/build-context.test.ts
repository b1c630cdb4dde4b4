import { expect, test } from '@jest/globals'
import { contextsOf, ignoreFileOf } from '../src/build-context.js'
import { repoOf } from './helpers.js'

const copies = 'FROM scratch\nCOPY x/y /\n'
const step = (lines: string) => `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - ${lines}\n`
const push = 'uses: docker/build-push-action@v6\n        with:\n'

async function folders(files: Record<string, string>, path = 'a/Dockerfile'): Promise<string[]> {
  const repo = await repoOf(files)
  const dockerfile = repo.dockerfiles.find(file => file.path === path)!
  return contextsOf(repo, dockerfile).map(({ folder, by, withoutGit }) =>
    [folder || '.', by && 'given', withoutGit && folder === '' && 'without .git'].filter(Boolean).join(', ')
  )
}

test.each([
  ['what it copies lies beside it', { 'a/Dockerfile': copies, 'a/x/y': '' }, ['a']],
  ['what it copies lies at the root', { 'a/Dockerfile': copies, 'x/y': '' }, ['.']],
  ['what it copies lies in both', { 'a/Dockerfile': copies, 'a/x/y': '', 'x/y': '' }, []],
  ['an ignore file beside it', { 'a/Dockerfile': 'FROM scratch\n', 'a/.dockerignore': '' }, ['a']],
  ['nothing tells', { 'a/Dockerfile': 'FROM scratch\n' }, []],
  ['Compose', { 'a/Dockerfile': copies, 'compose.yml': 'services:\n  a:\n    build: ./a\n' }, ['a, given']],
  [
    'Compose with another context',
    { 'a/Dockerfile': copies, 'compose.yml': 'services:\n  a:\n    build: { context: ., dockerfile: a/Dockerfile }\n' },
    ['., given']
  ],
  [
    'Compose with an address',
    { 'a/Dockerfile': copies, 'compose.yml': 'services:\n  a:\n    build: https://example.com/x.git\n' },
    []
  ],
  [
    'a step',
    { 'a/Dockerfile': copies, '.github/workflows/b.yml': step(`${push}          file: a/Dockerfile`) },
    ['., given, without .git']
  ],
  [
    'a step with a context',
    { 'a/Dockerfile': copies, '.github/workflows/b.yml': step(`${push}          context: ./a`) },
    ['a, given']
  ],
  [
    'a command',
    { 'a/Dockerfile': copies, '.github/workflows/b.yml': step('run: docker build -f a/Dockerfile .') },
    ['., given']
  ],
  [
    'two builds',
    {
      'a/Dockerfile': copies,
      '.github/workflows/b.yml': step('run: docker build a\n      - run: docker build -f a/Dockerfile .')
    },
    ['a, given', '., given']
  ]
] as [string, Record<string, string>, string[]][])('%s', async (_, files, found) =>
  expect(await folders(files)).toEqual(found)
)

test('a Dockerfile at the root has the whole repository', async () =>
  expect(await folders({ Dockerfile: copies }, 'Dockerfile')).toEqual(['.']))

test('an ignore file that was not read is unknown', async () => {
  const of = async (paths: string[], files = {}) => {
    const repo = await repoOf({ head: { Dockerfile: copies, ...files }, paths })
    const file = ignoreFileOf(repo, repo.dockerfiles[0]!, { folder: '', withoutGit: false })
    return typeof file === 'string' ? file : file.path
  }
  expect(await of([])).toBe('none')
  expect(await of(['.dockerignore'])).toBe('unknown')
  expect(await of(['.containerignore'])).toBe('unknown')
  expect(await of([], { '.dockerignore': '' })).toBe('.dockerignore')
  expect(await of([], { '.dockerignore': '', 'Dockerfile.dockerignore': '' })).toBe('Dockerfile.dockerignore')
})
