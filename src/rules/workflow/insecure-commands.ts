import { testWorkflow } from '../../examples.js'
import type { Edit, Field, Yaml, YamlMap } from '../../model.js'
import { mapOf, scalarOf } from '../../parse/yaml.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'workflow/insecure-commands',
  title: 'Commands that GitHub switched off are on again',
  why: 'With ACTIONS_ALLOW_UNSECURE_COMMANDS whatever a step prints can set variables and the search path of those after it.',
  fix: 'Remove the variable, and append to $GITHUB_ENV and $GITHUB_PATH in place of ::set-env and ::add-path.',
  severity: 'error',
  topic: 'security',
  preset: 'recommended',
  edits: 'suggested',
  over: 'repo',
  peers: { zizmor: 'insecure-commands' },

  *check(repo) {
    const maps: YamlMap[] = []
    for (const { yaml, jobs } of repo.workflows)
      maps.push(yaml, ...jobs.flatMap(job => [job.yaml, ...job.steps.map(step => step.yaml)]))
    for (const { steps } of repo.actions) maps.push(...steps.map(step => step.yaml))
    for (const map of maps) {
      const env = map.get('env')
      const found = mapOf(env)?.entries.find(({ key }) => key.value.toUpperCase() === NAME)
      const value = scalarOf(found?.value)
      if (!found || !value || !/^(true|1)$/i.test(value.value)) continue
      const edit = removal(map, { name: found.key, value })
      yield {
        at: found.key.at,
        message: 'what a step prints may set variables and the search path again',
        ...(edit && { edits: [edit] })
      }
    }
  },

  bad: {
    '.github/workflows/ci.yml': `on: pull_request
env:
  ACTIONS_ALLOW_UNSECURE_COMMANDS: true
jobs:
  test:
    name: Test
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    steps:
      - run: make test
`
  },
  good: testWorkflow
})

const NAME = 'ACTIONS_ALLOW_UNSECURE_COMMANDS'

/** The lines of the variable; of a mapping that held nothing else, the lines of the whole. */
function removal(map: YamlMap, { name, value }: Field): Edit | undefined {
  const env = map.entry('env')!
  const inside: Yaml = env.value
  if (inside.kind !== 'map' || inside.anchor || name.at.line === env.key.at.line || name.at.line !== value.at.endLine)
    return undefined
  const isOnly = inside.entries.length === 1
  // The first key of a step stands behind its dash.
  if (isOnly && map.entries[0]?.key === env.key) return undefined
  const { path, line } = isOnly ? env.key.at : name.at
  return { at: { path, line, column: 1, endLine: value.at.endLine + 1, endColumn: 1 }, text: '' }
}
