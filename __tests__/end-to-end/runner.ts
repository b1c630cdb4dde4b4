/** Runs the bundled action as a GitHub runner does, and reads what a user would see of it. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { GitHub, Pull, Repository } from '../github/server.js'

const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Path of this action as workflows name it: what a runner gives as GITHUB_ACTION_REPOSITORY. */
export const ACTION = 'hygiene/pipeline-hygiene'

export interface Job {
  repo: Repository
  /** A token of the stand-in: what `github.token` is in the job. */
  token: string
  event: string
  /** The event file, or its text where it is to be no JSON. */
  payload: unknown
  sha?: string
  ref?: string
  /** `with:` of the step, over the defaults of action.yml. */
  inputs?: Record<string, string>
  env?: Record<string, string>
  /** `owner/name/path` of the workflow of this run; the repository's own gate.yml by default. */
  workflow?: string
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice'
  message: string
  title?: string
  file?: string
  line?: number
}

export interface Run {
  code: number | null
  /** As shown: ten of each level at the most. */
  annotations: Annotation[]
  /** Workflow commands that are none of a report: a report has none. */
  commands: string[]
  outputs: Record<string, string>
  summary: string
  /** Standard output without commands. */
  log: string
  errors: string
  /** The JSON report, where one was written. */
  report?: { conclusion: string; findings: { rule: string; path: string; line: number; introduced: boolean }[] }
  /** Text of a file below the workspace. */
  file(path: string): string | undefined
}

/** One step that uses the action. Throws where it has not been bundled. */
export async function runAction(github: GitHub, job: Job): Promise<Run> {
  const entry = here('dist/index.js')
  if (!existsSync(entry))
    throw new Error('dist/index.js is missing: run `npm run build && npm run bundle` before the end-to-end tests')
  const folder = await mkdtemp(join(tmpdir(), 'runner-'))
  try {
    for (const name of ['workspace', 'temp']) await mkdir(join(folder, name))
    const file = async (name: string, text = '') => {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    }
    const { repo, event, payload } = job
    const ref = job.ref ?? `refs/heads/${repo.branch}`
    const workflow = job.workflow ?? `${repo.fullName}/.github/workflows/gate.yml`
    const env = {
      PATH: process.env.PATH ?? '',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION: '__hygiene',
      GITHUB_ACTION_REPOSITORY: ACTION,
      GITHUB_ACTION_REF: 'v1',
      GITHUB_ACTOR: 'octocat',
      GITHUB_REPOSITORY: repo.fullName,
      GITHUB_REPOSITORY_OWNER: repo.owner,
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: await file('event.json', typeof payload === 'string' ? payload : JSON.stringify(payload)),
      GITHUB_OUTPUT: await file('output'),
      GITHUB_STEP_SUMMARY: await file('summary'),
      GITHUB_ENV: await file('env'),
      GITHUB_PATH: await file('path'),
      GITHUB_STATE: await file('state'),
      GITHUB_WORKSPACE: join(folder, 'workspace'),
      GITHUB_SHA: job.sha ?? repo.refs.get(repo.branch) ?? '',
      GITHUB_REF: ref,
      GITHUB_WORKFLOW_REF: `${workflow}@${ref}`,
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
      GITHUB_SERVER_URL: 'https://github.test',
      RUNNER_TEMP: join(folder, 'temp'),
      RUNNER_OS: 'Linux',
      ...inputsOf(job),
      ...job.env
    }
    const { code, out, errors } = await started(entry, join(folder, 'workspace'), env)
    const outputs = keyValues(await readFile(env.GITHUB_OUTPUT, 'utf8'))
    const report = outputs.report && existsSync(outputs.report) ? readFileSync(outputs.report, 'utf8') : undefined
    const files = new Map<string, string>()
    const wanted = job.inputs?.['sarif-file']
    if (wanted && existsSync(join(folder, 'workspace', wanted)))
      files.set(wanted, readFileSync(join(folder, 'workspace', wanted), 'utf8'))
    return {
      code,
      ...readLog(out),
      outputs,
      summary: await readFile(env.GITHUB_STEP_SUMMARY, 'utf8'),
      errors,
      ...(report !== undefined && { report: JSON.parse(report) }),
      file: path => files.get(path)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A step on an event of a pull request, with the refs that the event has. */
export function runPull(
  github: GitHub,
  pull: Pull,
  { event = 'pull_request', action = 'opened', ...job }: Partial<Job> & { token: string; action?: string }
): Promise<Run> {
  const { repo } = pull
  // On pull_request_target the run belongs to the default branch.
  const ref = event === 'pull_request' ? `refs/pull/${pull.number}/merge` : `refs/heads/${repo.branch}`
  return runAction(github, { repo, event, payload: pull.event(action), ref, ...job })
}

function started(entry: string, cwd: string, env: Record<string, string>) {
  return new Promise<{ code: number | null; out: string; errors: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [entry], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      errors += text
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, out, errors }))
  })
}

/** Every input is set, those without a value to the empty text. */
function inputsOf({ token, inputs = {} }: Job): Record<string, string> {
  const action: { inputs: Record<string, { default?: string }> } = parse(readFileSync(here('action.yml'), 'utf8'))
  const values = Object.entries(action.inputs).map(([name, { default: value = '' }]) => [
    name,
    value === '${{ github.token }}' ? token : value
  ])
  const unknown = Object.keys(inputs).filter(name => !(name in action.inputs))
  if (unknown.length) throw new Error(`action.yml has no input ${unknown.join(', ')}`)
  return Object.fromEntries(
    Object.entries({ ...Object.fromEntries(values), ...inputs }).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      String(value)
    ])
  )
}

/** `name<<delimiter`, lines, delimiter; or `name=value`. */
function keyValues(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const block = /^([^=<]+)<<(.+)$/.exec(lines[i]!)
    const pair = /^([^=]+)=(.*)$/.exec(lines[i]!)
    if (block) {
      const end = lines.indexOf(block[2]!, i + 1)
      if (end < 0) throw new Error(`GITHUB_OUTPUT: no end of ${block[1]}`)
      values[block[1]!] = lines.slice(i + 1, end).join('\n')
      i = end
    } else if (pair) values[pair[1]!] = pair[2]!
  }
  return values
}

// ---------------------------------------------------------------- commands

const SHOWN = 10
const unescapeData = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
const unescapeProperty = (text: string) =>
  text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')

/** The runner's own reading (ActionCommand.cs): `::name key=value,…::data` at the start of a line, else `##[name …]` anywhere. */
function readLog(out: string): Pick<Run, 'annotations' | 'commands' | 'log'> {
  const annotations: Annotation[] = []
  const commands: string[] = []
  const log: string[] = []
  const shown = { error: 0, warning: 0, notice: 0 }
  for (const line of out.split(/\r?\n/)) {
    const command = /^\s*::([\w-]+)(?: (.*?))?::(.*)$/.exec(line)
    const [, name = '', properties = '', data = ''] = command ?? []
    if (name === 'error' || name === 'warning' || name === 'notice') {
      const values = Object.fromEntries(
        properties.split(',').flatMap(pair => {
          const at = pair.indexOf('=')
          return at < 0 ? [] : [[pair.slice(0, at).trim(), unescapeProperty(pair.slice(at + 1))]]
        })
      )
      if (++shown[name] > SHOWN) continue
      const { title, file, line: number } = values
      annotations.push({
        level: name,
        message: unescapeData(data),
        ...(title !== undefined && { title }),
        ...(file !== undefined && { file }),
        ...(number !== undefined && { line: Number(number) })
      })
    } else if (command || /##\[[\w-]+[^\]]*\]/.test(line)) commands.push(line)
    else if (line) log.push(line)
  }
  return { annotations, commands, log: log.join('\n') }
}
