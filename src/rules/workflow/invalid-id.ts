import { testWorkflow } from '../../examples.js'
import type { Problem, Text } from '../../model.js'
import { rule } from '../../rule.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'workflow/invalid-id',
  title: 'Id of a job or step is none',
  why: 'GitHub refuses the workflow: an id begins with a letter or _ and goes on with letters, digits, - and _.',
  fix: 'Rename it, and write what people should read into `name`.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'workflow',
  peers: { actionlint: 'id', 'github-parser': 'parse-error' },

  *check(workflow) {
    for (const job of workflow.jobs) {
      yield* problemOf(job.id, 'a job')
      for (const { id } of job.steps) if (id) yield* problemOf(id, 'a step')
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
jobs:
  2nd-test:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
`
  },
  good: testWorkflow
})

const MAX_LENGTH = 100

function* problemOf(id: Text, of: string): Iterable<Problem> {
  const { value } = id
  if (value.includes('${{') || value === '') return
  const by = { 'github-parser': 'parse-error' }
  if (!/^[A-Za-z_][\w-]*$/.test(value)) yield { at: id.at, message: `${quoted(value)} is no id of ${of}` }
  else if (value.length >= MAX_LENGTH)
    yield {
      at: id.at,
      message: `the id has ${value.length} characters: GitHub takes fewer than ${MAX_LENGTH}`,
      peers: by
    }
  else if (value.startsWith('__'))
    yield { at: id.at, message: `${quoted(value)} begins with '__', which GitHub keeps for itself`, peers: by }
}
