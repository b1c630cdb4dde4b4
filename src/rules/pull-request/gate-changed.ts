import type { Job, Place, Step, Text, Workflow, Yaml } from '../../model.js'
import { peerAt } from '../../peers.js'
import { rule } from '../../rule.js'

export default rule({
  id: 'pull-request/gate-changed',
  title: 'The pull request changes its own gate',
  why: 'A pull request that loosens the check which judges it can pass for that reason alone.',
  fix: 'Have somebody who owns the pipeline look at this change by itself.',
  severity: 'warning',
  topic: 'gate',
  preset: 'recommended',
  over: 'repo',

  *check(repo) {
    const { diff, base } = repo
    if (!diff || !base) return
    const gates = base.workflows.flatMap(gatesOf)
    for (const gate of gates) {
      const { path } = gate.workflow
      const change = diff.find(one => one.path === path || one.previousPath === path)
      if (!change) continue
      const workflow = repo.workflows.find(one => one.path === change.path)
      if (!workflow) {
        const place = change.status === 'removed' ? start('') : start(change.path)
        yield { at: place, message: `${path} ran this check and is gone or cannot be read`, key: `gate ${path}` }
        continue
      }
      const now = gatesOf(workflow).find(one => one.job.id.value === gate.job.id.value) ?? gatesOf(workflow)[0]
      if (!now) {
        const job = workflow.jobs.find(one => one.id.value === gate.job.id.value)
        const at = job?.at ?? start(workflow.path)
        yield { at, message: `the step with ${gate.uses.value} is removed from ${path}`, key: `gate ${path}` }
        continue
      }
      for (const { at, message } of differences(gate, now)) yield { at, message, key: `gate ${path} ${message}` }
    }
    for (const { path, previousPath, status, added } of diff) {
      const before = CONFIG.test(previousPath ?? path)
      // Without a gate at the base there is none to loosen: the config comes with it.
      if ((!before && !CONFIG.test(path)) || (status === 'added' && !gates.length)) continue
      const gone = status === 'removed' || !CONFIG.test(path)
      const line = added[0]?.[0] ?? 1
      const message = gone
        ? `the config of this check (${previousPath ?? path}) is removed`
        : `the config of this check ${status === 'added' ? 'is added' : 'changes'}; it holds after the merge`
      const at = gone ? start('') : { path, line, column: 1, endLine: line, endColumn: 1 }
      yield { at, message, key: 'gate config' }
    }
    // Without a gate nobody here takes these files for its config.
    if (!gates.length) return
    for (const { path, previousPath = path, status, added } of diff) {
      const tool = peerAt(path) ?? peerAt(previousPath)
      if (!tool || status === 'unchanged') continue
      const line = added[0]?.[0] ?? 1
      const gone = status === 'removed' || !peerAt(path)
      const how = gone ? 'is removed' : status === 'added' ? 'is added' : 'changes'
      yield {
        at: gone ? start('') : { path, line, column: 1, endLine: line, endColumn: 1 },
        message: `the config of ${tool} (${gone ? previousPath : path}), which this check honours, ${how}; it holds after the merge`,
        severity: 'note',
        key: `gate config ${tool}`
      }
    }
  },

  bad: {
    base: {
      '.github/workflows/hygiene.yml':
        'on: pull_request\njobs:\n  hygiene:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: acme/pipeline-hygiene@v1\n'
    },
    head: {
      '.github/workflows/hygiene.yml':
        'on: pull_request\njobs:\n  hygiene:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: acme/pipeline-hygiene@v1\n        continue-on-error: true\n'
    }
  },
  good: {
    base: { 'README.md': 'Hello\n' },
    head: { 'README.md': 'Hello there\n' }
  }
})

const CONFIG = /^\.github\/pipeline-hygiene\.ya?ml$/

/** A step or a call of this action or of a workflow that wraps it. */
interface Gate {
  workflow: Workflow
  job: Job
  step: Step | undefined
  uses: Text
}

function gatesOf(workflow: Workflow): Gate[] {
  return workflow.jobs.flatMap(job => {
    const own = [{ step: undefined, uses: job.uses }, ...job.steps.map(step => ({ step, uses: step.uses }))]
    return own.flatMap(({ step, uses }) =>
      uses && /pipeline-hygiene/i.test(uses.value) ? { workflow, job, step, uses } : []
    )
  })
}

/** What is not as it was. Another version of the same action is an update like any other. */
function* differences(before: Gate, now: Gate): Iterable<{ at: Place; message: string }> {
  const name = (uses: Text) => uses.value.split('@')[0]
  if (name(before.uses) !== name(now.uses))
    yield { at: now.uses.at, message: `this check runs ${now.uses.value} and no longer ${before.uses.value}` }
  const triggers = [before, now].map(gate => dataOf(gate.workflow.yaml.get('on')))
  if (triggers[0] !== triggers[1]) {
    const at = now.workflow.yaml.entry('on')?.key.at ?? start(now.workflow.path)
    yield { at, message: 'the events that start this check change' }
  }
  const levels: [string, Step | Job | undefined, Step | Job | undefined][] = [
    ['step', before.step, now.step],
    ['job', before.job, now.job]
  ]
  for (const [level, old, own] of levels) {
    if (!own) continue
    for (const key of KEYS) {
      const [left, right] = [old?.yaml.get(key), own.yaml.get(key)]
      if (dataOf(left) === dataOf(right)) continue
      const what =
        key === 'with' ? `the inputs of this check change${inputs(left, right)}` : `${key} of its ${level} changes`
      yield { at: own.yaml.entry(key)?.key.at ?? (level === 'job' ? now.job.at : now.uses.at), message: what }
    }
  }
}

const KEYS = ['if', 'continue-on-error', 'with', 'needs']

function inputs(left: Yaml | undefined, right: Yaml | undefined): string {
  const names = new Set(
    [left, right].flatMap(map => (map?.kind === 'map' ? map.entries.map(one => one.key.value) : []))
  )
  const get = (map: Yaml | undefined, name: string) => dataOf(map?.kind === 'map' ? map.get(name) : undefined)
  const changed = [...names].filter(name => get(left, name) !== get(right, name))
  return changed.length ? `: ${changed.slice(0, 5).join(', ')}` : ''
}

function dataOf(yaml: Yaml | undefined): string {
  if (!yaml) return ''
  if (yaml.kind === 'scalar') return JSON.stringify(yaml.value)
  if (yaml.kind === 'list') return `[${yaml.items.map(dataOf).join()}]`
  return `{${yaml.entries.map(({ key, value }) => `${key.value}:${dataOf(value)}`).join()}}`
}

const start = (path: string): Place => ({ path, line: 1, column: 1, endLine: 1, endColumn: 1 })
