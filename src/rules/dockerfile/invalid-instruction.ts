import type { Dockerfile, Instruction, Place } from '../../model.js'
import { rule } from '../../rule.js'
import { nearest, oneOf, quoted } from '../../words.js'

export default rule({
  id: 'dockerfile/invalid-instruction',
  title: 'Docker refuses an instruction',
  why: 'The file is not built at all: Docker stops at the first instruction that it cannot read.',
  fix: 'Mend what the message names.',
  severity: 'error',
  topic: 'correctness',
  preset: 'recommended',
  over: 'dockerfile',

  *check(dockerfile) {
    yield* directivesOf(dockerfile)
    // Without FROM it may be no Dockerfile, and another syntax may have instructions of its own.
    if (!dockerfile.stages.length || hasOtherSyntax(dockerfile)) return
    for (const instruction of dockerfile.instructions) {
      const acting = instruction.onbuild ?? instruction
      if (instruction.keyword === 'ONBUILD' && !instruction.onbuild)
        yield { at: instruction.keywordAt, message: 'ONBUILD needs an instruction' }
      else yield* faultsOf(acting)
    }
  },

  bad: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPPY report.sh /usr/local/bin/report
USER 65532
ENTRYPOINT ["report"]
`
  },
  good: {
    Dockerfile: `FROM acme/runtime:1.4.2@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
COPY report.sh /usr/local/bin/report
USER 65532
HEALTHCHECK NONE
ENTRYPOINT ["report"]
`,
    '.dockerignore': `.git
`
  }
})

interface Fault {
  at: Place
  message: string
}

function* directivesOf({ directives }: Dockerfile): Iterable<Fault> {
  const lines = new Map<string, number>()
  for (const { name, value, at } of directives) {
    const line = lines.get(name)
    if (line !== undefined) yield { at, message: `the directive ${name} stands on line ${line} already` }
    else lines.set(name, at.line)
    if (name === 'escape' && value.value !== '\\' && value.value !== '`')
      yield { at: value.at, message: `${quoted(value.value)} is no escape character: \\ and \` are` }
  }
}

const hasOtherSyntax = ({ directives }: Dockerfile): boolean =>
  directives.some(
    ({ name, value }) =>
      name === 'syntax' && !/^(docker\.io\/)?docker\/dockerfile(-upstream)?([:@]|$)/.test(value.value)
  )

/** Flags by instruction. ADD, COPY, FROM, HEALTHCHECK and RUN have some, the others none. */
const FLAGS: Record<string, string[]> = {
  ADD: ['checksum', 'chmod', 'chown', 'exclude', 'keep-git-dir', 'link', 'unpack'],
  ARG: [],
  CMD: [],
  COPY: ['chmod', 'chown', 'exclude', 'from', 'link', 'parents'],
  ENTRYPOINT: [],
  ENV: [],
  EXPOSE: [],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'retries', 'start-interval', 'start-period', 'timeout'],
  LABEL: [],
  MAINTAINER: [],
  ONBUILD: [],
  RUN: ['device', 'mount', 'network', 'security'],
  SHELL: [],
  STOPSIGNAL: [],
  USER: [],
  VOLUME: [],
  WORKDIR: []
}
const SWITCHES = new Set(['keep-git-dir', 'link', 'parents', 'unpack'])
const REPEATED = new Set(['device', 'exclude', 'mount'])
const KEYWORDS = new Map(Object.keys(FLAGS).map(keyword => [keyword.toLowerCase(), keyword]))

/** Instructions that Docker takes without an argument, or that lose their command by it. */
const MAY_BE_EMPTY = new Set(['CMD', 'ENTRYPOINT', 'RUN'])

function* faultsOf(instruction: Instruction): Iterable<Fault> {
  const { keyword, keywordAt, args, heredocs } = instruction
  const known = FLAGS[keyword]
  if (!known) {
    const meant = KEYWORDS.get(nearest(keyword, KEYWORDS.keys()) ?? '')
    yield { at: keywordAt, message: `there is no instruction ${quoted(keyword)}${meant ? `: ${meant} is one` : ''}` }
    return
  }
  yield* flagsOf(instruction, known)
  if (!args.length && !heredocs.length) {
    if (!MAY_BE_EMPTY.has(keyword)) yield { at: keywordAt, message: `${keyword} needs an argument` }
    return
  }
  const check = CHECKS[keyword]
  if (check) yield* check(instruction)
}

function* flagsOf({ keyword, flags, args }: Instruction, known: string[]): Iterable<Fault> {
  // Docker does not look at the flags of these.
  if (keyword === 'STOPSIGNAL' || (keyword === 'HEALTHCHECK' && args[0]?.value.toUpperCase() === 'NONE')) return
  const seen = new Set<string>()
  for (const { name, value, at } of flags) {
    if (!known.includes(name)) {
      const meant = nearest(name, known)
      const hint = meant ? `: --${meant} is one` : known.length ? '' : ', and none at all'
      yield { at, message: `${keyword} has no flag ${quoted(`--${name}`)}${hint}` }
      continue
    }
    if (seen.has(name) && !REPEATED.has(name)) yield { at, message: `--${name} is given twice` }
    seen.add(name)
    const isBare = at.line === at.endLine && at.endColumn - at.column === name.length + 2
    if (isBare && !SWITCHES.has(name)) yield { at, message: `--${name} needs its value behind an equals sign` }
    else if (!isBare && SWITCHES.has(name) && !/^(true|false)$/i.test(value.value))
      yield { at, message: `--${name} is true or false` }
  }
}

const CHECKS: Record<string, (instruction: Instruction) => Iterable<Fault>> = {
  ADD: destinationOf,
  COPY: destinationOf,
  ENV: pairsOf,
  LABEL: pairsOf,

  *FROM({ args }) {
    const [, as, name, more] = args
    if (!as) return
    if (more?.value.startsWith('#')) yield { at: more.at, message: 'a comment needs a line of its own' }
    else if (more) yield { at: more.at, message: 'FROM ends after the name of the stage' }
    else if (as.value.startsWith('#')) yield { at: as.at, message: 'a comment needs a line of its own' }
    else if (as.value.toLowerCase() !== 'as')
      yield { at: as.at, message: `FROM image is followed by AS, not by ${quoted(as.value)}` }
    else if (!name) yield { at: as.at, message: 'AS needs the name of the stage' }
    else if (!/^[a-z][a-z0-9_.-]*$/i.test(name.value))
      yield {
        at: name.at,
        message: `${quoted(name.value)} cannot be the name of a stage: a letter, then letters, digits and _ . -`
      }
  },

  *HEALTHCHECK({ args }) {
    const [type, ...rest] = args
    const word = type!.value.toUpperCase()
    if (word === 'NONE' && rest[0]) yield { at: rest[0].at, message: 'HEALTHCHECK NONE takes no argument' }
    else if (word === 'CMD' && !rest.length) yield { at: type!.at, message: 'HEALTHCHECK CMD needs a command' }
    else if (word !== 'NONE' && word !== 'CMD')
      yield {
        at: type!.at,
        message: `HEALTHCHECK is followed by ${oneOf(['CMD', 'NONE'])}, not by ${quoted(type!.value)}`
      }
  },

  *SHELL({ json, args }) {
    if (!json) yield { at: args[0]!.at, message: 'SHELL needs a JSON array: ["/bin/bash", "-c"]' }
  }
}

function* destinationOf({ args, heredocs, keyword }: Instruction): Iterable<Fault> {
  if (args.length === 1 && heredocs.length < 2)
    yield { at: args[0]!.at, message: `${keyword} needs a source and a destination` }
}

/** `ENV name value` is one pair; where the first word has an equals sign, every word needs one. */
function* pairsOf({ keyword, pairs }: Instruction): Iterable<Fault> {
  for (const { name, value, at } of pairs) {
    if (!value) {
      const message =
        pairs.length > 1
          ? `${quoted(name.value)} is no pair: blanks in a value need quotes`
          : `${keyword} needs a name and a value`
      yield { at, message }
    } else if (!name.value) yield { at, message: `${keyword} has a value without a name` }
  }
}
