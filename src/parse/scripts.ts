import type { Lost, Place, Script, ScriptFile, Shell, Target, Text, Yaml } from '../model.js'
import { scriptOf } from './shell.js'
import { SourceText, startOf } from './text.js'
import { listOf, mapOf, parseYaml, scalarOf, scalarsOf } from './yaml.js'

/** Names of one file; more are no hand-written ones. */
const MAX_TARGETS = 2000
/** Characters that variables may expand one recipe line to. */
const MAX_EXPANDED = 20_000

/** Files that give names to commands, by base name: package.json, Makefile, … and shell scripts by their ending. */
export const isScriptFile = (path: string): boolean => toolOf(path) !== undefined

function toolOf(path: string): ScriptFile['tool'] | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const named = NAMED[name.toLowerCase()]
  if (named) return named
  if (name.endsWith('.mk')) return 'make'
  return /\.(sh|bash|ksh|zsh|ps1|bats)$/i.test(name) ? 'shell' : undefined
}

const NAMED: Record<string, ScriptFile['tool'] | undefined> = Object.assign(Object.create(null), {
  'package.json': 'package',
  'composer.json': 'composer',
  'deno.json': 'deno',
  'deno.jsonc': 'deno',
  makefile: 'make',
  gnumakefile: 'make',
  justfile: 'just',
  '.justfile': 'just',
  'taskfile.yml': 'task',
  'taskfile.yaml': 'task',
  'taskfile.dist.yml': 'task',
  'taskfile.dist.yaml': 'task',
  'tox.ini': 'tox',
  'noxfile.py': 'nox',
  'pyproject.toml': 'pyproject',
  rakefile: 'rake'
})

/**
 * Reads what the names in a script file stand for; undefined where the file is not one, or is broken. A file that no
 * name or ending tells is a shell script, or by its `#!` line one of another language (its commands are then unread).
 */
export function readScriptFile(path: string, text: string): ScriptFile | undefined {
  const tool = toolOf(path) ?? 'shell'
  const source = new SourceText(path, text)
  const targets = new Targets(source)
  const partial = READERS[tool]?.(source, targets)
  if (partial === BROKEN) return undefined
  return { path, tool, targets: targets.found, ...(partial && { partial }) }
}

const BROKEN = 'broken'
/** Fills the targets. Answers why names may be missing, where that is so. */
type ReadFile = (source: SourceText, targets: Targets) => string | undefined

class Targets {
  readonly found = new Map<string, Target>()
  constructor(readonly source: SourceText) {}

  /** The target of a name, made where there is none yet; undefined once there are too many. */
  of(name: string, at: Place): Target | undefined {
    const before = this.found.get(name)
    if (before) return before
    if (this.found.size >= MAX_TARGETS) return undefined
    const target: Target = { name, at, scripts: [], needs: [] }
    this.found.set(name, target)
    return target
  }
}

// Package managers and make run a line with `sh -c`: a list goes on after a failure, a single command is judged.
const PLAIN: Shell = { name: 'sh', errexit: false, pipefail: false }

const READERS: Partial<Record<ScriptFile['tool'], ReadFile>> = {
  package: readPackage,
  composer: readComposer,
  deno: readDeno,
  make: readMake,
  just: readJust,
  task: readTask,
  tox: readTox,
  nox: readNox,
  pyproject: readPyproject,
  rake: readRake,
  shell: readShell
}

// ---------------------------------------------------------------- texts that differ from what is written

/** A value made from a file's text when somebody asks; `map` tells the file offset of each of its characters. */
class Made implements Text {
  #made: { value: string; map: number[] } | undefined
  constructor(
    readonly source: SourceText,
    readonly from: number,
    readonly to: number,
    readonly make: () => { value: string; map: number[] }
  ) {}
  get #known() {
    this.#made ??= this.make()
    return this.#made
  }
  get value(): string {
    return this.#known.value
  }
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
  part(from: number, to = from): Place {
    const { map } = this.#known
    const start = map[from] ?? this.to
    const end = to > from ? (map[to - 1] ?? this.to - 1) + 1 : start
    return this.source.place(start, Math.max(start, end))
  }
}

/** Puts together a value character by character, with where each came from. */
class Builder {
  value = ''
  readonly map: number[] = []
  put(text: string, at: number, straight = false): void {
    if (this.value.length + text.length > MAX_EXPANDED && !straight) return
    for (let i = 0; i < text.length; i++) this.map.push(straight ? at + i : at)
    this.value += text
  }
}

// ---------------------------------------------------------------- JSON and YAML

function rootOf(path: string, text: string) {
  return mapOf(parseYaml(path, text)[0]?.root)
}

function readPackage({ path, text }: SourceText, targets: Targets): string | undefined {
  const root = rootOf(path, text)
  if (!root) return BROKEN
  for (const { key, value } of mapOf(root.get('scripts'))?.entries ?? []) {
    const script = scalarOf(value)
    if (script) targets.of(key.value, key.at)?.scripts.push(scriptOf(script, PLAIN))
  }
  for (const target of targets.found.values())
    for (const hook of [`pre${target.name}`, `post${target.name}`]) if (targets.found.has(hook)) target.needs.push(hook)
  return undefined
}

function readComposer({ path, text }: SourceText, targets: Targets): string | undefined {
  const root = rootOf(path, text)
  if (!root) return BROKEN
  for (const { key, value } of mapOf(root.get('scripts'))?.entries ?? []) {
    const target = targets.of(key.value, key.at)
    for (const line of scalarsOf(value)) {
      const own = /^@(?!php\b|composer\b|putenv\b)(\S+)/.exec(line.value)
      if (own) target?.needs.push(own[1]!)
      else if (!line.value.includes('::') && !line.value.startsWith('@putenv'))
        target?.scripts.push(scriptOf(line, PLAIN))
    }
  }
  return undefined
}

function readDeno({ path, text }: SourceText, targets: Targets): string | undefined {
  const root = rootOf(path, withoutComments(text))
  if (!root) return BROKEN
  for (const { key, value } of mapOf(root.get('tasks'))?.entries ?? []) {
    const target = targets.of(key.value, key.at)
    const script = scalarOf(value) ?? scalarOf(mapOf(value)?.get('command'))
    if (script) target?.scripts.push(scriptOf(script, PLAIN))
    target?.needs.push(...scalarsOf(mapOf(value)?.get('dependencies')).map(name => name.value))
  }
  return undefined
}

/** JSON with comments as JSON: comments become blanks, so that places stay. */
function withoutComments(text: string): string {
  let made = ''
  let done = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
      continue
    }
    if (text[at] !== '/' || (text[at + 1] !== '/' && text[at + 1] !== '*')) continue
    const close = text[at + 1] === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2) + 2
    const end = close < at + 2 ? text.length : close
    made += text.slice(done, at) + text.slice(at, end).replace(/[^\n]/g, ' ')
    done = end
    at = end - 1
  }
  return made + text.slice(done)
}

function readTask(source: SourceText, targets: Targets): string | undefined {
  const root = rootOf(source.path, source.text)
  if (!root) return BROKEN
  for (const { key, value } of mapOf(root.get('tasks'))?.entries ?? []) {
    const target = targets.of(key.value, key.at)
    if (!target) break
    const map = mapOf(value)
    const body = map ? (map.get('cmds') ?? map.get('cmd')) : value
    const steps: Yaml[] = listOf(body)?.items ?? (body ? [body] : [])
    for (const step of steps) {
      const name = scalarOf(mapOf(step)?.get('task'))
      const command = scalarOf(step) ?? scalarOf(mapOf(step)?.get('cmd'))
      if (name) target.needs.push(name.value)
      if (!command) continue
      const ignored = mapOf(step)?.entry('ignore_error') ?? map?.entry('ignore_error')
      const goesOn = scalarOf(ignored?.value)?.data === true
      const lost: Lost | undefined = goesOn ? { how: 'or', by: 'ignore_error', at: ignored!.key.at } : undefined
      target.scripts.push(scriptOf(braced(command), { ...PLAIN, errexit: true }, lost))
    }
    for (const need of listOf(map?.get('deps'))?.items ?? [])
      target.needs.push((scalarOf(need) ?? scalarOf(mapOf(need)?.get('task')))?.value ?? '')
    for (const alias of scalarsOf(map?.get('aliases'))) targets.of(alias.value, alias.at)?.needs.push(key.value)
    const dir = scalarOf(map?.get('dir'))
    if (dir && !dir.value.includes('{{')) target.directory = dir.value
  }
  return root.get('includes') ? 'it includes other task files' : undefined
}

/** `{{ … }}` of a template language as an expansion of the shell, at equal length. */
function braced(text: Text): Text {
  if (!text.value.includes('{{')) return text
  const value = blankBraces(text.value)
  return { value, at: text.at, part: (from, to) => text.part(from, to) }
}
function blankBraces(value: string): string {
  let made = ''
  let done = 0
  for (let at = value.indexOf('{{'); at >= 0; at = value.indexOf('{{', done)) {
    const close = value.indexOf('}}', at)
    if (close < 0) break
    const length = close + 2 - at
    made += `${value.slice(done, at)}\${${'_'.repeat(length - 3)}}`
    done = close + 2
  }
  return made + value.slice(done)
}

// ---------------------------------------------------------------- make

interface Line {
  from: number
  to: number
  text: string
}

/** Lines with those that a backslash continues joined to one span. */
function* logicalLines(source: SourceText): Iterable<Line> {
  const { text } = source
  for (let from = 0; from < text.length; ) {
    let to = text.indexOf('\n', from)
    if (to < 0) to = text.length
    while (to < text.length && isContinued(text, from, to)) {
      const next = text.indexOf('\n', to + 1)
      to = next < 0 ? text.length : next
    }
    const end = text[to - 1] === '\r' ? to - 1 : to
    yield { from, to: Math.max(from, end), text: text.slice(from, Math.max(from, end)) }
    from = to + 1
  }
}

function isContinued(text: string, from: number, lineEnd: number): boolean {
  let at = lineEnd - 1
  if (text[at] === '\r') at--
  let slashes = 0
  while (at >= from && text[at] === '\\') {
    slashes++
    at--
  }
  return slashes % 2 === 1
}

interface Recipe {
  targets: Target[]
  needs: string[]
  lines: Line[]
}

function readMake(source: SourceText, targets: Targets): string | undefined {
  const variables = new Map<string, string>()
  const recipes: Recipe[] = []
  let recipe: Recipe | undefined
  let define = false
  let oneShell = false
  let partial: string | undefined
  let first: string | undefined
  for (const line of logicalLines(source)) {
    const trimmed = line.text.trim()
    if (define) {
      if (/^endef\b/.test(trimmed)) define = false
      continue
    }
    if (line.text[0] === '\t') {
      if (recipe && trimmed && !trimmed.startsWith('#')) recipe.lines.push(line)
      continue
    }
    if (!trimmed || trimmed[0] === '#') continue
    const word = /^[A-Za-z-]+/.exec(trimmed)?.[0] ?? ''
    if (/^(ifeq|ifneq|ifdef|ifndef|else|endif|vpath|undefine|unexport)$/.test(word) && !/^\S+\s*[:?+]?=/.test(trimmed))
      continue
    if (word === 'include' || word === '-include' || word === 'sinclude') {
      partial = 'it includes other makefiles'
      continue
    }
    if (word === 'define') {
      define = true
      continue
    }
    recipe = undefined
    const assigned = assignmentOf(trimmed)
    if (assigned) {
      const { name, operator, value } = assigned
      const before = variables.get(name)
      if (operator === '+' && before !== undefined) variables.set(name, `${before} ${value}`.slice(0, MAX_EXPANDED))
      else if (operator !== '?' || before === undefined) variables.set(name, operator === '!' ? '' : value)
      continue
    }
    const colon = colonOf(trimmed)
    if (colon < 0) continue
    const names = plain(trimmed.slice(0, colon), variables).split(/\s+/).filter(Boolean)
    let rest = trimmed.slice(colon + 1).replace(/^:/, '')
    if (names.includes('.ONESHELL')) oneShell = true
    const own = names.filter(name => !/^\.[A-Z_]+$/.test(name)).slice(0, 50)
    if (assignmentOf(rest.trim())) continue
    const semicolon = rest.indexOf(';')
    const inline = semicolon >= 0 ? rest.slice(semicolon + 1) : ''
    if (semicolon >= 0) rest = rest.slice(0, semicolon)
    const needs = plain(rest.replaceAll('|', ' ').replaceAll('\\\n', ' '), variables).split(/\s+/)
    const at = source.place(line.from, line.from + Math.max(1, trimmed.slice(0, colon).length))
    const made = own.flatMap(name => targets.of(name, at) ?? [])
    for (const target of made) target.needs.push(...needs.filter(need => need && need !== target.name).slice(0, 500))
    if (!made.length) continue
    first ??= own.find(name => !name.includes('%'))
    recipe = { targets: made, needs, lines: [] }
    recipes.push(recipe)
    if (inline.trim()) recipe.lines.push({ from: line.to - inline.length, to: line.to, text: inline })
  }
  const goal = variables.get('.DEFAULT_GOAL')?.trim() || first
  if (goal) targets.of('', startOf(source.path))?.needs.push(goal)
  const flags = variables.get('.SHELLFLAGS') ?? ''
  const program = variables.get('SHELL') ?? 'sh'
  const shell: Shell = {
    name: program.includes('bash') ? 'bash' : 'sh',
    errexit: /(^|\s)-[a-z]*e/.test(flags) || program.includes(' -e'),
    pipefail: flags.includes('pipefail')
  }
  for (const { targets: own, needs, lines } of recipes) {
    const parts = oneShell && lines.length ? [lines] : lines.map(line => [line])
    for (const target of own)
      for (const part of parts) target.scripts.push(recipeScript(source, part, variables, target.name, needs, shell))
  }
  return partial
}

function assignmentOf(text: string): { name: string; operator: string; value: string } | undefined {
  const found = /^(?:(?:export|override|private)\s+){0,3}([A-Za-z0-9_.-]+)\s*(::?:?|\?|\+|!)?=/.exec(text)
  if (!found) return undefined
  const value = text.slice(found[0].length).replaceAll('\\\n', ' ').trim()
  return { name: found[1]!, operator: found[2] ?? '', value }
}

/** The colon of a rule: not one inside `$(…)`. */
function colonOf(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '(' || char === '{') depth++
    else if (char === ')' || char === '}') depth--
    else if (char === '#') return -1
    else if (char === ':' && depth <= 0) return text[at + 1] === '=' ? -1 : at
  }
  return -1
}

function recipeScript(
  source: SourceText,
  lines: Line[],
  variables: Map<string, string>,
  target: string,
  needs: string[],
  shell: Shell
): Script {
  const [first] = lines
  const from = first!.from + (/^[\s@+-]*/.exec(first!.text)?.[0].length ?? 0)
  const prefix = source.text.slice(first!.from, from)
  const dash = prefix.indexOf('-')
  const lost: Lost | undefined =
    dash >= 0 ? { how: 'or', by: '-', at: source.place(first!.from + dash, first!.from + dash + 1) } : undefined
  const automatic = new Map([
    ['@', target],
    ['<', needs.find(Boolean) ?? ''],
    ['^', needs.join(' ')],
    ['MAKE', 'make']
  ])
  const text = new Made(source, from, lines.at(-1)!.to, () => {
    const made = new Builder()
    lines.forEach((line, index) => {
      if (index) made.put('\n', line.from)
      let at = line.from
      while (at < line.to && /[\s@+-]/.test(source.text[at]!)) at++
      expand(source.text, at, line.to, variables, automatic, made)
    })
    // A variable such as $(Q) may have brought the prefix.
    while (/^[\s@]/.test(made.value)) {
      made.value = made.value.slice(1)
      made.map.shift()
    }
    return made
  })
  return scriptOf(text, shell, lost)
}

/** A recipe line as the shell gets it: variables put in, what cannot be told left as an expansion of the shell. */
function expand(
  text: string,
  from: number,
  to: number,
  variables: Map<string, string>,
  automatic: Map<string, string>,
  made: Builder
): void {
  for (let at = from; at < to; at++) {
    const char = text[at]!
    if (char !== '$') {
      // A continued recipe line begins with a tab that the shell never sees.
      if (char === '\t' && text[at - 1] === '\n') continue
      made.put(char, at, true)
      continue
    }
    const next = text[at + 1]
    if (next === '$') {
      made.put('$', at)
      at++
      continue
    }
    const open = next === '(' || next === '{'
    const close = open ? closing(text, at + 1, to) : at + 1
    const name = open ? text.slice(at + 2, close) : (next ?? '')
    const value = automatic.get(name) ?? variables.get(name)
    if (value !== undefined) made.put(plain(value, variables, 1), at)
    else made.put(/^\w+$/.test(name) ? `\${${name}}` : '${_}', at)
    at = close
  }
}

function closing(text: string, open: number, to: number): number {
  const [left, right] = text[open] === '(' ? ['(', ')'] : ['{', '}']
  let depth = 0
  for (let at = open; at < to; at++) {
    if (text[at] === left) depth++
    else if (text[at] === right && --depth === 0) return at
  }
  return to - 1
}

/** A value with its variables put in, up to a depth; unknown ones as expansions of the shell. */
function plain(value: string, variables: Map<string, string>, depth = 0): string {
  if (!value.includes('$')) return value
  const made: string[] = []
  let length = 0
  for (let at = 0; at < value.length && length < MAX_EXPANDED; at++) {
    const char = value[at]!
    let part = char
    if (char === '$' && value[at + 1] === '$') {
      part = '$'
      at++
    } else if (char === '$' && (value[at + 1] === '(' || value[at + 1] === '{')) {
      const close = closing(value, at + 1, value.length)
      const name = value.slice(at + 2, close)
      const known = name === 'MAKE' ? 'make' : variables.get(name)
      part =
        known !== undefined && depth < 5
          ? plain(known, variables, depth + 1)
          : /^\w+$/.test(name)
            ? `\${${name}}`
            : '${_}'
      at = close
    }
    made.push(part)
    length += part.length
  }
  return made.join('')
}

// ---------------------------------------------------------------- just

function readJust(source: SourceText, targets: Targets): string | undefined {
  let current: { target: Target; lines: Line[] } | undefined
  let partial: string | undefined
  let first: string | undefined
  const bodies: { target: Target; lines: Line[] }[] = []
  for (const line of logicalLines(source)) {
    const { text } = line
    if (!text.trim()) continue
    if (/^\s/.test(text)) {
      if (current && !(text.trim()[0] === '#' && !text.trim().startsWith('#!'))) current.lines.push(line)
      continue
    }
    if (text[0] === '#' || text[0] === '[') continue
    if (/^(import|mod)\??\s/.test(text)) partial = 'it imports other justfiles'
    const alias = /^alias\s+([\w-]+)\s*:=\s*([\w-]+)/.exec(text)
    if (alias) {
      targets.of(alias[1]!, source.place(line.from, line.to))?.needs.push(alias[2]!)
      continue
    }
    const head = /^@?([A-Za-z_][\w-]*)/.exec(text)
    const colon = colonOf(text)
    if (!head || colon < 0 || /^(set|export)\s/.test(text)) continue
    const target = targets.of(head[1]!, source.place(line.from, line.from + head[0].length))
    if (!target) break
    first ??= target.name
    const needs = text
      .slice(colon + 1)
      .split('#')[0]!
      .replaceAll('&&', ' ')
    target.needs.push(...(needs.match(/[A-Za-z_][\w-]*/g) ?? []).slice(0, 100))
    current = { target, lines: [] }
    bodies.push(current)
  }
  if (first) targets.of('', startOf(source.path))?.needs.push(first)
  for (const { target, lines } of bodies) {
    const [head] = lines
    if (!head) continue
    const interpreter = /^\s+#!(.*)/.exec(head.text)?.[1]
    if (interpreter !== undefined) {
      const span = braced(source.span(head.from, lines.at(-1)!.to))
      target.scripts.push(scriptOf(span, shellOfMark(interpreter)))
      continue
    }
    for (const line of lines) {
      const from = line.from + (/^[\s@-]*/.exec(line.text)?.[0].length ?? 0)
      const dash = source.text.slice(line.from, from).indexOf('-')
      const at = line.from + dash
      const lost: Lost | undefined = dash >= 0 ? { how: 'or', by: '-', at: source.place(at, at + 1) } : undefined
      target.scripts.push(scriptOf(braced(source.span(from, line.to)), PLAIN, lost))
    }
  }
  return partial
}

// ---------------------------------------------------------------- Python's files

/** `[name]` sections of an INI or TOML file with the spans of their lines. */
function* sections(source: SourceText): Iterable<{ name: string; lines: Line[] }> {
  let current: { name: string; lines: Line[] } | undefined
  for (let number = 1; number <= source.lineCount; number++) {
    const from = source.lineStart(number)
    const text = source.line(number)
    const head = /^\[+([^\]\n]{1,200})\]/.exec(text)
    if (head) {
      if (current) yield current
      current = { name: head[1]!.trim(), lines: [] }
    } else current?.lines.push({ from, to: from + text.length, text })
  }
  if (current) yield current
}

function readTox(source: SourceText, targets: Targets): string | undefined {
  let listed: string[] = []
  const inherit: Target[] = []
  for (const { name, lines } of sections(source)) {
    const env = name === 'testenv' ? 'testenv' : name.startsWith('testenv:') ? name.slice(8) : undefined
    const values = new Map<string, Line[]>()
    let key = ''
    for (const line of lines) {
      const start = /^([A-Za-z_]+)\s*=/.exec(line.text)
      if (start) key = start[1]!.toLowerCase()
      if (!line.text.trim() || /^\s*[#;]/.test(line.text)) continue
      const skip = start ? start[0].length : 0
      const own = { from: line.from + skip, to: line.to, text: line.text.slice(skip) }
      values.set(key, [...(values.get(key) ?? []).slice(0, 200), own])
    }
    const envs = values.get('envlist') ?? values.get('env_list')
    if (name === 'tox' && envs) listed = envs.flatMap(line => line.text.split(/[\s,]+/)).filter(Boolean)
    if (env === undefined) continue
    const [head] = lines
    const target = targets.of(env, source.place(head ? head.from - 1 : 0))
    if (!target) break
    const commands = ['commands_pre', 'commands', 'commands_post'].flatMap(part => values.get(part) ?? [])
    if (!values.has('commands')) inherit.push(target)
    for (const line of commands) {
      const skip = /^[\s-]*/.exec(line.text)?.[0] ?? ''
      const from = line.from + skip.length
      if (from >= line.to) continue
      const dash = line.from + skip.indexOf('-')
      const lost: Lost | undefined = skip.includes('-')
        ? { how: 'or', by: '-', at: source.place(dash, dash + 1) }
        : undefined
      const span = source.span(from, line.to)
      const value = span.value.replace(
        /\{[^{}\n]{0,200}\}/g,
        found => `\${${'_'.repeat(Math.max(0, found.length - 3))}}`
      )
      const text =
        value.length === span.value.length
          ? { value, at: span.at, part: (a: number, b?: number) => span.part(a, b) }
          : span
      target.scripts.push(scriptOf(text, PLAIN, lost))
    }
  }
  for (const target of inherit) if (target.name !== 'testenv') target.needs.push('testenv')
  const names = listed.map(name => (targets.found.has(name) ? name : 'testenv'))
  targets.of('', startOf(source.path))?.needs.push(...new Set(names.length ? names : ['testenv']))
  return undefined
}

function readNox(source: SourceText, targets: Targets): string | undefined {
  let named: string | undefined
  let isSession = false
  let current: Target | undefined
  for (let number = 1; number <= source.lineCount; number++) {
    const line = source.line(number)
    const from = source.lineStart(number)
    if (/^@(nox\.)?session\b/.test(line)) {
      isSession = true
      named = /\bname\s*=\s*["']([^"'\n]{1,100})["']/.exec(line)?.[1]
      continue
    }
    const head = /^(?:async\s+)?def\s+(\w+)/.exec(line)
    if (head) {
      current = isSession ? targets.of(named ?? head[1]!, source.place(from, from + head[0].length)) : undefined
      if (current) targets.of('', startOf(source.path))?.needs.push(current.name)
      isSession = false
      named = undefined
      continue
    }
    if (/^\S/.test(line) && line[0] !== '@' && line[0] !== '#' && line[0] !== ')') current = undefined
    const notify = /session\.notify\(\s*["']([^"'\n]{1,100})["']/.exec(line)
    if (notify) current?.needs.push(notify[1]!)
    const run = /session\.run(_always|_install)?\(/.exec(line)
    if (!run || !current) continue
    const start = from + run.index
    const text = new Made(source, start, from + line.length, () => pythonWords(source.text, start + run[0].length))
    current.scripts.push(scriptOf(text, PLAIN))
  }
  return undefined
}

/** The literal arguments of a call as words of a command line; others become an expansion. */
function pythonWords(text: string, from: number): { value: string; map: number[] } {
  const made = new Builder()
  const end = Math.min(text.length, from + 2000)
  let depth = 1
  for (let at = from; at < end && depth > 0; at++) {
    const char = text[at]!
    if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth--
    else if (char === '#') {
      const stop = text.indexOf('\n', at)
      at = stop < 0 ? end : stop
    } else if (char === '*') made.put(' "$@"', at)
    else if (char === '"' || char === "'") {
      const close = text.indexOf(char, at + 1)
      if (close < 0 || close > end) break
      const word = text.slice(at + 1, close)
      if (made.value) made.put(' ', at)
      if (/^[\w./:=@,+-]+$/.test(word)) made.put(word, at + 1, true)
      else made.put(`'${word.replaceAll("'", '')}'`, at + 1)
      at = close
    }
  }
  return made
}

const TASKS =
  /^tool\.(?:poe\.tasks|pdm\.scripts|taskipy\.tasks|rye\.scripts|pixi\.tasks|hatch\.envs\.([\w-]+)\.scripts)(?:\.([\w:-]+))?$/

function readPyproject(source: SourceText, targets: Targets): string | undefined {
  for (const { name, lines } of sections(source)) {
    const section = TASKS.exec(name)
    if (!section) continue
    const [, env, whole] = section
    const isReferring = name.startsWith('tool.poe')
    let list: Target | undefined
    for (const line of lines) {
      if (/^\s*#/.test(line.text) || !line.text.trim()) continue
      const entry = list ? undefined : /^\s*["']?([\w:.-]+)["']?\s*=\s*/.exec(line.text)
      if (!entry && !list) continue
      let at = entry ? entry[0].length : 0
      let target = list
      if (entry) {
        const key = entry[1]!
        if (whole && !['cmd', 'shell', 'sequence', 'composite', 'script'].includes(key)) continue
        target = targets.of(whole ?? key, source.place(line.from, line.from + entry[0].trimEnd().length))
        if (target && env && env !== 'default') targets.of(`${env}:${target.name}`, target.at)?.needs.push(target.name)
        const inner = /\b(?:cmd|shell|composite|sequence)\s*=\s*/.exec(line.text.slice(at))
        if (line.text[at] === '{' && inner) at += inner.index + inner[0].length
        if (line.text[at] === '[') list = target
      }
      const many = list !== undefined
      if (!target) break
      for (const { from, to } of strings(line.text, at)) {
        const span = source.span(line.from + from, line.from + to)
        if (many && isReferring && /^[\w:-]+$/.test(span.value)) target.needs.push(span.value)
        else target.scripts.push(scriptOf(braced(span), PLAIN))
        if (!many) break
      }
      if (many && line.text.includes(']', at)) list = undefined
    }
  }
  return undefined
}

/** Spans of quoted strings in a line, without their quotes. */
function strings(text: string, from: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = []
  for (let at = from; at < text.length && found.length < 100; at++) {
    const quote = text[at]
    if (quote === '#') break
    if (quote !== '"' && quote !== "'") continue
    let close = at + 1
    while (close < text.length && text[close] !== quote) close += quote === '"' && text[close] === '\\' ? 2 : 1
    if (close >= text.length) break
    if (close > at + 1) found.push({ from: at + 1, to: close })
    at = close
  }
  return found
}

// ---------------------------------------------------------------- rake and shell scripts

// A Rakefile is a program; only the names that it gives, and which name needs which, can be told.
function readRake(source: SourceText, targets: Targets): string | undefined {
  for (let number = 1; number <= source.lineCount; number++) {
    const line = source.line(number).slice(0, 500)
    const from = source.lineStart(number)
    const task = /^\s*task\(?\s*:?["']?([\w:-]+)["']?/.exec(line)
    const made = /\b(?:RSpec::Core::RakeTask|Rake::TestTask)\.new\(?\s*:?["']?(\w*)/.exec(line)
    if (task) {
      const target = targets.of(task[1]!.replace(/:$/, ''), source.place(from, from + line.length))
      target?.needs.push(...(line.slice(task[0].length).match(/(?<=[:"'])[\w:]+(?=["'\],\s]|$)/g) ?? []).slice(0, 50))
    } else if (made) {
      const isSpec = made[0].startsWith('RSpec')
      const at = from + made.index
      const target = targets.of(made[1] || (isSpec ? 'spec' : 'test'), source.place(at, at + made[0].length))
      // What these classes run: the one calls rspec, the other the test runner of Ruby's standard library.
      const program = isSpec ? 'rspec' : 'minitest'
      const text = new Made(source, at, at + made[0].length, () => ({
        value: program,
        map: [...program].map(() => at)
      }))
      target?.scripts.push(scriptOf(text, PLAIN))
    }
  }
  return 'it is a program'
}

function readShell(source: SourceText, targets: Targets): string | undefined {
  const { path, text } = source
  const mark = text.startsWith('#!') ? source.line(1).slice(2) : undefined
  const shell = /\.ps1$/i.test(path) ? shellOfMark('pwsh') : mark === undefined ? PLAIN : shellOfMark(mark)
  targets.of('', startOf(path))?.scripts.push(scriptOf(source.span(0, text.length), shell))
  return undefined
}

/** The shell that a `#!` line names. */
function shellOfMark(mark: string): Shell {
  const words = mark.trim().split(/\s+/, 8)
  const first = words[0]?.slice(words[0].lastIndexOf('/') + 1) ?? ''
  const at = first === 'env' ? words.findIndex((word, index) => index > 0 && !word.startsWith('-')) : 0
  const program = words[at]?.slice(words[at].lastIndexOf('/') + 1) ?? ''
  const flags = words.slice(at + 1)
  const errexit = flags.some(flag => /^-[a-z]*e/.test(flag))
  const pipefail = flags.includes('pipefail')
  if (/^(ba|k|z)sh$|^bats$/.test(program)) return { name: 'bash', errexit, pipefail }
  if (/^(da|a)?sh$/.test(program)) return { name: 'sh', errexit, pipefail }
  if (program === 'pwsh' || program === 'powershell') return { name: 'pwsh', errexit: true, pipefail: true }
  if (/^python/.test(program)) return { name: 'python', errexit: true, pipefail: true }
  if (/^node|^deno|^bun/.test(program)) return { name: 'node', errexit: true, pipefail: true }
  return { name: 'other', errexit: true, pipefail: true }
}
