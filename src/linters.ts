import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parse } from 'node:path'
import { milliseconds } from './clock.js'
import type { Dockerfile, Instruction, Lint, Linter, Place, Repo, Script, Shell, Stage, Text, Unread } from './model.js'
import { stepsOf } from './query.js'

/** Longer scripts are no hand-written ones, and what a linter takes for them grows faster than they do. */
const MAX_LENGTH = 32 << 10
const MAX_OUTPUT = 4 << 20
/** KiB of memory for one process. */
const MAX_MEMORY = 512 << 10
/** Milliseconds for one script, and for all of them. */
const MAX_TIME = 5_000
const MAX_TIME_FOR_ALL = 60_000
/** Answers about one script; nobody reads more. */
const MAX_ANSWERS = 500
/** Variables that are kept in mind for a stage, and those that one script is told of. */
const MAX_NAMES = 1_000
const MAX_TOLD = 200

/** A script as a linter is to see it. */
export interface Lintable {
  linter: Linter
  script: Script
  /** Lines before the first command: options of its shell and variables that it finds set. */
  prelude: string[]
}

// ---------------------------------------------------------------- what is looked at

/** The scripts of a repository that these linters understand: RUN instructions, steps of workflows and of actions. */
export function lintable(
  { dockerfiles, workflows, actions }: Pick<Repo, 'dockerfiles' | 'workflows' | 'actions'>,
  linters: Linter[]
): Lintable[] {
  const steps = [...workflows.flatMap(stepsOf), ...actions.flatMap(action => action.steps)]
  const scripts: Lintable[] = steps.flatMap(({ run }) => {
    const linter = run && linterOf(run.shell)
    return linter ? { linter, script: run, prelude: linter === 'shellcheck' ? optionsOf(run.shell) : [] } : []
  })
  return [...scripts, ...dockerfiles.flatMap(lintableRuns)].filter(({ linter }) => linters.includes(linter))
}

function linterOf({ name }: Shell): Linter | undefined {
  if (name === 'bash' || name === 'sh') return 'shellcheck'
  return name === 'python' ? 'pyflakes' : undefined
}

const optionsOf = ({ errexit, pipefail }: Shell): string[] => [
  ...(errexit ? ['set -e'] : []),
  ...(pipefail ? ['set -o pipefail'] : [])
]

/** Set by Docker for every build, whether or not somebody declares them. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap(name => [
  name,
  name.toLowerCase()
])

function lintableRuns(dockerfile: Dockerfile): Lintable[] {
  const scripts: Lintable[] = []
  const ofStages = new Map<Stage, Set<string>>()
  let names = new Set(PROXIES)
  let variables = new Set(PROXIES)
  for (const written of dockerfile.instructions) {
    const { stage } = written
    if (stage && written === stage.from) {
      const parent = stage.parent && ofStages.get(stage.parent)
      names = new Set(parent ?? PROXIES)
      variables = new Set(PROXIES)
      ofStages.set(stage, names)
    }
    const instruction = written.onbuild ?? written
    if (instruction.keyword === 'ENV' || instruction.keyword === 'ARG')
      for (const { name } of instruction.pairs) {
        if (names.size < MAX_NAMES) names.add(name.value)
        // What ONBUILD registers runs in another build, which has no argument of this one.
        if (instruction.keyword === 'ENV' && variables.size < MAX_NAMES) variables.add(name.value)
      }
    const { keyword, script, json } = instruction
    if (keyword !== 'RUN' || json || !script || linterOf(script.shell) !== 'shellcheck') continue
    const known = written.onbuild ? variables : names
    const told = namesFor(script.text.value, [...known, ...secretsOf(instruction)])
    const prelude = [...optionsOf(script.shell), `export ${told.map(name => `${name}=1`).join(' ')}`]
    scripts.push({ linter: 'shellcheck', script, prelude })
  }
  return scripts
}

/** Those that a script uses first: the others only show what a misspelt name may have meant. */
function namesFor(text: string, names: string[]): string[] {
  const words = new Set(text.match(/[A-Za-z_]\w*/g))
  const valid = names.filter(name => /^[A-Za-z_]\w{0,99}$/.test(name))
  return [...valid.filter(name => words.has(name)), ...valid.filter(name => !words.has(name))].slice(0, MAX_TOLD)
}

/** Variables that secrets are handed over in: `--mount=type=secret,id=…,env=NAME`. */
const secretsOf = ({ flags }: Instruction): string[] =>
  flags
    .filter(({ name }) => name === 'mount')
    .flatMap(({ value }) => value.value.split(','))
    .flatMap(field => (field.startsWith('env=') ? field.slice('env='.length) : []))

// ---------------------------------------------------------------- asking

interface Answer extends Omit<Lint, 'at'> {
  line: number
  column: number
  endLine?: number
  endColumn?: number
  /** Columns count bytes, not characters. */
  bytes?: boolean
}
/** What linters said, by script, for all looks at a repository, and the milliseconds that are left for more of it. */
export class Outcomes {
  readonly known = new Map<string, Outcome>()
  left = MAX_TIME_FOR_ALL
}
type Outcome = { answers: Answer[] } | { failed: 'absent' | 'late' | 'broken'; reason: string }

/** Asks the linters, several scripts at a time; equal ones once, and none whose outcome is known. What could not be asked is told in a line a reason. */
export async function lint(scripts: Lintable[], outcomes = new Outcomes()): Promise<Pick<Repo, 'lints' | 'unread'>> {
  const asked = new Map<string, { fed: Fed; linter: Linter; shell: Shell; users: Lintable[] }>()
  const missed = new Missed()
  for (const each of scripts) {
    const { linter, script } = each
    if (script.text.value.length > MAX_LENGTH) {
      missed.add(linter, `longer than ${MAX_LENGTH >> 10} KiB`, script.text)
      continue
    }
    const fed = feed(each)
    const key = `${linter}\0${script.shell.name}\0${fed.text}`
    const same = asked.get(key)
    if (same) same.users.push(each)
    else asked.set(key, { fed, linter, shell: script.shell, users: [each] })
  }
  const lints: Repo['lints'] = new Map()
  const absent = new Set<Linter>()
  const { known } = outcomes
  const until = milliseconds() + outcomes.left
  const queue = [...asked].values()
  const work = async () => {
    for (const [key, { fed, linter, shell, users }] of queue) {
      if (absent.has(linter)) continue
      const outcome = known.get(key) ?? (await ask(linter, shell, fed.text, until - milliseconds()))
      known.set(key, outcome)
      if ('answers' in outcome)
        for (const { script } of users) {
          const found = outcome.answers.flatMap(answer => placed(answer, fed, script.text))
          if (found.length) lints.set(script, found)
        }
      else if (outcome.failed === 'absent') {
        if (!absent.has(linter)) missed.absent.push({ what: SUBJECTS[linter], reason: outcome.reason })
        absent.add(linter)
      } else for (const { script } of users) missed.add(linter, outcome.reason, script.text)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  outcomes.left = Math.max(0, until - milliseconds())
  return { lints, unread: missed.unread }
}

const TITLES: Record<Linter, string> = { shellcheck: 'ShellCheck', pyflakes: 'pyflakes' }
const SUBJECTS: Record<Linter, string> = { shellcheck: 'shell scripts', pyflakes: 'Python steps' }

/** Scripts that were not looked at, by reason. */
class Missed {
  readonly absent: Unread[] = []
  readonly #groups = new Map<string, { linter: Linter; reason: string; first: Place; count: number }>()

  add(linter: Linter, reason: string, { at }: Text): void {
    const group = this.#groups.get(`${linter} ${reason}`)
    if (group) group.count++
    else this.#groups.set(`${linter} ${reason}`, { linter, reason, first: at, count: 1 })
  }

  get unread(): Unread[] {
    const groups = [...this.#groups.values()].map(({ linter, reason, first, count }) => {
      const what = `${TITLES[linter]} of ${count > 1 ? `${count} scripts` : 'a script'}`
      return { what, reason, at: first }
    })
    // Which ends first is chance.
    return [...this.absent, ...groups].sort((one, other) => (one.what < other.what ? -1 : 1))
  }
}

// ---------------------------------------------------------------- texts there, places back

/** What a linter is given: the script with a few lines put in, which its answers do not count. */
interface Fed {
  text: string
  /** The script alone, at equal length, and where its lines begin. */
  own: string
  starts: number[]
  /** Lines before those put in, and how many are. */
  before: number
  extra: number
}

function feed({ linter, script, prelude }: Lintable): Fed {
  const own = withoutExpressions(script.text.value).replaceAll('\r\n', ' \n').replaceAll('\0', ' ')
  const lines = own.split('\n')
  // The first lines may name an interpreter or switch checks off for the whole script.
  let before = 0
  while (linter === 'shellcheck' && prelude.length && lines[before]?.startsWith('#')) before++
  const starts = [0]
  for (const line of lines) starts.push(starts.at(-1)! + line.length + 1)
  const text = [...lines.slice(0, before), ...prelude, ...lines.slice(before)].join('\n')
  return { text: `${text}\n`, own, starts, before, extra: prelude.length }
}

/** Puts equally long plain words in place of `${{ … }}`. */
function withoutExpressions(text: string): string {
  let plain = ''
  let done = 0
  for (let at = text.indexOf('${{'); at >= 0; at = text.indexOf('${{', done)) {
    const close = text.indexOf('}}', at)
    if (close < 0) break
    plain += text.slice(done, at) + text.slice(at, close + 2).replace(/[^\n]/g, '_')
    done = close + 2
  }
  return plain + text.slice(done)
}

const CONSTANT = new Set(['SC2043', 'SC2050', 'SC2078', 'SC2157', 'SC2194'])

function lineAround(text: string, at: number): [from: number, to: number] {
  const to = text.indexOf('\n', at)
  return [text.lastIndexOf('\n', at - 1) + 1, to < 0 ? text.length : to]
}

function placed({ line, column, endLine, endColumn, bytes = false, ...rest }: Answer, fed: Fed, text: Text): Lint[] {
  const from = offsetOf(fed, line, column, bytes)
  if (from === undefined) return []
  // A constant, because an expression stood there.
  if (rest.code && CONSTANT.has(rest.code) && text.value.slice(...lineAround(fed.own, from)).includes('${{')) return []
  const to = endLine && endColumn ? (offsetOf(fed, endLine, endColumn) ?? from) : wordEnd(fed.own, from)
  return [{ ...rest, at: text.part(from, Math.max(to, Math.min(from + 1, fed.own.length))) }]
}

/** The offset in the script of a line and a column that counts whole characters, or their bytes. */
function offsetOf(
  { own, starts, before, extra }: Fed,
  line: number,
  column: number,
  bytes = false
): number | undefined {
  if (line > before && line <= before + extra) return undefined
  const index = line > before ? line - extra - 1 : line - 1
  const start = starts[index]
  if (start === undefined) return own.length
  const end = Math.min((starts[index + 1] ?? own.length + 1) - 1, own.length)
  let at = start
  for (let left = column - 1; left > 0 && at < end; ) {
    const point = own.codePointAt(at)!
    at += point > 0xffff ? 2 : 1
    left -= bytes ? bytesOf(point) : 1
  }
  return Math.min(at, end)
}

const bytesOf = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4)

function wordEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && /\w/.test(text[at]!)) at++
  return at
}

// ---------------------------------------------------------------- processes

function ask(linter: Linter, shell: Shell, text: string, left: number): Promise<Outcome> {
  if (left <= 0)
    return Promise.resolve({
      failed: 'late',
      reason: `all scripts together took longer than ${MAX_TIME_FOR_ALL / 1000} s`
    })
  return linter === 'shellcheck' ? askShellCheck(shell, text, left) : askPyflakes(text, left)
}

interface Ended {
  problem?: Error & { code?: string | number | null; killed?: boolean }
  output: string
  errors: string
}

// A folder that nobody but the system writes to, and an environment without the options, paths and secrets of ours: what
// runs here is given a text, and finds nothing else.
const FOLDER = parse(process.execPath).root
const environment = (): NodeJS.ProcessEnv => {
  const { PATH, SystemRoot } = process.env
  return { PATH, ...(SystemRoot && { SystemRoot }), LC_ALL: 'C.UTF-8', PYTHONUTF8: '1' }
}

function start(program: string, args: string[], input: string, left: number): Promise<Ended> {
  return new Promise(resolve => {
    const options = {
      cwd: FOLDER,
      env: environment(),
      timeout: Math.max(1, Math.min(MAX_TIME, Math.ceil(left))),
      killSignal: 'SIGKILL' as const,
      maxBuffer: MAX_OUTPUT,
      windowsHide: true
    }
    const [file, words] = limited(program, args)
    const child = execFile(file, words, options, (problem, output, errors) =>
      resolve({ ...(problem && { problem }), output, errors })
    )
    // It may end before it has read all.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

// A few nested parentheses make a parser hold gigabytes. Windows has no such limit, and runs the program as it is.
function limited(program: string, args: string[]): [file: string, args: string[]] {
  if (process.platform === 'win32') return [program, args]
  return ['/bin/sh', ['-c', `ulimit -d ${MAX_MEMORY} 2>/dev/null; exec "$0" "$@"`, program, ...args]]
}

async function askShellCheck(shell: Shell, text: string, left: number): Promise<Outcome> {
  // Without --norc it would follow the settings of whatever folder it runs in.
  const args = ['--norc', '--format=json1', '--severity=style', `--shell=${shell.name}`, '-']
  const ended = await start('shellcheck', args, text, left)
  const failed = failureOf('shellcheck', ended)
  if (failed) return failed
  try {
    const { comments } = JSON.parse(ended.output) as { comments: (Omit<Answer, 'code'> & { code: number })[] }
    const answers = comments
      .slice(0, MAX_ANSWERS)
      .map(({ line, column, endLine, endColumn, level, code, message }) => ({
        line,
        column,
        endLine: endLine ?? line,
        endColumn: endColumn ?? column,
        level,
        code: `SC${code}`,
        message
      }))
    return { answers }
  } catch {
    return { failed: 'broken', reason: `its answer is not understood: ${firstLine(ended.errors || ended.output)}` }
  }
}

/** Debian's package has the second name alone. */
const PYFLAKES = ['pyflakes', 'pyflakes3']

async function askPyflakes(text: string, left: number): Promise<Outcome> {
  let outcome: Outcome | undefined
  for (const program of PYFLAKES) {
    const ended = await start(program, [], text, left)
    const failed = failureOf('pyflakes', ended)
    if (!failed) {
      const answers = [
        ...answersIn(ended.output, 'warning').map(each => ({ ...each, bytes: true })),
        ...answersIn(ended.errors, 'error')
      ]
      if (answers.length || !ended.problem) return { answers: answers.slice(0, MAX_ANSWERS) }
      return { failed: 'broken', reason: `its answer is not understood: ${firstLine(ended.errors || ended.output)}` }
    }
    outcome = failed
    if (failed.failed !== 'absent') break
  }
  return outcome!
}

/** `<stdin>:3:1: undefined name 'x'`; what is no Python at all is told on the other stream, followed by the line. */
function answersIn(output: string, level: Lint['level']): Answer[] {
  return output.split('\n').flatMap(row => {
    const [, line, column, message] = /^<stdin>:(\d{1,7}):(\d{1,7}):? (.*)$/.exec(row) ?? []
    return message ? { line: Number(line), column: Math.max(1, Number(column)), level, message: message.trim() } : []
  })
}

function failureOf(linter: Linter, { problem, errors }: Ended): Extract<Outcome, { failed: string }> | undefined {
  // It ends with 1 where it has something to say.
  if (!problem || problem.code === 1) return undefined
  if (problem.code === 'ENOENT' || problem.code === 127)
    return { failed: 'absent', reason: `${TITLES[linter]} is not on the PATH` }
  if (problem.killed) return { failed: 'late', reason: `took longer than ${MAX_TIME / 1000} s` }
  if (problem.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return { failed: 'broken', reason: `had more than ${MAX_OUTPUT >> 20} MiB to say` }
  return { failed: 'broken', reason: `did not go through: ${firstLine(errors || problem.message)}` }
}

const firstLine = (text: string): string => text.trim().split('\n')[0]!.slice(0, 200)
