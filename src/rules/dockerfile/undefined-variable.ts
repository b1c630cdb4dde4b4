import type { Dockerfile, Edit, Instruction } from '../../model.js'
import { beforeOf } from '../../query.js'
import { rule } from '../../rule.js'
import { type Reference, referencesIn, type Scope, scopesOf } from '../../stages.js'

export default rule({
  id: 'dockerfile/undefined-variable',
  title: 'Variable is used that nothing sets',
  why: 'The builder puts nothing in its place: a path loses a part, a value becomes empty.',
  fix: 'Declare it in this stage with ARG or ENV, or mend its name. Arguments from before FROM need an ARG in each stage.',
  severity: 'warning',
  topic: 'correctness',
  preset: 'recommended',
  edits: 'suggested',
  over: 'dockerfile',
  peers: { buildkit: 'UndefinedVar' },

  *check(dockerfile) {
    if (!dockerfile.instructions.some(usesVariable)) return
    const globals = new Set(dockerfile.globals.map(({ name }) => name.value))
    // Another syntax may set variables in ways of its own.
    if (
      dockerfile.directives.some(({ name, value }) => name === 'syntax' && !value.value.includes('docker/dockerfile'))
    )
      return
    let offered = new Set<string>()
    for (const scope of scopesOf(dockerfile)) {
      const { instruction, isSet } = scope
      if (instruction.keyword === 'FROM') offered = new Set()
      if (!instruction.stage || !EXPANDED.has(instruction.keyword)) continue
      const own = new Set(instruction.keyword === 'ENV' ? instruction.pairs.map(({ name }) => name.value) : [])
      const seen = new Set<string>()
      for (const { text, reference } of referencesOf(dockerfile, instruction)) {
        const { name, operator, from, to } = reference
        if (/^[-+?:]/.test(operator) || seen.has(name) || isSet(name) || name === 'PATH') continue
        seen.add(name)
        // env-refers-to-itself says it where another value of the same ENV sets it.
        if (own.size > 1 && own.has(name)) continue
        const found = problemOf(name, scope, globals)
        if (!found) continue
        const { message, declare } = found
        // One ARG serves the whole stage.
        const edits = declare && !offered.has(name) ? [argBefore(scope, name)] : undefined
        offered.add(name)
        yield { at: text.part(from, to), message, ...(edits && { edits }) }
      }
    }
  },

  bad: {
    Dockerfile: `ARG VERSION=1.4.2
FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY dist/app-$VERSION /usr/local/bin/app
USER nobody
`
  },
  good: {
    Dockerfile: `ARG VERSION=1.4.2
FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
ARG VERSION
COPY dist/app-$VERSION /usr/local/bin/app
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

/** Instructions whose variables the builder expands. RUN, CMD and ENTRYPOINT leave them to the shell. */
const usesVariable = ({ keyword, body, flags }: Instruction): boolean =>
  EXPANDED.has(keyword) && [body, ...flags.map(({ value }) => value)].some(({ value }) => value.includes('$'))

const EXPANDED = new Set(['ADD', 'COPY', 'ENV', 'EXPOSE', 'LABEL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'])

/** What BuildKit knows of the platforms; a stage sees it only after ARG. */
const PLATFORM = /^(TARGET|BUILD)(PLATFORM|OS|OSVERSION|ARCH|VARIANT)$|^TARGETSTAGE$/
/** Always there, declared or not. */
const GIVEN = /^(https?|ftp|no|all)_proxy$/i

function* referencesOf(
  dockerfile: Dockerfile,
  { body, flags }: Instruction
): Iterable<{ text: Instruction['body']; reference: Reference }> {
  for (const { name, value } of flags)
    if (name === 'chown' || name === 'chmod')
      for (const reference of referencesIn(value.value, dockerfile.escape)) yield { text: value, reference }
  for (const reference of referencesIn(body.value, dockerfile.escape)) yield { text: body, reference }
}

interface Found {
  message: string
  /** An ARG in the stage makes it known. */
  declare?: true
}

function problemOf(name: string, scope: Scope, globals: Set<string>): Found | undefined {
  const { complete, image } = scope
  if (GIVEN.test(name)) return undefined
  if (PLATFORM.test(name))
    return { message: `${name} is empty here: a stage sees it only after ARG ${name}`, declare: true }
  if (globals.has(name)) {
    // Images of a language have its version in a variable of that name.
    if (!complete && isOf(name, image)) return undefined
    return {
      message: `${name} is declared before FROM: a stage sees it only after ARG ${name}`,
      declare: true
    }
  }
  const meant = nearTo(name, scope.names())
  if (complete)
    return { message: meant ? `nothing sets ${name}: ${meant} is set` : `nothing sets ${name}: it is empty here` }
  if (!meant || name.length < 5 || isOf(name, image)) return undefined
  return { message: `nothing here sets ${name}: ${meant} is set` }
}

function argBefore({ instruction }: Scope, name: string): Edit {
  const { at } = instruction
  return { at: beforeOf(at), text: `ARG ${name}\n` }
}

/** `NODE_VERSION` of `node`, `GOPATH` of `golang`. */
function isOf(name: string, image: string): boolean {
  const [base = ''] = image.slice(image.lastIndexOf('/') + 1).split(/[:@]/)
  return base.toLowerCase().slice(0, 2) === name.toLowerCase().slice(0, 2)
}

const MAX_NAMES = 300

/** A name that differs by one letter, or by two that changed places. */
function nearTo(name: string, names: Iterable<string>): string | undefined {
  if (isOneSlip(name, 'PATH')) return 'PATH'
  let left = MAX_NAMES
  for (const other of names) {
    if (left-- === 0) return undefined
    if (isOneSlip(name, other) && !isNumbered(name, other)) return other
  }
  return undefined
}

/** One letter more, less or another, or two neighbours that changed places. */
function isOneSlip(one: string, other: string): boolean {
  if (one === other || Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  let end = 0
  const most = Math.min(one.length, other.length) - start
  while (end < most && one.at(-1 - end) === other.at(-1 - end)) end++
  const left = one.slice(start, one.length - end)
  const right = other.slice(start, other.length - end)
  if (left.length < 2 && right.length < 2) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}

/** `MIRROR1` and `MIRROR2` are two of a kind, not one and a slip. */
const isNumbered = (one: string, other: string): boolean => one.replace(/\d/g, '') === other.replace(/\d/g, '')
