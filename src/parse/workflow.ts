import type {
  Action,
  Comment,
  Container,
  Defaults,
  Dependabot,
  Field,
  Job,
  Permissions,
  Place,
  Script,
  Service,
  Shell,
  Step,
  Strategy,
  Text,
  Trigger,
  Workflow,
  Yaml,
  YamlMap
} from '../model.js'
import { scriptOf } from './shell.js'
import { isNull, listOf, mapOf, scalarOf, scalarsOf } from './yaml.js'

/** Reads a workflow from its YAML. Lenient: what does not have the expected shape is left out here and reported by rules. */
export function readWorkflow(path: string, at: Place, yaml: YamlMap, comments: Comment[]): Workflow {
  const defaults = readDefaults(yaml.get('defaults'))
  const jobs = mapOf(yaml.get('jobs'))?.entries ?? []
  return {
    path,
    at,
    yaml,
    comments,
    triggers: readTriggers(yaml.get('on')),
    env: fieldsOf(yaml.get('env')),
    defaults,
    jobs: jobs.flatMap(({ key, value }) => (value.kind === 'map' ? readJob(key, value, defaults) : [])),
    ...given({
      name: scalarOf(yaml.get('name')),
      permissions: readPermissions(yaml, 'permissions'),
      concurrency: yaml.get('concurrency')
    })
  }
}

/** Reads action.yml: composite, JavaScript or Docker. */
export function readAction(path: string, at: Place, yaml: YamlMap, comments: Comment[]): Action {
  const runs = mapOf(yaml.get('runs'))
  return {
    path,
    at,
    yaml,
    comments,
    inputs: (mapOf(yaml.get('inputs'))?.entries ?? []).map(({ key, value }) => ({
      name: key,
      yaml: value,
      ...given({ required: scalarOf(mapOf(value)?.get('required')), default: scalarOf(mapOf(value)?.get('default')) })
    })),
    outputs: (mapOf(yaml.get('outputs'))?.entries ?? []).flatMap(({ key, value }) => {
      const text = scalarOf(mapOf(value)?.get('value'))
      return text ? { name: key, value: text } : []
    }),
    // A composite step must name its shell; without one the runner refuses it, so the default hardly matters.
    steps: readSteps(runs?.get('steps'), step => shellNamed(scalarOf(step.get('shell'))?.value, [])),
    ...given({
      name: scalarOf(yaml.get('name')),
      using: scalarOf(runs?.get('using')),
      image: scalarOf(runs?.get('image'))
    })
  }
}

export function readDependabot(path: string, at: Place, yaml: YamlMap, comments: Comment[]): Dependabot {
  return { path, at, yaml, comments }
}

function readTriggers(on: Yaml | undefined): Trigger[] {
  if (on?.kind !== 'map') return scalarsOf(on).map(event => trigger(event, undefined))
  return on.entries.map(({ key, value }) => trigger(key, value))
}

function trigger(event: Text, config: Yaml | undefined): Trigger {
  const map = mapOf(config)
  const texts = (key: string) => scalarsOf(map?.get(key))
  return {
    event,
    types: map?.get('types') ? texts('types') : undefined,
    branches: texts('branches'),
    branchesIgnore: texts('branches-ignore'),
    paths: texts('paths'),
    pathsIgnore: texts('paths-ignore'),
    ...given({ config: map })
  }
}

function readJob(id: Text, yaml: YamlMap, inherited: Defaults): Job {
  const own = readDefaults(yaml.get('defaults'))
  const defaults = { ...inherited, ...own }
  const runsOn = yaml.get('runs-on')
  const labels = scalarsOf(runsOn?.kind === 'map' ? runsOn.get('labels') : runsOn)
  const shellOf = (step: YamlMap) => shellNamed((scalarOf(step.get('shell')) ?? defaults.shell)?.value, labels)
  const secrets = yaml.get('secrets')
  return {
    id,
    at: id.at,
    yaml,
    needs: scalarsOf(yaml.get('needs')),
    runsOn: labels,
    with: fieldsOf(yaml.get('with')),
    secrets: scalarOf(secrets)?.value === 'inherit' ? 'inherit' : fieldsOf(secrets),
    env: fieldsOf(yaml.get('env')),
    defaults: own,
    services: (mapOf(yaml.get('services'))?.entries ?? []).map(
      ({ key, value }): Service => ({
        id: key,
        ...readContainer(key.at, value)
      })
    ),
    outputs: fieldsOf(yaml.get('outputs')),
    steps: readSteps(yaml.get('steps'), shellOf),
    ...given({
      name: scalarOf(yaml.get('name')),
      if: scalarOf(yaml.get('if')),
      uses: scalarOf(yaml.get('uses')),
      permissions: readPermissions(yaml, 'permissions'),
      timeout: scalarOf(yaml.get('timeout-minutes')),
      continueOnError: scalarOf(yaml.get('continue-on-error')),
      strategy: readStrategy(yaml.get('strategy')),
      environment: yaml.get('environment'),
      concurrency: yaml.get('concurrency'),
      container: yaml.get('container') ? readContainer(yaml.get('container')!.at, yaml.get('container')!) : undefined
    })
  }
}

function readSteps(yaml: Yaml | undefined, shellOf: (step: YamlMap) => Shell): Step[] {
  const steps: Step[] = []
  for (const item of listOf(yaml)?.items ?? []) {
    if (item.kind !== 'map') continue
    // `- parallel:` holds steps that run beside one another.
    const group = listOf(item.get('parallel'))
    if (group) {
      for (const step of readSteps(group, shellOf)) steps.push({ ...step, parallel: true })
      continue
    }
    steps.push(readStep(item, shellOf))
  }
  return steps
}

function readStep(yaml: YamlMap, shellOf: (step: YamlMap) => Shell): Step {
  const run = scalarOf(yaml.get('run'))
  return {
    at: yaml.at,
    yaml,
    with: fieldsOf(yaml.get('with')),
    env: fieldsOf(yaml.get('env')),
    parallel: scalarOf(yaml.get('background'))?.data === true,
    ...given({
      id: scalarOf(yaml.get('id')),
      name: scalarOf(yaml.get('name')),
      if: scalarOf(yaml.get('if')),
      uses: scalarOf(yaml.get('uses')),
      run: run ? (scriptOf(run, shellOf(yaml)) as Script) : undefined,
      shell: scalarOf(yaml.get('shell')),
      workingDirectory: scalarOf(yaml.get('working-directory')),
      continueOnError: scalarOf(yaml.get('continue-on-error')),
      timeout: scalarOf(yaml.get('timeout-minutes'))
    })
  }
}

function readContainer(at: Place, yaml: Yaml): Container {
  const map = mapOf(yaml)
  return {
    at,
    yaml,
    env: fieldsOf(map?.get('env')),
    ...given({ image: scalarOf(map ? map.get('image') : yaml), options: scalarOf(map?.get('options')) })
  }
}

function readPermissions(parent: YamlMap, key: string): Permissions | undefined {
  const entry = parent.entry(key)
  if (!entry) return undefined
  const { value } = entry
  return {
    at: isNull(value) ? entry.key.at : value.at,
    scopes: fieldsOf(value),
    ...given({ all: scalarOf(value) })
  }
}

function readDefaults(yaml: Yaml | undefined): Defaults {
  const run = mapOf(mapOf(yaml)?.get('run'))
  return given({ shell: scalarOf(run?.get('shell')), workingDirectory: scalarOf(run?.get('working-directory')) })
}

function readStrategy(yaml: Yaml | undefined): Strategy | undefined {
  if (!yaml) return undefined
  const map = mapOf(yaml)
  const matrix = map?.get('matrix')
  const rows: Strategy['rows'] = []
  let dynamic = !map || matrix?.kind === 'scalar'
  const parts: { include: YamlMap[]; exclude: YamlMap[] } = { include: [], exclude: [] }
  for (const { key, value } of mapOf(matrix)?.entries ?? []) {
    if (key.value === 'include' || key.value === 'exclude') {
      const items = listOf(value)?.items
      parts[key.value] = (items ?? []).flatMap(item => mapOf(item) ?? [])
      dynamic ||= !items || items.some(item => item.kind !== 'map')
    } else {
      rows.push({ key, values: listOf(value)?.items ?? [] })
      dynamic ||= value.kind !== 'list'
    }
  }
  return { at: yaml.at, rows, ...parts, dynamic, ...given({ failFast: scalarOf(map?.get('fail-fast')) }) }
}

const fieldsOf = (yaml: Yaml | undefined): Field[] =>
  (mapOf(yaml)?.entries ?? []).flatMap(({ key, value }) => (value.kind === 'scalar' ? { name: key, value } : []))

const BASH: Shell = { name: 'bash', errexit: true, pipefail: false }

/**
 * The shell a step runs in. Without `shell:` it is `bash -e` without pipefail, and PowerShell on Windows; `shell: bash`
 * adds pipefail. Source: GitHub's workflow syntax reference, `jobs.<job_id>.steps[*].shell`.
 */
export function shellNamed(written: string | undefined, labels: Text[]): Shell {
  if (!written) {
    const windows = labels.some(label => /^windows(-|$)/i.test(label.value))
    const computed = labels.some(label => label.value.includes('${{'))
    if (windows) return { name: 'pwsh', errexit: true, pipefail: true }
    // A computed runner may be Windows; what the script is then written in shows when it is parsed.
    return computed ? { ...BASH } : BASH
  }
  const [program = '', ...flags] = written.trim().split(/\s+/)
  const name = (program.split('/').pop() ?? '').replace(/\.exe$/, '')
  const custom = written.includes('{0}')
  const has = (letter: string, option: string) =>
    flags.some(
      (flag, at) =>
        (/^-[a-zA-Z]+$/.test(flag) && flag.includes(letter)) || (flags[at - 1]?.endsWith('o') && flag === option)
    )
  if (name === 'bash')
    return { name, errexit: !custom || has('e', 'errexit'), pipefail: !custom || has('\0', 'pipefail') }
  if (name === 'sh' || name === 'dash' || name === 'ash')
    return { name: 'sh', errexit: !custom || has('e', 'errexit'), pipefail: custom && has('\0', 'pipefail') }
  if (name === 'pwsh' || name === 'powershell') return { name: 'pwsh', errexit: true, pipefail: true }
  if (name === 'cmd') return { name: 'cmd', errexit: true, pipefail: false }
  if (/^python/.test(name)) return { name: 'python', errexit: true, pipefail: true }
  if (name === 'node') return { name: 'node', errexit: true, pipefail: true }
  return { name: 'other', errexit: true, pipefail: true }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
/** Drops what is undefined: an absent property and an undefined one are not the same under exactOptionalPropertyTypes. */
export function given<T extends object>(values: T): Given<T> {
  const kept: Partial<T> = {}
  for (const key in values) if (values[key] !== undefined) kept[key] = values[key]
  return kept as Given<T>
}
