import { imageFacts } from '../../data/base-images.js'
import type { Edit, Service } from '../../model.js'
import { mapOf, scalarOf } from '../../parse/yaml.js'
import { keyOf, rule } from '../../rule.js'

export default rule({
  id: 'workflow/service-without-health-check',
  title: 'Steps start before the database answers',
  why: 'The runner waits for services that have a health check; without one, the first test races the database.',
  fix: 'Add options with --health-cmd, --health-interval, --health-timeout and --health-retries.',
  severity: 'warning',
  topic: 'reliability',
  preset: 'recommended',
  edits: 'suggested',
  over: 'repo',

  *check(repo) {
    const jobs = repo.workflows.flatMap(workflow => workflow.jobs)
    const services = new Map(jobs.flatMap(job => job.services.map(each => [keyOf(each.id.at), each])))
    for (const { kind, at, health, why } of repo.units) {
      if (kind !== 'job-service' || health !== 'no') continue
      const service = services.get(keyOf(at))
      const edit = service && editFor(service)
      yield { at, message: why, ...(edit && { edits: [edit] }) }
    }
  },

  bad: {
    '.github/workflows/test.yml': `name: Test
on: pull_request
permissions: {}
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    services:
      db:
        image: postgres:17.2
        ports: ["5432:5432"]
    steps:
      - run: make test
`
  },
  good: {
    '.github/workflows/test.yml': `name: Test
on: pull_request
permissions: {}
concurrency:
  group: test-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    services:
      db:
        image: postgres:17.2@sha256:888402a8cd6075c5dc83a31f58287f13306c318eaad016661ed12e076f3e6341
        ports: ["5432:5432"]
        options: --health-cmd "pg_isready -h 127.0.0.1" --health-interval 5s --health-timeout 5s --health-retries 10
    steps:
      - run: make test
`
  }
})

/** Flags with a command that is in the image: appended to the options, or as the first key of the service. */
function editFor({ id, image, options, yaml }: Service): Edit | undefined {
  const probe = image && imageFacts(image.value)?.probe
  // Docker runs the flag's text in a shell and the runner reads it as words: what needs quotes needs two layers of them.
  if (!probe?.every(word => /^[\w@%+=:,./-]+$/.test(word)) || probe.some(word => word.includes('PORT')))
    return undefined
  const flags = `--health-cmd "${probe.join(' ')}" --health-interval 5s --health-timeout 5s --health-retries 10`
  if (options) {
    const style = scalarOf(mapOf(yaml)?.get('options'))?.style
    if (style !== 'plain' && style !== 'folded') return undefined
    const { path, endLine: line, endColumn: column } = options.at
    return { at: { path, line, column, endLine: line, endColumn: column }, text: ` ${flags}` }
  }
  const first = mapOf(yaml)?.entries[0]?.key.at
  if (!first || first.line <= id.at.line || first.column <= id.at.column) return undefined
  const at = { ...first, endLine: first.line, endColumn: first.column }
  return { at, text: `options: ${flags}\n${' '.repeat(first.column - 1)}` }
}
