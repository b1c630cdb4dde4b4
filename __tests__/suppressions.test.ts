import { expect, test } from '@jest/globals'
import { mergeConfig } from '../src/config.js'
import { inspect } from '../src/inspect.js'
import type { Circumstances } from '../src/judge.js'
import type { Config, Files, Kind, Place, Rule } from '../src/model.js'
import { rule } from '../src/rule.js'
import { memorySource } from '../src/source/memory.js'
import { builtIn } from '../src/suppressions.js'

const made = <K extends Kind>(id: string, over: K, check: Rule<K>['check']): Rule =>
  rule({
    id,
    title: 'A title',
    why: 'A reason.',
    fix: 'A fix.',
    severity: 'error',
    topic: 'security',
    preset: 'recommended',
    over,
    check,
    bad: {},
    good: {}
  })
const at = (places: Iterable<Place>) => [...places].map(place => ({ at: place, message: 'a problem' }))

const RULES: Rule[] = [
  made('workflow/uses', 'workflow', ({ jobs }) =>
    at(jobs.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses?.at ?? [])))
  ),
  made('workflow/job', 'workflow', ({ jobs }) => at(jobs.map(job => job.at))),
  made('workflow/trigger', 'workflow', ({ triggers }) => at(triggers.map(({ event }) => event.at))),
  made('workflow/file', 'workflow', ({ name, at: start }) => (name ? [] : at([start]))),
  made('dockerfile/run', 'dockerfile', ({ instructions }) =>
    at(instructions.filter(({ keyword }) => keyword === 'RUN').map(each => each.body.at))
  ),
  made('compose/service', 'compose', ({ services }) => at(services.map(service => service.name.at))),
  made('kubernetes/container', 'manifest', ({ pod }) => at(pod?.containers.map(({ yaml }) => yaml.at) ?? [])),
  made('action/step', 'action', ({ steps }) => at(steps.map(step => step.at))),
  made('dependabot/update', 'dependabot', ({ yaml }) => at([yaml.entry('updates')!.key.at])),
  ...builtIn
]

const CI = '.github/workflows/ci.yml'
const only = (...names: string[]): Partial<Config> => ({
  rules: [{ rule: '*', severity: 'off' }, ...names.map(name => ({ rule: name, severity: 'on' as const }))]
})

async function judged(head: Files, config: Partial<Config> = {}, base?: Files, now: Partial<Circumstances> = {}) {
  const { verdict } = await inspect(
    memorySource({ files: head, ...(base && { base }) }),
    { config: mergeConfig({ require: [], ...config }), problems: [] },
    { today: '2026-11-20', ...now },
    { everything: true, rules: RULES }
  )
  const say = ({ rule: { id }, at: place }: (typeof verdict.findings)[number]) => `${place.line} ${id}`
  return {
    verdict,
    shown: verdict.findings.map(say),
    hidden: verdict.hidden.map(({ finding, because, reason }) => `${say(finding)} ${because}: ${reason}`)
  }
}

const job = (steps: string) =>
  `name: CI\non: push\njobs:\n  build:\n    steps:\n${steps
    .split('\n')
    .map(line => `      ${line}\n`)
    .join('')}`

// ---------------------------------------------------------------- where it holds

test.each<[string, string, string, string[], string[]]>([
  [
    'on the line',
    'workflow/uses',
    job('- uses: a/b@v1 # pipeline-hygiene ignore workflow/uses -- ours'),
    [],
    ['6 workflow/uses']
  ],
  [
    'directly above',
    'workflow/uses',
    job('# pipeline-hygiene ignore workflow/uses -- ours\n- uses: a/b@v1'),
    [],
    ['7 workflow/uses']
  ],
  [
    'above, with other comments between',
    'workflow/uses',
    job('# pipeline-hygiene ignore workflow/uses -- ours\n# and more\n# to say\n- uses: a/b@v1'),
    [],
    ['9 workflow/uses']
  ],
  [
    'on another line of the step',
    'workflow/uses',
    job('- name: one\n  uses: a/b@v1\n  with:\n    x: y # pipeline-hygiene ignore workflow/uses -- ours'),
    [],
    ['7 workflow/uses']
  ],
  [
    'not for the step before',
    'workflow/uses',
    job('- uses: a/b@v1\n# pipeline-hygiene ignore workflow/uses -- ours\n- uses: a/c@v1'),
    ['6 workflow/uses'],
    ['8 workflow/uses']
  ],
  [
    'not for the step after',
    'workflow/uses',
    job('- uses: a/b@v1 # pipeline-hygiene ignore workflow/uses -- ours\n- uses: a/c@v1'),
    ['7 workflow/uses'],
    ['6 workflow/uses']
  ],
  [
    'not with an empty line between',
    'workflow/uses',
    job('# pipeline-hygiene ignore workflow/uses -- ours\n\n- uses: a/b@v1'),
    ['6 config/unused-suppression', '8 workflow/uses'],
    []
  ],
  [
    'for a job, anywhere in it',
    'workflow/job',
    job('- uses: a/b@v1 # pipeline-hygiene ignore workflow/job -- x'),
    [],
    ['4 workflow/job']
  ],
  [
    'for a top-level key',
    'workflow/trigger',
    'on:\n  push:\n    branches: [main] # pipeline-hygiene ignore workflow/trigger -- x\njobs: {}\n',
    [],
    ['2 workflow/trigger']
  ],
  [
    'for the file as a whole, at its top',
    'workflow/file',
    '# Licence\n\n# pipeline-hygiene ignore workflow/file -- x\non: push\njobs: {}\n',
    [],
    ['1 workflow/file']
  ],
  [
    'for a whole file',
    'workflow/uses',
    job('- uses: a/b@v1\n- uses: a/c@v1\n# pipeline-hygiene ignore-file workflow/uses -- x'),
    [],
    ['6 workflow/uses', '7 workflow/uses']
  ],
  [
    'for rules by pattern',
    'workflow/uses',
    job('- uses: a/b@v1 # pipeline-hygiene ignore workflow/* -- x'),
    [],
    ['6 workflow/uses']
  ],
  [
    'behind the directive of another tool',
    'workflow/uses',
    job('- uses: a/b@v1 # other: ignore[x] # pipeline-hygiene ignore workflow/uses -- x'),
    [],
    ['6 workflow/uses']
  ]
])('it holds %s', async (_, name, text, shown, hidden) => {
  const verdict = await judged({ [CI]: text }, only(name, 'config/unused-suppression'))
  // A pattern may name rules that were not asked: then it cannot be called unused.
  expect(verdict.shown).toEqual(shown)
  expect(verdict.hidden.map(row => row.replace(/ suppressed: .*/, ''))).toEqual(hidden)
})

test.each<[string, string, Files, string[], string[]]>([
  [
    'a Dockerfile instruction',
    'dockerfile/run',
    { Dockerfile: 'FROM a\n# pipeline-hygiene ignore dockerfile/run -- x\nRUN a && \\\n  b\nRUN c\n' },
    ['5 dockerfile/run'],
    ['3 dockerfile/run suppressed: x']
  ],
  [
    'a Dockerfile instruction, between its lines',
    'dockerfile/run',
    { Dockerfile: 'FROM a\nRUN a && \\\n  # pipeline-hygiene ignore dockerfile/run -- x\n  b\n' },
    [],
    ['2 dockerfile/run suppressed: x']
  ],
  [
    'a compose service',
    'compose/service',
    {
      'compose.yml':
        'services:\n  a:\n    image: x # pipeline-hygiene ignore compose/service -- x\n  b:\n    image: y\n'
    },
    ['4 compose/service'],
    ['2 compose/service suppressed: x']
  ],
  [
    'a container',
    'kubernetes/container',
    {
      'k8s/pod.yml':
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    # pipeline-hygiene ignore kubernetes/container -- x\n    - name: a\n      image: a\n    - name: b\n      image: b\n'
    },
    ['10 kubernetes/container'],
    ['8 kubernetes/container suppressed: x']
  ],
  [
    'a step of an action',
    'action/step',
    {
      'action.yml':
        'runs:\n  using: composite\n  steps:\n    - run: a\n      shell: bash # pipeline-hygiene ignore action/step -- x\n    - run: b\n      shell: bash\n'
    },
    ['6 action/step'],
    ['4 action/step suppressed: x']
  ],
  [
    'dependabot',
    'dependabot/update',
    { '.github/dependabot.yml': 'version: 2\n# pipeline-hygiene ignore dependabot/update -- x\nupdates: []\n' },
    [],
    ['3 dependabot/update suppressed: x']
  ]
])('it holds for %s', async (_, name, files, shown, hidden) => {
  const verdict = await judged(files, only(name))
  expect([verdict.shown, verdict.hidden]).toEqual([shown, hidden])
})

// ---------------------------------------------------------------- what it says

const invalid = async (comment: string) => {
  const { verdict } = await judged({ [CI]: job(`- uses: a/b@v1 # ${comment}`) }, only('workflow/uses', 'config/*'))
  return verdict.findings.filter(({ rule: { id } }) => id === 'config/invalid-suppression')
}

test.each([
  ['no reason', 'pipeline-hygiene ignore workflow/uses', 'the suppression gives no reason, so it does not count'],
  ['an empty reason', 'pipeline-hygiene ignore workflow/uses --', 'the suppression gives no reason'],
  ['a reason without dashes', 'pipeline-hygiene ignore workflow/uses because', "has no rule 'workflow/uses because'"],
  ['no rule', 'pipeline-hygiene ignore -- a reason', 'the suppression names no rule'],
  [
    'an unknown rule',
    'pipeline-hygiene ignore workflow/use -- x',
    "there is no rule 'workflow/use': did you mean workflow/uses?"
  ],
  ['a pattern of nothing', 'pipeline-hygiene ignore actions/* -- x', "there is no rule 'actions/*'"],
  ['another word', 'pipeline-hygiene disable workflow/uses -- x', "'disable' suppresses nothing"],
  ['a misspelt word', 'pipeline-hygiene ingore workflow/uses -- x', "'ingore' suppresses nothing"],
  ['a colon', 'pipeline-hygiene: ignore workflow/uses -- x', "the ':' is too much"],
  ['brackets', 'pipeline-hygiene ignore[workflow/uses] -- x', 'suppresses nothing']
])('it reports %s and hides nothing', async (_, comment, message) => {
  const { shown, hidden } = await judged({ [CI]: job(`- uses: a/b@v1 # ${comment}`) }, only('workflow/uses'))
  expect([shown, hidden]).toEqual([['6 workflow/uses'], []])
  const found = await invalid(comment)
  expect(found.map(({ message: said }) => said)).toEqual([expect.stringContaining(message)])
  expect(found[0]!.at).toMatchObject({ path: CI, line: 6, column: 22 })
})

test.each([
  'pipeline-hygiene ignore workflow/uses -- x',
  'pipeline-hygiene ignore workflow/uses, workflow/job -- x -- y',
  'checked by pipeline-hygiene, ignore nothing',
  'pipeline-hygiene is a tool',
  'see pipeline-hygiene ignore in the documentation'
])('it does not complain about "%s"', async comment => expect(await invalid(comment)).toEqual([]))

test('it still takes the known rules of a list with an unknown one', async () => {
  const text = job('- uses: a/b@v1 # pipeline-hygiene ignore workflow/uses, workflow/nothing-here -- x')
  const { shown, hidden } = await judged({ [CI]: text }, only('workflow/uses', 'config/*'))
  expect(shown).toEqual(['6 config/invalid-suppression'])
  expect(hidden).toEqual(['6 workflow/uses suppressed: x'])
})

test('it reports what suppresses nothing, unless the rule was not asked', async () => {
  const text = job('- run: a # pipeline-hygiene ignore workflow/uses -- x')
  expect((await judged({ [CI]: text }, only('workflow/uses', 'config/*'))).shown).toEqual([
    '6 config/unused-suppression'
  ])
  expect((await judged({ [CI]: text }, only('config/*'))).shown).toEqual([])
})

test('it does not call unused what may hide something that was not read', async () => {
  const unsure = made('workflow/unsure', 'workflow', function* ({ at: start }) {
    yield { what: 'a thing', reason: 'closed', at: start }
  })
  const { verdict } = await inspect(
    memorySource({ files: { [CI]: job('- run: a # pipeline-hygiene ignore workflow/unsure -- x') } }),
    { config: mergeConfig({ require: [] }), problems: [] },
    { today: '2026-11-20' },
    { everything: true, rules: [unsure, ...builtIn] }
  )
  expect(verdict.findings).toEqual([])
})

// ---------------------------------------------------------------- who may

const NEW = job('- uses: a/b@v1 # pipeline-hygiene ignore workflow/uses -- ours')
const OLD = job('- uses: a/c@v1 # pipeline-hygiene ignore workflow/uses -- ours')

test.each<[string, Circumstances['authorMayWrite'], string, boolean]>([
  ['who may write', 'yes', 'newly suppresses workflow/uses: ours', true],
  ['who may not', 'no', '(does not count: its author may not write to the repository)', false],
  ['of whom that is not known', 'unknown', '(does not count: whether its author may write', false],
  ['of whom nobody asked', undefined, '(does not count: whether its author may write', false]
])('a new suppression of somebody %s is listed', async (_, mayWrite, notice, counts) => {
  const now = mayWrite ? { authorMayWrite: mayWrite } : {}
  const { verdict, shown } = await judged({ [CI]: NEW }, only('workflow/uses'), { [CI]: job('- run: a') }, now)
  expect(verdict.notices).toEqual([expect.stringContaining(notice)])
  expect(verdict.notices[0]).toContain(`${CI}:6 `)
  expect(shown).toEqual(counts ? [] : ['6 workflow/uses'])
  expect(verdict.conclusion).toBe(counts ? 'success' : 'failure')
})

test('a suppression that was there before holds whoever the author is', async () => {
  const { verdict, hidden } = await judged(
    { [CI]: NEW },
    only('workflow/uses'),
    { [CI]: OLD },
    { authorMayWrite: 'no' }
  )
  expect(verdict.notices).toEqual([])
  expect(hidden).toEqual(['6 workflow/uses suppressed: ours'])
})

test('a second copy of it is new', async () => {
  const twice = `${NEW}${NEW.split('\n').slice(5).join('\n')}`
  const { verdict, hidden, shown } = await judged(
    { [CI]: twice },
    only('workflow/uses'),
    { [CI]: NEW },
    { authorMayWrite: 'no' }
  )
  expect(verdict.notices).toEqual([expect.stringContaining(`${CI}:7 `)])
  expect([hidden, shown]).toEqual([['6 workflow/uses suppressed: ours'], ['7 workflow/uses']])
})

test('it moves with a renamed file', async () => {
  const now = '.github/workflows/other.yml'
  const { verdict } = await judged({ [now]: NEW }, only('workflow/uses'), { [CI]: NEW }, { authorMayWrite: 'no' })
  expect([verdict.notices, verdict.conclusion]).toEqual([[], 'success'])
})

test('without a base every suppression counts', async () => {
  const { verdict, shown } = await judged({ [CI]: NEW }, only('workflow/uses'))
  expect([verdict.notices, shown]).toEqual([[], []])
})

test('a problem that a suppression hid before is not new when the comment goes', async () => {
  const bare = job('- uses: a/b@v1')
  const { verdict } = await judged({ [CI]: bare }, only('workflow/uses'), { [CI]: NEW })
  expect(verdict.findings).toMatchObject([{ introduced: false }])
})

test('its own rules have examples that hold', async () => {
  const repoFiles = (example: Rule['bad']) => ('head' in example ? undefined : (example as Files))
  for (const each of builtIn) {
    const [bad, good] = [repoFiles(each.bad), repoFiles(each.good)]
    if (!bad || !good) continue
    const { inspectFiles } = await import('../src/api.js')
    const ids = async (files: Files) => (await inspectFiles(files)).findings.map(({ rule: id }) => id)
    expect(await ids(good)).not.toContain(each.id)
    if (each.id !== 'config/unused-suppression') expect(await ids(bad)).toContain(each.id)
  }
})

test('ordinary comments, however many, take nothing from a suppression after them', async () => {
  const text = `${'# a word\n'.repeat(1500)}${job('- uses: a/b@v1 # pipeline-hygiene ignore workflow/uses -- ours')}`
  const { shown, hidden } = await judged({ [CI]: text })
  expect(shown.filter(row => row.includes('workflow/uses'))).toEqual([])
  expect(hidden).toHaveLength(1)
})

test('suppressions beyond the bound of a file do not count, and it says from where', async () => {
  const flood = '# pipeline-hygiene ignore workflow/uses -- x\n'.repeat(1000)
  const { verdict } = await judged({ [CI]: `${job('- run: a')}${flood}# pipeline-hygiene ignore workflow/uses -- y\n` })
  const said = verdict.findings.filter(({ message }) => message.startsWith('more than 1000 suppressions'))
  expect(said).toHaveLength(1)
  // The line after the thousandth.
  expect(said[0]!.at.line).toBe(`${job('- run: a')}${flood}`.split('\n').length)
})
