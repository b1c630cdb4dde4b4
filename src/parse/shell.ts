import type * as Tree from 'unbash'
import type { Assigned, Command, Lost, PipePart, Place, Script, Shell, Text, Word } from '../model.js'
import { parse } from './shell-grammar.js'

/** Longer scripts are no hand-written ones. */
const MAX_LENGTH = 256 * 1024
/** Scripts in scripts (`sh -c "sh -c …"`) and lists in lists. Deeper ones cost stack. */
const MAX_DEPTH = 100
const MAX_COMMANDS = 20_000
/** Parts of one list or pipe whose fates are told; each looks at those after it. */
const MAX_PARTS = 100

/**
 * A script in a shell; its commands are parsed when somebody asks, with unbash for sh and bash, line by line where
 * PowerShell and cmd lines are plain words. `${{ … }}` counts as a computed word. `lost` is what becomes of the failure
 * of the script as a whole, where that is known not to count.
 */
export function scriptOf(text: Text, shell: Shell, lost?: Lost): Script {
  return new Lazy(text, shell, lost)
}

interface Known {
  commands: Command[]
  unread?: string
}

class Lazy implements Script {
  #known: Known | undefined
  constructor(
    readonly text: Text,
    readonly shell: Shell,
    readonly lost: Lost | undefined
  ) {}
  get commands(): Command[] {
    return this.#read().commands
  }
  get unread(): string | undefined {
    return this.#read().unread
  }
  #read(): Known {
    this.#known ??= read(this.text, this.shell, this.lost)
    return this.#known
  }
}

function read(text: Text, shell: Shell, lost: Lost | undefined): Known {
  const { value } = text
  if (value.length > MAX_LENGTH) return { commands: [], unread: `longer than ${MAX_LENGTH >> 10} KiB` }
  if (shell.name === 'pwsh' || shell.name === 'cmd') return readLines(text, shell)
  if (shell.name !== 'bash' && shell.name !== 'sh') return { commands: [], unread: `${LANGUAGES[shell.name]} script` }
  const plain = lost ? undefined : readPlain(text, shell)
  if (plain) return { commands: plain }
  try {
    return new Reader(text, shell, lost).read()
  } catch {
    // The stack is the one thing that a tree within all bounds can still exhaust.
    return { commands: [], unread: 'nested too deep' }
  }
}

// A third of all scripts (827 of 2,544 in 63 repositories) are one command of plain words, which needs no grammar; nor do
// words in double quotes that hold no more than text and variables, a list of such commands, or lines of them.
const ONE_COMMAND =
  /^[\w./@%+:,-]+(?: +(?:[\w./@%+:,=-]+|"(?:[ #%-/:-@[\]^\w{|}~]|\$(?=[A-Za-z_])|\$\{[A-Za-z_]\w*\})*"))*\s*$/
const NOT_PLAIN = new Set(
  '. ! [ break builtin case cd command continue coproc declare dirs do done elif else env esac eval exec exit export fi for function if in let local popd pushd readonly return select set shift shopt source test then time trap typeset unset until wait while'.split(
    ' '
  )
)
const MAX_PLAIN = 10_000

/** The commands of a script of plain words, where each of them fails the script; undefined for all else. */
function readPlain(text: Text, shell: Shell): Command[] | undefined {
  const { value } = text
  if (value.length > MAX_PLAIN) return undefined
  const isOneLine = value.trimEnd().indexOf('\n') < 0
  // Without errexit, what comes after a failing line hides it.
  if (!isOneLine && (!shell.errexit || value.includes('&&'))) return undefined
  const source = new Source(text, value)
  const separator = isOneLine ? '&&' : '\n'
  const commands: Command[] = []
  for (let from = 0; from <= value.length; ) {
    const next = value.indexOf(separator, from)
    const to = next < 0 ? value.length : next
    while (from < to && value[from] === ' ') from++
    const isNone = !isOneLine && (from === to || value[from] === '#')
    const command = isNone ? undefined : readOne(value.slice(from, to), from, source)
    if (command) commands.push(command)
    else if (!isNone) return undefined
    if (next < 0) break
    from = next + separator.length
  }
  return commands
}

function readOne(written: string, from: number, source: Source): Command | undefined {
  if (written.length > 300 || !ONE_COMMAND.test(written)) return undefined
  const words = [...written.matchAll(/"[^"]*"|\S+/g)].map(({ 0: word, index }) => {
    const inner = word.startsWith('"') ? word.slice(1, -1) : word
    return new Piece(inner, !inner.includes('$'), source, from + index, from + index + word.length)
  })
  const first = words[0]!.value
  if (NOT_PLAIN.has(first)) return undefined
  const name = first.slice(first.lastIndexOf('/') + 1)
  // What another shell is given is a script of its own.
  if (written.includes('"') && (SHELLS.has(name) || scriptWord(name, words) >= 0)) return undefined
  return new Plain(name, words, [], [], '', source, from, from + written.trimEnd().length)
}

const LANGUAGES = { pwsh: 'PowerShell', cmd: 'cmd', python: 'Python', node: 'JavaScript', other: 'foreign' }

// ---------------------------------------------------------------- expressions of workflows

// Private characters make a plain word for the parser. Two of them, in turn, keep neighbours apart.
const MASKS = ['\uE000', '\uE001'] as const
const isMask = (char: string | undefined) => char === MASKS[0] || char === MASKS[1]

interface Masked {
  value: string
  /** Expressions as written, in order, and where they begin. */
  hidden: { at: number; text: string }[]
}

/** Puts an equally long plain word in place of each `${{ … }}`: their quotes and operators are not the shell's. */
function mask(value: string): Masked {
  const hidden: Masked['hidden'] = []
  let masked = ''
  let done = 0
  for (let at = value.indexOf('${{'); at >= 0; at = value.indexOf('${{', done)) {
    const close = value.indexOf('}}', at)
    if (close < 0) break
    const text = value.slice(at, close + 2)
    masked += value.slice(done, at) + MASKS[hidden.length & 1]!.repeat(text.length)
    hidden.push({ at, text })
    done = close + 2
  }
  return { value: masked + value.slice(done), hidden }
}

// ---------------------------------------------------------------- words with places

class Piece implements Word {
  constructor(
    readonly value: string,
    readonly literal: boolean,
    readonly source: Source,
    readonly from: number,
    readonly to: number
  ) {}
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
}

class Setting implements Assigned {
  constructor(
    readonly name: string,
    readonly value: string,
    readonly source: Source,
    readonly from: number,
    readonly to: number
  ) {}
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
}

/** What the offsets of a tree stand for: offsets of the whole script, straight or by a table. */
class Source {
  constructor(
    readonly base: Text,
    readonly text: string,
    readonly map?: number[]
  ) {}
  offset(at: number): number {
    return this.map ? (this.map[at] ?? this.map.at(-1) ?? 0) : at
  }
  place(from: number, to: number): Place {
    const end = to > from ? this.offset(to - 1) + 1 : this.offset(to)
    return this.base.part(this.offset(from), end)
  }
}

class Plain implements Command {
  declare lost?: Lost
  declare pipe?: PipePart
  declare output?: Word
  constructor(
    readonly name: string,
    readonly words: Word[],
    readonly assignments: Assigned[],
    readonly inside: Command['inside'],
    readonly directory: string | undefined,
    readonly source: Source,
    readonly from: number,
    readonly to: number
  ) {}
  get at(): Place {
    return this.source.place(this.from, this.to)
  }
}

// ---------------------------------------------------------------- what becomes of a failure

/** Undefined: it counts, or cannot be told. `dropped`: the next command runs and nobody asks. */
type Fate = Lost | 'dropped' | undefined
/** Where a list ends up: well or not, by which fallback, with doubt where real work or a saved result decides. */
interface After {
  ok: boolean
  doubt: boolean
  exits: boolean
  caught?: { at: Place; by: string }
  /** First part that an && skips. */
  skipped?: number
}
interface Context {
  /** When the shell ends with a failure. */
  exit: Fate
  /** When this part has a failing status, and when it has a good one because of a `!`. */
  status: Fate
  zero: Fate | 'negated'
  /** Where errexit does not act: conditions, the left of && and ||. */
  checked: boolean
  /** For all but the last of a list. */
  drop: Fate
  inside: Command['inside']
  pipe?: PipePart | undefined
}
/** What a shell process carries along. A subshell has a copy. */
interface Process {
  source: Source
  errexit: boolean
  pipefail: boolean
  /** The `set +e` that turned errexit off. */
  blame?: Place
  directory: string | undefined
  before: string | undefined
  pushed: (string | undefined)[]
}

class Reader {
  readonly commands: Command[] = []
  readonly #masked: Masked
  readonly #root: Source
  #unread: string | undefined
  #pipes = 0
  /** Of what is being read: nodes in nodes, scripts in scripts. */
  #depth = 0

  constructor(
    readonly text: Text,
    readonly shell: Shell,
    readonly lost: Lost | undefined
  ) {
    this.#masked = mask(text.value)
    this.#root = new Source(text, this.#masked.value)
  }

  read(): Known {
    const tree = parse(this.#root.text)
    const [error] = tree.errors ?? []
    if (error) this.#unread = `not understood as a shell script: ${error.message}`
    const process: Process = {
      source: this.#root,
      errexit: this.shell.errexit,
      pipefail: this.shell.pipefail,
      directory: '',
      before: undefined,
      pushed: []
    }
    const { lost } = this
    const context: Context = {
      exit: lost,
      status: lost,
      zero: 'negated',
      checked: false,
      drop: 'dropped',
      inside: []
    }
    // What stands before the error was read as it is meant, most likely.
    const sound = error ? tree.commands.filter(statement => statement.end < error.pos) : tree.commands
    this.#list(sound, process, context)
    return { commands: this.commands, ...(this.#unread && { unread: this.#unread }) }
  }

  #list(statements: readonly Tree.Statement[], process: Process, context: Context): void {
    statements.forEach((statement, at) => {
      const last = at === statements.length - 1
      let own = last ? context : { ...context, status: context.drop, zero: 'negated' as const }
      let shell = process
      if (statement.background) {
        const by = process.source.place(statement.end - 1, statement.end)
        const waited = this.#holds(process, statement.end, 'wait')
        const fate: Fate = waited ? undefined : { how: 'background', at: by }
        own = { ...context, exit: fate, status: fate, drop: waited ? undefined : context.drop }
        shell = copy(process)
      }
      this.#node(statement.command, shell, own)
    })
  }

  #node(node: Tree.SyntaxNode, process: Process, context: Context): void {
    if (this.#depth > MAX_DEPTH) {
      this.#unread ??= 'nested too deep'
      return
    }
    this.#depth++
    this.#inner(node, process, context)
    this.#depth--
  }

  #inner(node: Tree.SyntaxNode, process: Process, context: Context): void {
    switch (node.type) {
      case 'Command':
        this.#command(node, process, context)
        return
      case 'AndOr':
        this.#andOr(node, process, context)
        return
      case 'Pipeline':
        this.#pipeline(node, process, context)
        return
      case 'Redirected':
        this.#node(node.command, process, context)
        this.#redirects(node.redirects, process, context)
        return
      case 'BraceGroup':
        this.#list(node.body.commands, process, context)
        return
      case 'Subshell': {
        const fate = strong(process, context)
        this.#list(node.body.commands, copy(process), { ...context, exit: fate, status: fate })
        return
      }
      case 'CompoundList':
        this.#list(node.commands, process, context)
        return
      case 'If':
        this.#if(node, process, context)
        return
      case 'While':
        this.#list(node.clause.commands, process, within(unknown(context), 'condition'))
        this.#loop(node.body, process, context)
        return
      case 'For':
      case 'Select':
        this.#words(node.wordlist ?? [], process, context)
        this.#loop(node.body, process, context)
        return
      case 'ArithmeticFor':
        this.#loop(node.body, process, context)
        return
      case 'Case': {
        this.#words([node.word], process, context)
        this.#branches(
          node.items.map(item => item.body),
          process,
          context
        )
        return
      }
      case 'Function':
        this.#node(node.body, copy(process), within(unknown(context), 'function'))
        return
      case 'Coproc':
        this.#node(node.body, copy(process), unknown(context))
        return
      default:
    }
  }

  #andOr(node: Tree.AndOr, process: Process, context: Context): void {
    if (node.commands.length > MAX_PARTS) {
      for (const part of node.commands) this.#node(part, process, unknown(context))
      return
    }
    node.commands.forEach((part, at) => {
      if (at === node.commands.length - 1) {
        this.#node(part, process, context)
        return
      }
      const status = this.#failed(node, at, process, context)
      const good = this.#after(node, at, true, process)
      const zero = good.exits ? context.exit : good.ok && !good.doubt ? 'negated' : undefined
      this.#node(part, process, { ...context, status, zero, checked: true })
    })
  }

  /** Where an && and || list ends up when one part of it, not the last, has a bad or a good status. */
  #after(node: Tree.AndOr, from: number, good: boolean, { source }: Process): After {
    const after: After = { ok: good, doubt: false, exits: false }
    for (let at = from + 1; at < node.commands.length; at++) {
      const part = node.commands[at]!
      const isOr = node.operators[at - 1] === '||'
      if (isOr === after.ok) {
        if (!after.ok) after.skipped ??= at
        if (!isOr && leaves(part)) after.doubt = true
        continue
      }
      const outcome = outcomeOf(part)
      if (outcome === 'exit') return { ...after, exits: true }
      if (outcome === 'unknown') after.doubt = true
      if (!after.ok) {
        const operator = source.text.indexOf('||', node.commands[at - 1]!.end)
        const by = this.#short(source, part)
        after.caught = { at: source.place(operator < 0 ? part.pos : operator, part.end), by }
      }
      if (outcome === 'saved') after.doubt ||= this.#isUsed(part, source)
      after.ok = outcome === 'success' || outcome === 'saved'
    }
    return after
  }

  /** What becomes of the failure of one part of an && and || list, not the last. */
  #failed(node: Tree.AndOr, from: number, process: Process, context: Context): Fate {
    const { ok, doubt, exits, caught, skipped } = this.#after(node, from, false, process)
    if (exits) return context.exit
    // Real work as a fallback may go well or not; only where all ends well is the failure gone for certain.
    if (ok && caught) return doubt && !this.#alwaysWell(node, from) ? undefined : { how: 'or', ...caught }
    if (doubt) return undefined
    if (caught) return strong(process, context)
    // Errexit lets a failure pass that is not the last of an && list.
    if (context.status !== 'dropped' || !process.errexit || context.checked) return context.status
    if (this.#isAsked(process, node.end)) return undefined
    const { source } = process
    const operator = source.text.indexOf('&&', node.commands[(skipped ?? 1) - 1]!.end)
    return { how: 'no-errexit', by: '&&', at: source.place(operator, operator + 2) }
  }

  /** `a || b || true`: whatever b does, the list ends well. */
  #alwaysWell(node: Tree.AndOr, from: number): boolean {
    if (node.operators.slice(from).some(operator => operator === '&&')) return false
    return outcomeOf(node.commands.at(-1)!) === 'success'
  }

  #short(source: Source, { pos, end }: Tree.SyntaxNode): string {
    return this.#unmasked(shortened(source.text.slice(pos, end)), source.offset(pos))
  }

  #pipeline(node: Tree.Pipeline, process: Process, context: Context): void {
    const negation = node.prefixes.find(prefix => prefix.type === 'Negation')
    let own = context
    if (negation) {
      const at = process.source.place(negation.pos, negation.end)
      const status: Fate = context.zero === 'negated' ? { how: 'negated', at } : context.zero
      own = { ...context, status, exit: context.exit, zero: context.status, checked: true }
    }
    const { commands } = node
    if (commands.length === 1) {
      this.#node(commands[0]!, process, own)
      return
    }
    if (commands.length > MAX_PARTS) {
      for (const part of commands) this.#node(part, copy(process), unknown(context))
      return
    }
    const last = commands.length - 1
    const pipe = ++this.#pipes
    commands.forEach((part, at) => {
      const fate = strong(process, own)
      const place: PipePart = { pipe, part: at, last: at === last, pipefail: process.pipefail }
      const member = { ...own, exit: fate, status: fate, pipe: place }
      if (at < last && !process.pipefail) {
        const passes = commands.slice(at + 1).every(next => next.type === 'Command' && passesOn(next))
        const status = passes ? this.#piped(commands[at]!, commands[at + 1]!, process) : undefined
        Object.assign(member, { exit: status, status, zero: undefined, checked: false })
      }
      this.#node(part, copy(process), member)
    })
  }

  #piped(from: Tree.CommandNode, to: Tree.CommandNode, { source }: Process): Fate {
    if (source.text.indexOf('PIPESTATUS', to.end) >= 0 || source.text.indexOf('pipestatus', to.end) >= 0)
      return undefined
    const operator = source.text.indexOf('|', from.end)
    return {
      how: 'pipe',
      by: this.#short(source, to),
      at: source.place(operator, operator + 1)
    }
  }

  #if(node: Tree.If, process: Process, context: Context): void {
    const { source } = process
    const whole = source.place(node.pos, node.clause.end)
    const branches: { clause: Tree.CompoundList; then: Tree.CompoundList }[] = [node, ...node.elif]
    const starts = [copy(process)]
    branches.forEach(({ clause, then }, at) => {
      const other = at === branches.length - 1 ? node.else : undefined
      const passed: Fate = { how: 'condition', at: at ? source.place(clause.pos, clause.end) : whole }
      const fateOf = (list: Tree.CompoundList | undefined): Fate => {
        const outcome = list ? listOutcome(list.commands) : 'success'
        if (outcome === 'exit') return context.exit
        return outcome === 'success' ? passed : outcome === 'failure' ? strong(process, context) : undefined
      }
      const isOpen = at < branches.length - 1 || (!other && decides(then))
      const status = isOpen ? undefined : fateOf(other)
      const zero = fateOf(then)
      const asked = within({ ...context, status, zero, checked: true }, 'condition')
      this.#list(clause.commands, process, asked)
      const branch = copy(process)
      starts.push(branch)
      this.#list(then.commands, branch, context)
    })
    if (node.else) {
      const branch = copy(process)
      starts.push(branch)
      this.#list(node.else.commands, branch, context)
    }
    meet(process, starts.slice(node.else ? 1 : 0))
  }

  #branches(lists: Tree.CompoundList[], process: Process, context: Context): void {
    const ends = [copy(process)]
    for (const list of lists) {
      const branch = copy(process)
      ends.push(branch)
      this.#list(list.commands, branch, context)
    }
    meet(process, ends)
  }

  // The status of a loop is that of its last round: what the others had is gone, what they stop with is not.
  #loop(body: Tree.CompoundList, process: Process, context: Context): void {
    const round = copy(process)
    this.#list(body.commands, round, within({ ...context, drop: process.errexit ? context.drop : undefined }, 'loop'))
    meet(process, [copy(process), round])
  }

  #command(node: Tree.Command, process: Process, context: Context): void {
    const { source } = process
    const words = node.name ? [this.#word(node.name, source)] : []
    for (const word of node.args)
      words.push(word.type === 'Word' ? this.#word(word, source) : this.#assigned(word, source))
    const assignments: Setting[] = []
    for (const part of node.prefix)
      if (part.type === 'Assignment')
        assignments.push(new Setting(part.name, this.#valueOf(part, source), source, part.pos, part.end))
    if (words.length) {
      if (this.commands.length >= MAX_COMMANDS) {
        this.#unread ??= `more than ${MAX_COMMANDS} commands`
        return
      }
      const name = nameOf(words[0]!)
      const { directory } = process
      const command = new Plain(name, words, assignments, context.inside, directory, source, node.pos, node.end)
      const lost = this.#lostOf(node, process, context)
      if (lost) command.lost = lost
      if (context.pipe) command.pipe = context.pipe
      const output = node.redirects.findLast(isOutput)?.target
      if (output) command.output = this.#word(output, source)
      this.commands.push(command)
      this.#builtin(name, words, command, process)
      this.#nested(node, name, words, process, context)
    }
    // `x=$(…)` has the status of the substitution, and any other command its own.
    const rest = () => ({ ...context, pipe: undefined })
    const own = () => {
      if (words.length) return unknown(rest())
      const fate = strong(process, context)
      return { ...rest(), exit: fate, status: fate, zero: undefined }
    }
    const visit = (part: Tree.Word | Tree.Command['prefix' | 'suffix'][number]) => {
      if (part.type === 'Word') {
        if (!isPlain(part)) this.#words([part], process, own())
      } else if (part.type === 'Assignment') {
        const values = part.value.type === 'Word' ? [part.value] : part.value.elements
        this.#words(values, process, own())
      } else this.#redirects([part], process, unknown(rest()))
    }
    node.prefix.forEach(visit)
    if (node.name) visit(node.name)
    node.suffix.forEach(visit)
  }

  #lostOf(node: Tree.Command, process: Process, context: Context): Lost | undefined {
    const fate = strong(process, context)
    if (fate !== 'dropped') return fate
    if (this.#isAsked(process, node.end)) return undefined
    return { how: 'no-errexit', at: process.blame ?? process.source.place(node.pos, node.end) }
  }

  /** Somebody looks at the status of a command later on. */
  #isAsked({ source: { text } }: Process, after: number): boolean {
    if (text.indexOf('$?', after) >= 0 || text.indexOf('${?', after) >= 0) return true
    if (text.indexOf('PIPESTATUS', after) >= 0) return true
    const trap = text.indexOf('trap ')
    return trap >= 0 && text.indexOf(' ERR', trap) >= 0
  }

  #holds({ source }: Process, after: number, word: string): boolean {
    return source.text.indexOf(word, after) >= 0
  }

  /** The variable that a fallback sets is read somewhere. */
  #isUsed(part: Tree.SyntaxNode, { text }: Source): boolean {
    const names = part.type === 'Command' ? part.prefix.flatMap(one => (one.type === 'Assignment' ? one.name : [])) : []
    return names.some(name => text.includes(`$${name}`) || text.includes(`\${${name}`) || text.includes('(('))
  }

  /** `set`, `cd` and the like: what later commands of this shell are subject to. */
  #builtin(name: string, words: Word[], command: Plain, process: Process): void {
    if (!BUILTINS.has(name)) return
    const args = words.slice(1)
    if (name === 'set' || name === 'shopt') {
      for (const [option, on] of name === 'set' ? optionsOf(args) : shoptOf(args)) {
        if (option === 'pipefail') process.pipefail = on
        if (option !== 'errexit') continue
        process.errexit = on
        if (on) delete process.blame
        else process.blame = command.at
      }
      return
    }
    const here = process.directory
    if (name === 'popd') process.directory = process.pushed.pop()
    else {
      const to = args.find(word => !/^-[A-Za-z@]*$/.test(word.value) || word.value === '-')
      if (name === 'pushd') process.pushed.push(here)
      if (to?.value === '-') process.directory = process.before
      else process.directory = to?.literal ? joined(here, to.value) : undefined
    }
    process.before = here
  }

  /** Scripts handed to another shell: in a word after `-c`, or as a here-document. */
  #nested(node: Tree.Command, name: string, words: Word[], process: Process, context: Context): void {
    const at = TALKERS.has(name) ? -1 : scriptWord(name, words)
    if (at < 0 && !SHELLS.has(name)) return
    const inner = at >= 0 ? [...(node.name ? [node.name] : []), ...node.args][at] : undefined
    const fate = strong(process, context)
    const own = within({ ...context, exit: fate, status: fate, zero: 'negated', checked: false }, 'nested-shell')
    if (inner?.type === 'Word') {
      const options = name === 'eval' ? [] : optionsOf(words.slice(0, at))
      const isOn = (option: string) => options.some(([what, on]) => what === option && on)
      const shell =
        name === 'eval'
          ? copy(process)
          : { ...copy(process), errexit: isOn('errexit'), pipefail: isOn('pipefail'), pushed: [] }
      if (name !== 'eval') delete shell.blame
      const source = quoted(inner, process.source)
      if (source) this.#parsed(source, shell, own)
      return
    }
    if (!SHELLS.has(name) || words.slice(1).some(word => !/^-/.test(word.value))) return
    for (const redirect of node.redirects) {
      if (redirect.type !== 'HereDoc' || redirect.body.pos >= redirect.body.end) continue
      const { pos, end } = redirect.body
      const shell = { ...copy(process), errexit: false, pipefail: false }
      delete shell.blame
      for (const [option, on] of optionsOf(words.slice(1)))
        if (option === 'errexit' || option === 'pipefail') shell[option] = on
      const map = Array.from({ length: end - pos }, (_, offset) => process.source.offset(pos + offset))
      this.#parsed(new Source(this.text, process.source.text.slice(pos, end), map), shell, own)
    }
  }

  #parsed(source: Source, process: Process, context: Context): void {
    if (this.#depth > MAX_DEPTH) return
    const tree = parse(source.text)
    if (tree.errors?.length) return
    this.#depth++
    this.#list(tree.commands, { ...process, source }, context)
    this.#depth--
  }

  #redirects(redirects: readonly Tree.Redirection[], process: Process, context: Context): void {
    for (const redirect of redirects) {
      if (redirect.type === 'HereDoc') this.#parts(redirect.body.parts, process, unknown(context))
      else if (redirect.target) this.#words([redirect.target], process, unknown(context))
    }
  }

  #words(words: readonly Tree.Word[], process: Process, context: Context): void {
    for (const word of words) this.#parts(word.parts, process, context)
  }

  #parts(parts: readonly Tree.WordPart[] | undefined, process: Process, context: Context): void {
    if (this.#depth > MAX_DEPTH) {
      this.#unread ??= 'nested too deep'
      return
    }
    this.#depth++
    for (const part of parts ?? []) {
      if (part.type === 'CommandExpansion' || part.type === 'ProcessSubstitution') {
        if (!part.script) continue
        const shell = { ...copy(process), errexit: false }
        const own = within({ ...context, drop: undefined, pipe: undefined }, 'substitution')
        if (part.script.source !== undefined) {
          const { text } = process.source
          const map = unescaped(text.slice(part.pos + 1, part.end - 1), '`\\$').map.map(offset =>
            process.source.offset(part.pos + 1 + offset)
          )
          shell.source = new Source(this.text, part.script.source, map)
        }
        this.#list(part.script.commands, shell, own)
      } else if ('parts' in part && part.parts) {
        this.#parts(part.parts, process, context)
      } else if (part.type === 'ParameterExpansion' && part.operation && 'operand' in part.operation) {
        if (part.operation.operand) this.#words([part.operation.operand], process, context)
      }
    }
    this.#depth--
  }

  #word(word: Tree.Word, source: Source): Word {
    if (isPlain(word)) return new Piece(word.text, true, source, word.pos, word.end)
    const value = this.#unmasked(word.value, source.offset(word.pos))
    const literal = value === word.value && !word.text.startsWith('~') && !computed(word.parts)
    return new Piece(value, literal, source, word.pos, word.end)
  }

  #assigned(node: Tree.Assignment, source: Source): Word {
    const value = node.value.type === 'Word' ? this.#valueOf(node, source) : node.text
    const literal = node.value.type === 'Word' && !computed(node.value.parts) && value === node.value.value
    return new Piece(
      node.value.type === 'Word' ? `${node.name}${node.append ? '+' : ''}=${value}` : node.text,
      literal,
      source,
      node.pos,
      node.end
    )
  }

  #valueOf(node: Tree.Assignment, source: Source): string {
    if (node.value.type !== 'Word') return node.text.slice(node.text.indexOf('=') + 1)
    return this.#unmasked(node.value.value, source.offset(node.value.pos))
  }

  /** Puts expressions back: each run of mask characters is the next one at or after an offset of the script. */
  #unmasked(value: string, from: number): string {
    let at = 0
    while (at < value.length && !isMask(value[at])) at++
    if (at === value.length) return value
    const { hidden } = this.#masked
    let low = 0
    let high = hidden.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (hidden[middle]!.at < from) low = middle + 1
      else high = middle
    }
    let made = value.slice(0, at)
    while (at < value.length) {
      const char = value[at]
      if (!isMask(char)) {
        made += char
        at++
        continue
      }
      while (at < value.length && value[at] === char) at++
      made += hidden[low++]?.text ?? ''
    }
    return made
  }
}

// ---------------------------------------------------------------- short questions about the tree

/** Nothing in a word can be a quote, an expansion or a pattern: most are so, and their parts need not be found. */
const isPlain = ({ text }: Tree.Word): boolean => /^[\w./@%+:,=-]+$/.test(text)

const isOutput = (redirect: Tree.Redirection): redirect is Tree.Redirect =>
  redirect.type === 'Redirect' &&
  /^(>|>>|>\||&>|&>>)$/.test(redirect.operator) &&
  (redirect.descriptor === undefined ||
    (redirect.descriptor.type === 'FileDescriptor' && redirect.descriptor.value === 1))

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh'])
/** What #builtin knows about. */
const BUILTINS = new Set(['set', 'shopt', 'cd', 'pushd', 'popd'])
/** They print or store words; a shell named among them is not run. */
const TALKERS = new Set(['echo', 'printf', 'git', 'grep', 'gh', 'export', 'set', 'alias', 'trap', 'which', 'command'])

const copy = (process: Process): Process => ({ ...process, pushed: [...process.pushed] })
const within = (context: Context, where: Command['inside'][number]): Context => ({
  ...context,
  inside: context.inside.includes(where) ? context.inside : [...context.inside, where]
})
const unknown = (context: Context): Context => ({
  ...context,
  exit: undefined,
  status: undefined,
  zero: undefined,
  drop: undefined
})
/** What becomes of an ordinary failure here: with errexit it ends the shell. */
const strong = (process: Process, context: Context): Fate =>
  process.errexit && !context.checked ? context.exit : context.status

/** After branches that may each have been taken, a directory is known only where they agree. */
function meet(process: Process, ends: Process[]): void {
  const [first] = ends
  if (ends.some(end => end.directory !== first?.directory)) process.directory = undefined
  else if (first) process.directory = first.directory
}

/** `echo`, `true`, `exit 1` and lists of them: what they come to, as far as that is certain. */
type Outcome = 'success' | 'failure' | 'exit' | 'saved' | 'unknown'
function outcomeOf(node: Tree.SyntaxNode, depth = 0): Outcome {
  if (depth > 20) return 'unknown'
  switch (node.type) {
    case 'Command':
      return commandOutcome(node)
    case 'Redirected':
      return node.redirects.some(keeps) ? 'unknown' : outcomeOf(node.command, depth + 1)
    case 'BraceGroup':
      return listOutcome(node.body.commands, depth + 1)
    case 'Subshell': {
      const outcome = listOutcome(node.body.commands, depth + 1)
      return outcome === 'exit' ? 'failure' : outcome
    }
    case 'Pipeline': {
      const [only] = node.commands
      if (node.commands.length > 1 || !only) return 'unknown'
      const outcome = outcomeOf(only, depth + 1)
      if (!node.prefixes.some(prefix => prefix.type === 'Negation')) return outcome
      return outcome === 'success' ? 'failure' : outcome === 'failure' ? 'success' : outcome
    }
    case 'AndOr': {
      let outcome = outcomeOf(node.commands[0]!, depth + 1)
      for (let at = 1; at < node.commands.length && outcome !== 'exit' && outcome !== 'unknown'; at++)
        if ((node.operators[at - 1] === '&&') === (outcome !== 'failure'))
          outcome = outcomeOf(node.commands[at]!, depth + 1)
      return outcome
    }
    default:
      return 'unknown'
  }
}

function listOutcome(statements: readonly Tree.Statement[], depth = 0): Outcome {
  let outcome: Outcome = 'success'
  let doubt = false
  for (const statement of statements) {
    outcome = outcomeOf(statement.command, depth + 1)
    if (outcome === 'exit') return outcome
    if (outcome === 'unknown' || outcome === 'saved') doubt = true
    if (leavesWell(statement.command)) break
  }
  return doubt ? 'unknown' : outcome
}

function commandOutcome(node: Tree.Command): Outcome {
  if (!node.name) return node.prefix.some(part => part.type === 'Assignment') ? 'saved' : 'unknown'
  const name = baseName(node.name.value)
  if (node.redirects.some(keeps)) return 'unknown'
  if (name === 'true' || name === ':' || name === 'echo' || name === 'printf') return 'success'
  if (name === 'false') return 'failure'
  if (name !== 'exit' && name !== 'return') return 'unknown'
  const [code] = node.args
  if (code?.type !== 'Word') return 'unknown'
  return code.value === '0' ? 'success' : 'exit'
}

const leavesWell = (node: Tree.SyntaxNode) =>
  node.type === 'Command' && (node.name?.value === 'exit' || node.name?.value === 'return')

/** Leaves the list it stands in, or keeps a result for later: a retry, a flag. */
function leaves(node: Tree.SyntaxNode): boolean {
  if (node.type !== 'Command') return node.type !== 'Pipeline'
  if (!node.name) return true
  return ['break', 'continue', 'exit', 'return'].includes(node.name.value)
}

/** A branch that ends the script or loop, or keeps something: what comes after it may still fail for the others. */
const decides = (list: Tree.CompoundList): boolean =>
  list.commands.some(({ command }) => (command.type === 'AndOr' ? command.commands.some(leaves) : leaves(command)))

/** The output goes to a file that may be looked at later. */
function keeps(redirect: Tree.Redirection): boolean {
  if (redirect.type !== 'Redirect' || !redirect.operator.includes('>')) return false
  return redirect.operator !== '>&' && !redirect.target?.value.startsWith('/dev/')
}

/** Programs at the end of a pipe that say nothing of what they read: the status of the whole is theirs, and good. */
const PASSING = new Set(
  'tee cat ts tail head sort uniq cut tr column nl tac fold fmt pv wc less more sponge gzip xz zstd logger ccze xcpretty xcbeautify pino-pretty bunyan prettyjson ansi2html sed'.split(
    ' '
  )
)
const passesOn = (node: Tree.Command): boolean => !!node.name && PASSING.has(baseName(node.name.value))

function computed(parts: readonly Tree.WordPart[] | undefined): boolean {
  return (parts ?? []).some(part =>
    part.type === 'DoubleQuoted' || part.type === 'LocaleString'
      ? computed(part.parts)
      : part.type !== 'Literal' && part.type !== 'SingleQuoted' && part.type !== 'AnsiCQuoted'
  )
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** The last path part of a command word; '' where that part is computed. */
function nameOf({ value, literal }: Word): string {
  const name = baseName(value)
  if (literal) return name
  return name === value || /[$`{}()*?[\]~]/.test(name) ? '' : name
}

const shortened = (text: string) => {
  const words = text.trim().split(/\s+/, 40)
  if ((words[0] === 'echo' || words[0] === 'printf') && words.length > 1) return `${words[0]} …`
  const line = words.join(' ')
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}

/** Options that words turn on or off: `-e`, `-euo pipefail`, `+o errexit`. */
function optionsOf(words: readonly Word[]): [option: string, on: boolean][] {
  const options: [string, boolean][] = []
  for (let at = 0; at < words.length; at++) {
    const { value } = words[at]!
    if (value === '--') break
    if (!/^[-+][A-Za-z]+$/.test(value)) continue
    const on = value[0] === '-'
    for (const letter of value.slice(1)) {
      if (letter === 'e') options.push(['errexit', on])
      if (letter === 'o' && words[at + 1]) options.push([words[++at]!.value, on])
    }
  }
  return options
}

function shoptOf(words: Word[]): [option: string, on: boolean][] {
  const flags = words.filter(word => word.value.startsWith('-')).map(word => word.value)
  if (!flags.some(flag => flag.includes('o'))) return []
  const on = flags.some(flag => flag.includes('s'))
  return words.filter(word => !word.value.startsWith('-')).map(word => [word.value, on])
}

/** Index of the word that holds a script for another shell, or -1. */
function scriptWord(name: string, words: readonly Word[]): number {
  if (name === 'eval') return words.length === 2 ? 1 : -1
  if (name === 'su' || name === 'script' || name === 'sg')
    return words.findIndex((_, at) => at > 1 && /^-[a-z]*c$|^--(session-)?command$/.test(words[at - 1]!.value))
  if (name === 'nix-shell') return words.findIndex((_, at) => at > 1 && /^--(run|command)$/.test(words[at - 1]!.value))
  let shell = -1
  for (let at = 0; at < words.length; at++) {
    const { value } = words[at]!
    if (shell < 0) {
      if (value.endsWith('sh') && SHELLS.has(baseName(value))) shell = at
      continue
    }
    if (/^-[a-z]*c[a-z]*$/.test(value)) {
      // With `-ceo`, the name of the option stands between.
      const next = value.includes('o') ? at + 2 : at + 1
      return next < words.length ? next : -1
    }
    if (/^[-+]/.test(value) || words[at - 1]!.value.endsWith('o')) continue
    // A file to run, or another program's word: `docker exec bash sh -c` still names a shell later on.
    shell = SHELLS.has(baseName(value)) ? at : -1
    if (shell < 0 && at > 0 && SHELLS.has(name)) return -1
  }
  return -1
}

/** The text inside one pair of quotes as a source of its own; undefined where a word is put together of several. */
function quoted(word: Tree.Word, outer: Source): Source | undefined {
  const [part, ...more] = word.parts ?? []
  if (more.length) return undefined
  const offset = (at: number) => outer.offset(at)
  if (!part || part.type === 'Literal') {
    if (word.value !== word.text) return undefined
    return new Source(outer.base, word.value, range(word.pos, word.end).map(offset))
  }
  if (part.type === 'SingleQuoted')
    return new Source(outer.base, part.value, range(part.pos + 1, part.end - 1).map(offset))
  if (part.type !== 'DoubleQuoted') return undefined
  const { value, map } = unescaped(outer.text.slice(part.pos + 1, part.end - 1), '"\\`$')
  return new Source(
    outer.base,
    value,
    map.map(at => offset(part.pos + 1 + at))
  )
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at)

/** Removes backslashes before some characters and before line ends; `map` tells where each character came from. */
function unescaped(text: string, special: string): { value: string; map: number[] } {
  const map: number[] = []
  let value = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && text[at + 1] === '\n') {
      at++
      continue
    }
    if (text[at] === '\\' && text[at + 1] && special.includes(text[at + 1]!)) at++
    value += text[at]
    map.push(at)
  }
  return { value, map }
}

/** Where `cd` leads; undefined for absolute paths and from unknown places. `..` above the start is kept. */
function joined(here: string | undefined, to: string): string | undefined {
  if (here === undefined || to.startsWith('/') || to === '') return undefined
  const parts = here ? here.split('/') : []
  for (const part of to.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length && parts.at(-1) !== '..') parts.pop()
    else parts.push(part)
  }
  return parts.length > 200 ? undefined : parts.join('/')
}

// ---------------------------------------------------------------- PowerShell and cmd, line by line

/**
 * Lines that are nothing but words are commands in any shell; each other line leaves the script partly unread.
 * cmd goes on after a failing line, so only its last one counts.
 */
function readLines(text: Text, shell: Shell): Known {
  const { value, hidden } = mask(text.value)
  const source = new Source(text, value)
  const commands: Plain[] = []
  let unread: string | undefined
  let directory: string | undefined = ''
  let next = 0
  for (let from = 0; from <= value.length; ) {
    const stop = value.indexOf('\n', from)
    const to = stop < 0 ? value.length : stop
    const line = value.slice(from, to)
    const words: Word[] = []
    const isComment = shell.name === 'cmd' ? /^\s*(@?rem\b|::)/i.test(line) : /^\s*#/.test(line)
    if (!isComment && line.trim() && !isLabel(line, shell)) {
      const isPlain = !(shell.name === 'cmd' ? /[%|&<>^=()!"]/ : /[$`|&;<>(){}=@'"#]/).test(line)
      if (isPlain) {
        let at = 0
        while (at < line.length) {
          while (at < line.length && /\s/.test(line[at]!)) at++
          const start = at
          while (at < line.length && !/\s/.test(line[at]!)) at++
          if (at === start) break
          const word = line.slice(start, at)
          let written = ''
          for (let i = 0; i < word.length; i++) {
            if (!isMask(word[i])) written += word[i]
            else {
              while (word[i + 1] === word[i]) i++
              written += hidden[next++]?.text ?? ''
            }
          }
          words.push(new Piece(written, written === word && !/[*?]/.test(word), source, from + start, from + at))
        }
      } else {
        unread ??= `${LANGUAGES[shell.name as 'pwsh']} script`
        while (hidden[next] && hidden[next]!.at < to) next++
      }
    } else while (hidden[next] && hidden[next]!.at < to) next++
    const [first, ...args] = words
    if (first && commands.length < MAX_COMMANDS) {
      const last = words.at(-1) as Piece
      const path = first.value.replaceAll('\\', '/')
      const name = first.literal ? baseName(path).replace(/\.(exe|cmd|bat|ps1)$/i, '') : ''
      commands.push(new Plain(name, words, [], [], directory, source, (first as Piece).from, last.to))
      if (/^(cd|chdir|sl|set-location|pushd|push-location)$/i.test(name)) {
        const to = args.find(word => !/^[-/][A-Za-z]+$/.test(word.value))
        directory = to?.literal ? joined(directory, to.value.replaceAll('\\', '/')) : undefined
      } else if (/^(popd|pop-location)$/i.test(name)) directory = undefined
    }
    if (stop < 0) break
    from = stop + 1
  }
  if (shell.name === 'cmd' && !unread)
    for (const command of commands.slice(0, -1)) command.lost = { how: 'no-errexit', at: command.at }
  return { commands, ...(unread && { unread }) }
}

const isLabel = (line: string, shell: Shell) => shell.name === 'cmd' && /^\s*(:\w|@?echo\b|@?exit\b)/i.test(line)
