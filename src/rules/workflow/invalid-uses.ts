import { testWorkflow } from '../../examples.js'
import type { Problem, Step, Text } from '../../model.js'
import { stepsOf } from '../../query.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-uses',
  title: 'Step uses what is no action',
  why: 'GitHub refuses a `uses` that it cannot read: nothing of the workflow runs.',
  fix: 'Write owner/repository@ref, owner/repository/path@ref, ./path or docker://image:tag.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'repo',
  peers: { actionlint: 'action', 'github-parser': 'parse-error' },

  *check(repo) {
    const steps: Step[] = [...repo.workflows.flatMap(stepsOf), ...repo.actions.flatMap(action => action.steps)]
    for (const { uses } of steps) if (uses) yield* problemOf(uses)
  },

  bad: {
    '.github/workflows/ci.yml': `on: push
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - uses: actions/checkout
`
  },
  good: testWorkflow
})

function* problemOf(uses: Text): Iterable<Problem> {
  const text = uses.value.trim()
  if (text === '' || text.includes('${{') || /^(\.{1,2}|\$)(\/|$)/.test(text)) return
  if (text.startsWith('docker://')) {
    const why = imageProblem(text.slice('docker://'.length))
    if (why) yield { at: uses.at, message: `${quoted(text)} names no image: ${why}`, peers: { actionlint: 'action' } }
    return
  }
  const at = text.indexOf('@')
  const action = at < 0 ? text : text.slice(0, at)
  const [owner = '', name = ''] = action.split('/')
  if (at < 0 || at === text.length - 1) {
    const hint =
      /^\.?[\w-]+\//.test(text) && text.startsWith('.') ? `: an action of this repository begins with './'` : ''
    yield { at: uses.at, message: `${quoted(text)} says no ref${hint || `: which version of it is meant?`}` }
  } else if (!owner || !name)
    yield { at: uses.at, message: `${quoted(text)} does not say whose action it is: owner/repository@ref` }
}

/** What keeps a text from being the reference of an image. Source: the grammar of distribution/reference. */
function imageProblem(image: string): string | undefined {
  const [path = '', digest] = image.split('@', 2)
  if (!path) return 'it is empty'
  const slash = path.lastIndexOf('/')
  const colon = path.indexOf(':', slash + 1)
  const name = colon < 0 ? path : path.slice(0, colon)
  if (colon >= 0 && !path.slice(colon + 1)) return 'its tag is empty'
  if (colon >= 0 && !/^\w[\w.-]{0,127}$/.test(path.slice(colon + 1))) return 'its tag has characters that no tag has'
  if (digest !== undefined && !/^[a-z0-9]+:[0-9a-fA-F]{32,}$/.test(digest)) return 'its digest is none'
  const parts = name.split('/')
  // The first may be a registry, with a port and capitals.
  const own = parts.length > 1 && /[.:]|^localhost$/.test(parts[0]!) ? parts.slice(1) : parts
  if (own.some(part => !/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(part)))
    return 'names of images are small letters, digits and . _ - between them'
  return undefined
}
