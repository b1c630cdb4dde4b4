import { execFileSync } from 'node:child_process'
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { folderSource } from '../../src/source/folder.js'

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

function folder(files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'hygiene-')))
  made.push(root)
  write(root, files)
  return root
}
function write(root: string, files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
function git(root: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', root, ...identity, ...args], { encoding: 'utf8' }).trim()
}
function repository(files: Record<string, string>): string {
  const root = folder(files)
  git(root, 'init', '-q', '-b', 'main')
  git(root, 'add', '-A')
  git(root, 'commit', '-qm', 'start')
  return root
}
const pathsOf = async (root: string, options = {}) =>
  (await (await folderSource(root, options)).head.list()).map(blob => blob.path)

test('it lists a folder without git, dependencies and git data left out', async () => {
  const root = folder({ Dockerfile: 'FROM scratch\n', 'a/compose.yml': '{}', 'node_modules/x/Dockerfile': '' })
  expect(await pathsOf(root)).toEqual(['Dockerfile', 'a/compose.yml'])
})

test('it lists what git tracks or would, without ignored files', async () => {
  const root = repository({ '.gitignore': 'build/\n', Dockerfile: 'FROM scratch\n' })
  write(root, { 'build/Dockerfile': '', 'new file.yml': '', 'grün.yml': '' })
  expect(await pathsOf(root)).toEqual(['.gitignore', 'Dockerfile', 'grün.yml', 'new file.yml'])
})

test('it takes a subfolder of a repository as the whole', async () => {
  const root = repository({ 'app/Dockerfile': 'FROM scratch\n', Dockerfile: '' })
  git(root, 'checkout', '-qb', 'change')
  write(root, { 'app/Dockerfile': 'FROM scratch\nUSER 1\n', Dockerfile: 'FROM scratch\n' })
  const source = await folderSource(join(root, 'app'), { base: 'main' })
  expect((await source.head.list()).map(blob => blob.path)).toEqual(['Dockerfile'])
  expect((await source.base!.list()).map(blob => blob.path)).toEqual(['Dockerfile'])
  expect(await source.diff()).toEqual([{ path: 'Dockerfile', status: 'modified', added: [[2, 2]], hunks: [[1, 2]] }])
})

test('it names the folder whose files it may not see, once, and lists the rest', async () => {
  const root = folder({ Dockerfile: 'FROM scratch\n' })
  // Paths of more than 4,096 bytes can be made a folder at a time, and are refused as a whole.
  const deep = 'x'.repeat(250)
  const make = `for i in $(seq 16); do mkdir ${deep} && cd ${deep}; done; touch ${'a'.repeat(240)}.Dockerfile ${'b'.repeat(240)}.Dockerfile`
  try {
    execFileSync('sh', ['-c', make], { cwd: root })
    const source = await folderSource(root)
    expect((await source.head.list()).map(blob => blob.path)).toEqual(['Dockerfile'])
    expect(source.unread).toEqual([
      { what: Array(16).fill(deep).join('/'), reason: expect.stringContaining('ENAMETOOLONG') }
    ])
  } finally {
    execFileSync('rm', ['-rf', root])
  }
})

test('it marks links, and does not follow them', async () => {
  const root = folder({ Dockerfile: 'FROM scratch\n' })
  symlinkSync('/etc/passwd', join(root, 'Dockerfile.link'))
  const blobs = await (await folderSource(root)).head.list()
  expect(blobs.map(blob => [blob.path, blob.mode])).toEqual([
    ['Dockerfile', '100644'],
    ['Dockerfile.link', '120000']
  ])
})

test('it compares with the merge base, not with the tip of the base', async () => {
  const root = repository({
    'a.yml': 'one\ntwo\nthree\n',
    'b.yml': 'b\n',
    'gone.yml': 'gone\n',
    'old.yml': 'moved text\nof two lines\n'
  })
  git(root, 'checkout', '-qb', 'change')
  git(root, 'checkout', '-q', 'main')
  write(root, { 'b.yml': 'changed on main\n' })
  git(root, 'commit', '-qam', 'main moves on')
  git(root, 'checkout', '-q', 'change')
  write(root, { 'a.yml': 'one\n2\n2b\nthree\n' })
  unlinkSync(join(root, 'gone.yml'))
  git(root, 'mv', 'old.yml', 'new.yml')
  git(root, 'commit', '-qam', 'change')
  write(root, { 'untracked.yml': 'x\ny\n', 'a.yml': 'one\n2\n2b\nthree\nfour\n' })

  const source = await folderSource(root, { base: 'main' })
  expect(source.policy!.sha).toBe(git(root, 'rev-parse', 'main'))
  expect(source.base!.sha).toBe(git(root, 'merge-base', 'main', 'HEAD'))
  expect(await source.diff()).toEqual(
    [
      {
        path: 'a.yml',
        status: 'modified',
        added: [
          [2, 3],
          [5, 5]
        ],
        hunks: [[1, 5]]
      },
      { path: 'gone.yml', status: 'removed', added: [], hunks: undefined },
      { path: 'new.yml', previousPath: 'old.yml', status: 'renamed', added: [] },
      { path: 'untracked.yml', status: 'added', added: [[1, 2]], hunks: [[1, 2]] }
    ].map(row => JSON.parse(JSON.stringify(row)))
  )

  // What both sides share has one id, what differs two, and both texts can be read.
  const head = new Map((await source.head.list()).map(blob => [blob.path, blob]))
  const base = new Map((await source.base!.list()).map(blob => [blob.path, blob]))
  expect(head.get('b.yml')!.sha).toBe(base.get('b.yml')!.sha)
  expect(head.get('a.yml')!.sha).not.toBe(base.get('a.yml')!.sha)
  const texts = await source.read([head.get('a.yml')!, base.get('a.yml')!, base.get('gone.yml')!])
  expect([...texts.values()]).toEqual(
    expect.arrayContaining(['one\n2\n2b\nthree\nfour\n', 'one\ntwo\nthree\n', 'gone\n'])
  )
})

test.each([
  ['a path that does not exist', 'nowhere', {}, /nowhere does not exist/],
  ['a file', 'Dockerfile', {}, /is not a folder/],
  ['an unknown base', '', { base: 'nosuch' }, /nosuch names no commit here/],
  ['a base that looks like an option', '', { base: '--output=x' }, /names no commit here/]
])('it refuses %s with a sentence', async (_, path, options, message) => {
  const root = repository({ Dockerfile: 'FROM scratch\n' })
  await expect(folderSource(join(root, path), options)).rejects.toThrow(message)
})

test('it refuses a base where there is no git', async () => {
  await expect(folderSource(folder({ a: '' }), { base: 'main' })).rejects.toThrow(/no git repository/)
})

test.each([
  ['UTF-16', Buffer.from('\ufeffon: push\n', 'utf16le'), /UTF-16/],
  ['a binary', Buffer.from([0x7f, 0x45, 0, 0, 1, 2, 3, 0, 255]), /binary/i]
])('it names %s as such', async (_, bytes, reason) => {
  const root = folder({})
  writeFileSync(join(root, 'Dockerfile'), bytes)
  const source = await folderSource(root)
  const [text] = (await source.read(await source.head.list())).values()
  expect(text).toMatchObject({ what: 'Dockerfile', reason: expect.stringMatching(reason) })
})

test('it says that branch rules are read elsewhere', async () => {
  const { protected: rule } = await (await folderSource(folder({ 'a.md': 'a' }))).branch()
  expect(rule).toEqual({ is: 'unknown', why: 'read with the API only' })
})

test('it keeps changes with their files where a file becomes a link, and whatever a line says', async () => {
  const root = repository({ 'a.yml': 'one\n', 'b.yml': 'one\n', 'c.yml': 'one\n' })
  unlinkSync(join(root, 'a.yml'))
  symlinkSync('b.yml', join(root, 'a.yml'))
  write(root, { 'b.yml': 'one\ntwo\rdiff --git a/x b/x\n', 'c.yml': 'one\ntwo\nthree\n' })
  const diff = await (await folderSource(root, { base: 'main' })).diff()
  expect(diff?.map(({ path, status, added }) => [path, status, added])).toEqual([
    ['a.yml', 'changed', [[1, 1]]],
    ['b.yml', 'modified', [[2, 2]]],
    ['c.yml', 'modified', [[2, 3]]]
  ])
})

// Only root can give a folder away.
const asRoot = process.getuid?.() === 0 ? test : test.skip
asRoot("it passes on git's own sentence where git refuses a repository of somebody else", async () => {
  const root = repository({ Dockerfile: 'FROM scratch\n' })
  chownSync(root, 65534, 65534)
  const source = await folderSource(root)
  expect((await source.head.list()).map(blob => blob.path)).toEqual(['Dockerfile'])
  expect(source.unread).toEqual([
    { what: 'which files git ignores', reason: expect.stringContaining('dubious ownership') }
  ])
  await expect(folderSource(root, { base: 'main' })).rejects.toThrow(/git refuses .*dubious ownership/)
})
