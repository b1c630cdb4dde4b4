import { expect, test } from '@jest/globals'
import type { Blob, Diff, FileKind, Files, Repo, Source, Unread } from '../src/model.js'
import { type ReadOptions, readRepo } from '../src/repo.js'
import { branchRules } from '../src/source/memory.js'
import { repoOf } from './helpers.js'

const CI = '.github/workflows/ci.yml'
const steps = (...runs: string[]) =>
  `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${runs.map(run => `      - run: ${run}\n`).join('')}`
const pathsOf = (files: { path: string }[]) => files.map(({ path }) => path)

interface Tree {
  files: Record<string, string | Unread>
  /** Modes that are not those of plain files. */
  modes?: Record<string, string>
}
interface Given {
  head: Tree
  base?: Tree
  diff?: Diff
  sizes?: Record<string, number>
}

/** A source that keeps a list of what is asked of it, one entry a round. */
function watched({ head, base, diff, sizes = {} }: Given): { source: Source; rounds: string[][] } {
  const texts = new Map<string, string | Unread>()
  const rounds: string[][] = []
  const listOf = ({ files, modes = {} }: Tree): Blob[] =>
    Object.entries(files).map(([path, text]) => {
      const sha = typeof text === 'string' ? `text ${text}` : `unread ${path}`
      texts.set(sha, text)
      const size = sizes[path] ?? (typeof text === 'string' ? text.length : 10)
      return { path, mode: modes[path] ?? '100644', sha, size }
    })
  const source: Source = {
    head: { sha: 'head', list: async () => listOf(head) },
    ...(base && { base: { sha: 'base', list: async () => listOf(base) } }),
    async read(blobs) {
      rounds.push(pathsOf(blobs))
      return new Map(blobs.map(({ sha, path }) => [sha, texts.get(sha) ?? { what: path, reason: 'is not there' }]))
    },
    resolve: async uses => new Map(uses.map(name => [name, { what: name, reason: 'not asked' }])),
    branch: async () => branchRules({}),
    diff: async () => diff,
    unread: []
  }
  return { source, rounds }
}

async function read(given: Given, options?: ReadOptions): Promise<{ repo: Repo; rounds: string[][] }> {
  const { source, rounds } = watched(given)
  return { repo: await readRepo(source, options), rounds }
}
const lookedIn = ({ looked }: Repo) => looked.map(({ path, kind, as }) => `${as} ${kind} ${path}`).sort()

// ---------------------------------------------------------------- rounds

test('it reads in two rounds: what names give, then what those files name', async () => {
  const { repo, rounds } = await read({
    head: {
      files: {
        [CI]: steps('./scripts/test.sh', 'make -C tools check'),
        'compose.yml': 'services:\n  a:\n    build: {context: docker, dockerfile: image.txt}\n',
        'docker/image.txt': 'FROM scratch\n',
        'scripts/test.sh': './scripts/deeper.sh\n',
        'scripts/deeper.sh': 'true\n',
        'tools/Makefile': 'check:\n\ttrue\n',
        'src/main.ts': ''
      }
    }
  })
  expect(rounds.map(round => [...round].sort())).toEqual([
    [CI, 'compose.yml'],
    ['docker/image.txt', 'scripts/test.sh', 'tools/Makefile']
  ])
  expect(pathsOf(repo.dockerfiles)).toEqual(['docker/image.txt'])
  expect(pathsOf(repo.scripts).sort()).toEqual(['scripts/test.sh', 'tools/Makefile'])
})

test.each([
  [
    'build.dockerfile of a compose file',
    { 'a/compose.yml': 'services: {x: {build: {context: ., dockerfile: web}}}\n' }
  ],
  [
    'a build step',
    { [CI]: 'on: push\njobs: {a: {steps: [{uses: docker/build-push-action@v6, with: {file: ./a/web}}]}}\n' }
  ]
])('it takes what %s names for a Dockerfile, whatever its name', async (_, files) => {
  const { dockerfiles } = await repoOf({ ...(files as Files), 'a/web': 'FROM scratch\n', web: 'FROM alpine\n' })
  expect(pathsOf(dockerfiles)).toEqual(['a/web'])
})

test('it reads nothing that a name gives outside of the repository or that is not there', async () => {
  const compose =
    'services: {x: {build: {context: ../.., dockerfile: web}}, y: {build: {context: ., dockerfile: no}}}\n'
  expect((await repoOf({ 'a/compose.yml': compose, web: 'FROM scratch\n' })).dockerfiles).toEqual([])
})

// ---------------------------------------------------------------- head and base

test('it reads and parses once what head and base share, and gives the same objects', async () => {
  const shared = { [CI]: steps('make'), Makefile: 'all:\n\ttrue\n', Dockerfile: 'FROM scratch\n' }
  const { repo, rounds } = await read({
    head: { files: { ...shared, 'compose.yml': 'services: {a: {image: b:2}}\n' } },
    base: { files: { ...shared, 'compose.yml': 'services: {a: {image: b:1}}\n' } },
    diff: [{ path: 'compose.yml', status: 'modified', added: [[1, 1]] }]
  })
  const { base } = repo
  expect(rounds.flat().sort()).toEqual([CI, 'Dockerfile', 'Makefile', 'compose.yml', 'compose.yml'])
  expect(repo.workflows[0]).toBe(base?.workflows[0])
  expect(repo.dockerfiles[0]).toBe(base?.dockerfiles[0])
  expect(repo.scripts[0]).toBe(base?.scripts[0])
  expect(repo.composes[0]).not.toBe(base?.composes[0])
  expect([repo.composes[0], base?.composes[0]].map(compose => compose?.services[0]?.image?.value)).toEqual([
    'b:2',
    'b:1'
  ])
})

test('it parses a text again where it lies at another path', async () => {
  const text = steps('true')
  const { repo, rounds } = await read({
    head: { files: { '.github/workflows/new.yml': text } },
    base: { files: { [CI]: text } },
    diff: [{ path: '.github/workflows/new.yml', previousPath: CI, status: 'renamed', added: [] }]
  })
  expect(rounds.flat()).toHaveLength(1)
  expect([repo.workflows[0]?.jobs[0]?.at.path, repo.base?.workflows[0]?.jobs[0]?.at.path]).toEqual([
    '.github/workflows/new.yml',
    CI
  ])
})

test('it gives the changes to the head, and none to the base', async () => {
  const diff: Diff = [{ path: 'a', status: 'added', added: [[1, 1]] }]
  const { repo } = await read({ head: { files: { a: 'a' } }, base: { files: {} }, diff })
  expect([repo.diff, repo.base?.diff, repo.base?.base]).toEqual([diff, [], undefined])
  const alone = await read({ head: { files: { a: 'a' } } })
  expect([alone.repo.diff, alone.repo.base]).toEqual([undefined, undefined])
})

// ---------------------------------------------------------------- what is left out

test('it passes over links and submodules', async () => {
  const { repo, rounds } = await read({
    head: {
      files: { Dockerfile: '../../etc/passwd', 'action.yml': 'x', 'compose.yml': 'services: {}\n' },
      modes: { Dockerfile: '120000', 'action.yml': '160000' }
    }
  })
  expect(rounds).toEqual([['compose.yml']])
  expect(lookedIn(repo)).toEqual(['read compose compose.yml'])
  expect(repo.paths).toContain('Dockerfile')
})

test.each([
  ['a name', 'Dockerfile.j2', 'FROM scratch\n', 'dockerfile'],
  ['the folder of a chart', 'chart/templates/compose.yml', 'services: {}\n', 'compose'],
  ['its text', 'Dockerfile', '{% if a %}\nFROM a\n', 'dockerfile'],
  ['a Go template in it', 'k8s/a.yml', 'apiVersion: v1\nkind: Pod\nmetadata: {{ .Values.x }}\n', 'manifest']
])('it knows a template by %s, and lists it unparsed', async (_, path, text, kind) => {
  const { repo } = await read({ head: { files: { [path]: text, 'chart/Chart.yaml': 'name: c\n' } } })
  expect(lookedIn(repo)).toContain(`template ${kind as FileKind} ${path}`)
  expect([repo.dockerfiles, repo.composes, repo.manifests, repo.unread]).toEqual([[], [], [], []])
})

test('it leaves out files that are too large, listed once a kind', async () => {
  const { repo, rounds } = await read({
    head: { files: { 'a/Dockerfile': '', 'b/Dockerfile': '', 'compose.yml': '', Dockerfile: 'FROM scratch\n' } },
    sizes: { 'a/Dockerfile': 2 << 20, 'b/Dockerfile': 3 << 20, 'compose.yml': 4 << 20 }
  })
  expect(rounds).toEqual([['Dockerfile']])
  expect(repo.unread).toEqual([
    { what: '2 files of kind dockerfile (a/Dockerfile, …)', reason: 'larger than 512 KiB (2048 KiB)' },
    { what: 'compose.yml', reason: 'larger than 512 KiB (4096 KiB)', at: expect.objectContaining({ line: 1 }) }
  ])
})

test('it looks at a bounded number of YAML files that may be manifests, and says so once', async () => {
  const files: Files = {}
  for (let at = 0; at < 1100; at++) files[`k8s/${at}.yml`] = 'apiVersion: v1\nkind: Pod\n'
  const { repo } = await read({ head: { files } })
  expect(repo.manifests).toHaveLength(1000)
  expect(repo.unread).toEqual([
    { what: '100 files of kind manifest (k8s/1000.yml, …)', reason: 'more than 1000 YAML files' }
  ])
})

test('it reads a bounded number of files that commands name, and says so once', async () => {
  const files: Files = { [CI]: steps(...Array.from({ length: 310 }, (_, at) => `./s/${at}.sh`)) }
  for (let at = 0; at < 310; at++) files[`s/${at}.sh`] = 'true\n'
  const { repo } = await read({ head: { files } })
  expect(repo.scripts).toHaveLength(300)
  expect(repo.unread).toEqual([
    { what: '10 files of kind script (s/300.sh, …)', reason: 'commands and builds name more than 300 files' }
  ])
})

test('it looks for manifests where they usually lie and where something changed', async () => {
  const pod = 'apiVersion: v1\nkind: Pod\n'
  const files = { 'k8s/a.yml': pod, 'doc/b.yml': pod, 'doc/c.yml': pod, 'k8s/d.yml': 'a: 1\n' }
  const { repo } = await read({ head: { files }, diff: [{ path: 'doc/b.yml', status: 'modified', added: [[1, 1]] }] })
  expect(pathsOf(repo.manifests)).toEqual(['k8s/a.yml', 'doc/b.yml'])
  expect(lookedIn(repo)).toEqual(['read manifest doc/b.yml', 'read manifest k8s/a.yml'])
})

test('it takes what the source cannot read for unread, and bytes that are no text for broken', async () => {
  const { repo } = await read({
    head: {
      files: {
        Dockerfile: { what: 'Dockerfile', reason: 'git does not have it' },
        [CI]: { what: CI, reason: 'is UTF-16: save it as UTF-8', broken: true }
      }
    }
  })
  expect(lookedIn(repo)).toEqual(['broken workflow .github/workflows/ci.yml', 'unread dockerfile Dockerfile'])
  expect(repo.unread.map(({ what, reason }) => [what, reason])).toEqual([
    ['Dockerfile', 'git does not have it'],
    [CI, 'is UTF-16: save it as UTF-8']
  ])
  expect([repo.dockerfiles, repo.workflows, [...repo.texts]]).toEqual([[], [], []])
})

test('it lists broken files one by one, with their places, and keeps what could be read of them', async () => {
  const { repo } = await read({
    head: { files: { [CI]: 'on: push\njobs: [\n', 'a/compose.yml': 'services: {}\nx: [\n', 'b/compose.yml': '' } }
  })
  expect(repo.unread.map(({ what, at }) => `${what}:${at?.line}`)).toEqual([
    `${CI}:3`,
    'a/compose.yml:3',
    'b/compose.yml:1'
  ])
  expect(pathsOf(repo.composes)).toEqual(['a/compose.yml'])
})

test('it lists actions that it could not ask for once a reason', async () => {
  const uses = (name: string) =>
    `on: push\njobs: {a: {steps: [{uses: ${name}@v1}, {uses: ./local}, {uses: docker://a}]}}\n`
  const { repo } = await read({ head: { files: { [CI]: uses('a/b'), '.github/workflows/two.yml': uses('c/d') } } })
  expect([...repo.remote.keys()]).toEqual(['a/b@v1', 'c/d@v1'])
  expect(repo.unread).toEqual([
    { what: '2 actions and workflows of other repositories (a/b@v1, …)', reason: 'not asked' }
  ])
})

// ---------------------------------------------------------------- everything that is handed over

test('it looks at every text that was handed over, whatever its folder', async () => {
  const pod = 'apiVersion: v1\nkind: Pod\n'
  const head = { files: { 'doc/pod.yml': pod, 'a/b/test.sh': 'true\n' } }
  expect(lookedIn((await read({ head })).repo)).toEqual([])
  expect(lookedIn((await read({ head }, { everything: true })).repo)).toEqual([
    'read manifest doc/pod.yml',
    'read script a/b/test.sh'
  ])
})

test('it takes a path without a text for unread where its name says what it is', async () => {
  const repo = await repoOf({ head: {}, paths: ['Dockerfile', 'b/Dockerfile', 'doc/a.yml', 'src/a.ts'] })
  expect(repo.unread).toEqual([
    { what: '2 files of kind dockerfile (Dockerfile, …)', reason: 'its text was not handed over' }
  ])
})

test('it keeps texts without a byte order mark', async () => {
  const repo = await repoOf({ Dockerfile: '\ufeffFROM scratch\n' })
  expect([repo.texts.get('Dockerfile'), repo.dockerfiles[0]?.stages[0]?.image.at.column]).toEqual(['FROM scratch\n', 6])
})

// ---------------------------------------------------------------- changed tests and owners

const change = (path: string, status: Diff[number]['status'] = 'modified', previousPath?: string): Diff[number] => ({
  path,
  status,
  added: [],
  ...(previousPath !== undefined && { previousPath })
})

test('it reads the test files that change, on both sides and in the first round, and parses them as nothing', async () => {
  const { repo, rounds } = await read({
    head: {
      files: {
        'a.test.ts': 'new a',
        'moved.test.ts': 'm',
        'new.test.ts': 'n',
        'same.test.ts': 's',
        'test/data.json': '1'
      }
    },
    base: {
      files: {
        'a.test.ts': 'old a',
        'old.test.ts': 'm',
        'gone.test.ts': 'g',
        'same.test.ts': 's',
        'test/data.json': '2'
      }
    },
    diff: [
      change('a.test.ts'),
      change('moved.test.ts', 'renamed', 'old.test.ts'),
      change('new.test.ts', 'added'),
      change('gone.test.ts', 'removed'),
      change('test/data.json'),
      change('a.ts')
    ]
  })
  expect(rounds).toHaveLength(1)
  const shown = (side: Repo | undefined) => side?.tests.map(({ path, text }) => `${path} ${text}`).sort()
  expect(shown(repo)).toEqual(['a.test.ts new a', 'moved.test.ts m', 'new.test.ts n'])
  expect(shown(repo.base)).toEqual(['a.test.ts old a', 'gone.test.ts g', 'old.test.ts m'])
  // The text of the source file a.ts is none of this.
  expect([repo.looked, repo.unread, repo.testsKnown]).toEqual([[], [], true])
})

test('it reads source files that may hold tests', async () => {
  const { repo } = await read({
    head: { files: { 'src/lib.rs': 'new', 'src/lib.go': 'new' } },
    base: { files: { 'src/lib.rs': 'old', 'src/lib.go': 'old' } },
    diff: [change('src/lib.rs'), change('src/lib.go')]
  })
  expect([repo.tests, repo.base?.tests]).toEqual([
    [{ path: 'src/lib.rs', text: 'new' }],
    [{ path: 'src/lib.rs', text: 'old' }]
  ])
})

test('it reads no tests where there is nothing to hold them against', async () => {
  const alone = await read({ head: { files: { 'a.test.ts': 'a' } }, diff: [change('a.test.ts')] })
  expect([alone.rounds, alone.repo.tests]).toEqual([[], []])
})

test('it reads a bounded number of changed tests, those that take something away first, and says so once', async () => {
  const files = Object.fromEntries(Array.from({ length: 110 }, (_, at) => [`${at}.test.ts`, `new ${at}`]))
  const { repo } = await read({
    head: { files },
    base: { files: { 'z.test.ts': 'z' } },
    diff: [...Object.keys(files).map(path => change(path, 'added')), change('z.test.ts', 'removed')]
  })
  expect([repo.tests.length, pathsOf(repo.base!.tests), repo.testsKnown]).toEqual([99, ['z.test.ts'], false])
  expect(repo.unread).toEqual([{ what: '11 of 111 changed test files', reason: 'no more than 100 are read' }])
})

test('it says once of all changed tests that cannot be read why not, and leaves large ones out', async () => {
  const no = (path: string): Unread => ({ what: path, reason: 'is not at hand' })
  const tree = { files: { 'a.test.ts': no('a'), 'b.test.ts': no('b'), 'big.test.ts': 'x' } }
  const diff = [change('a.test.ts'), change('b.test.ts'), change('big.test.ts')]
  const { repo, rounds } = await read({ head: tree, base: tree, diff, sizes: { 'big.test.ts': 300 << 10 } })
  expect(rounds.flat()).not.toContain('big.test.ts')
  expect(repo.unread).toEqual([
    { what: 'changed test file big.test.ts', reason: 'larger than 256 KiB' },
    { what: 'changed test files (a.test.ts, …)', reason: 'is not at hand' }
  ])
})

test('it reads the owners of all three places in the order of GitHub', async () => {
  const { codeowners } = await repoOf({
    CODEOWNERS: '* @b',
    'docs/CODEOWNERS': '* @c',
    '.github/CODEOWNERS': '* @a',
    'src/CODEOWNERS': '* @d'
  })
  expect(codeowners.map(({ path, lines }) => [path, lines[0]?.owners[0]?.value])).toEqual([
    ['.github/CODEOWNERS', '@a'],
    ['CODEOWNERS', '@b'],
    ['docs/CODEOWNERS', '@c']
  ])
})
