import { isLicence } from '../../data/spdx.js'
import type { Dockerfile, Options, Problem, Stage, Variable } from '../../model.js'
import { rule } from '../../rule.js'
import { actingOf, expand, variablesOf } from '../../stages.js'
import { quoted } from '../../words.js'

export default rule({
  id: 'dockerfile/label-schema',
  title: 'Labels are not as agreed',
  why: 'Registries, scanners and dashboards find owner, version and licence of an image by its labels.',
  fix: 'Set the labels that the config asks for, each with a value of its kind.',
  severity: 'warning',
  topic: 'style',
  preset: 'all',
  over: 'dockerfile',
  options: {
    labels: {
      type: 'map',
      default: {},
      about:
        'labels that every image has: name to kind of value (text, url, rfc3339, spdx, hash, semver, email or rawtext)'
    },
    strict: { type: 'boolean', default: false, about: 'report labels that are not in the list too' }
  },

  *check(dockerfile, options) {
    const schema = schemaOf(options)
    const values = valuesOf(dockerfile)
    for (const { instruction } of actingOf(dockerfile, 'LABEL'))
      for (const pair of instruction.pairs) {
        const problem = problemOf(pair, value => values(value, instruction.stage), schema)
        if (problem) yield problem
      }
    yield* missing(dockerfile, [...schema.wanted.keys()])
  },

  bad: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
LABEL org.opencontainers.image.licenses="free"
USER nobody
`
  },
  good: {
    Dockerfile: `FROM debian:13.2-slim@sha256:4f77a690f2f8946ab16fe1e791a3ac0667ae1c3575c3e4d0d4589e9ed5bfaf3d
LABEL org.opencontainers.image.licenses="Apache-2.0 OR MIT"
USER 65534
`,
    '.dockerignore': `.git
`
  }
})

interface Kind {
  is: (value: string) => boolean
  /** What the value should be, for the message. */
  name: string
  hadolint: string
}

const KINDS: Record<string, Kind> = {
  url: { is: isUrl, name: 'a URL', hadolint: 'DL3052' },
  rfc3339: { is: isDate, name: 'a date and time as RFC 3339 has it', hadolint: 'DL3053' },
  spdx: { is: isLicenceExpression, name: 'a licence by its SPDX identifier', hadolint: 'DL3054' },
  hash: { is: value => /^[0-9a-f]{7,64}$/i.test(value), name: 'the hash of a commit', hadolint: 'DL3055' },
  semver: { is: isVersion, name: 'a semantic version', hadolint: 'DL3056' },
  email: { is: isMail, name: 'a mail address', hadolint: 'DL3058' }
}

/** Labels whose values the OCI image specification defines. */
const OCI: [name: string, kind: string][] = [
  ['org.opencontainers.image.created', 'rfc3339'],
  ['org.opencontainers.image.url', 'url'],
  ['org.opencontainers.image.documentation', 'url'],
  ['org.opencontainers.image.licenses', 'spdx']
]

interface Schema {
  /** Labels that are asked for, with their kinds. */
  wanted: Map<string, string>
  strict: boolean
}

function schemaOf({ labels, strict }: Options): Schema {
  const pairs = labels && typeof labels === 'object' ? Object.entries(labels) : []
  return { wanted: new Map(pairs.map(([name, kind]) => [name, String(kind).toLowerCase()])), strict: strict === true }
}

function problemOf(
  { name, value }: Variable,
  expanded: (value: string) => string | undefined,
  schema: Schema
): Problem | undefined {
  const wanted = schema.wanted.get(name.value)
  const kind = KINDS[wanted ?? OCI_KINDS.get(name.value) ?? '']
  if (wanted === undefined && !kind) {
    if (!schema.strict) return undefined
    return { at: name.at, message: `${name.value} is not among the labels agreed on`, peers: { hadolint: 'DL3050' } }
  }
  const text = expanded(value?.value ?? '')
  if (text === undefined) return undefined
  const at = value?.at ?? name.at
  const peersOf = (...ids: string[]) => (wanted === undefined ? {} : { hadolint: ids })
  if (!text)
    return { at, message: `${name.value} is empty`, peers: peersOf('DL3051', ...(kind ? [kind.hadolint] : [])) }
  if (!kind || kind.is(text)) return undefined
  return { at, message: `${quoted(text)} in ${name.value} is not ${kind.name}`, peers: peersOf(kind.hadolint) }
}

const OCI_KINDS = new Map(OCI)

type Values = (value: string, stage: Stage | undefined) => string | undefined

const MAX_STAGES = 100

/** Gives values with the defaults of their variables; undefined where only the build knows them. */
function valuesOf(dockerfile: Dockerfile): Values {
  const known = new Map<Stage, ReturnType<typeof variablesOf>>()
  return (value, stage) => {
    if (!value.includes('$')) return value
    if (!stage) return undefined
    let variables = known.get(stage)
    if (!variables) {
      if (known.size === MAX_STAGES) return undefined
      variables = variablesOf(dockerfile, stage)
      known.set(stage, variables)
    }
    return expand(value, name => variables.get(name), dockerfile.escape)
  }
}

/**
 * Images without a label that is asked for: stages that no other copies from. One that a labelled stage builds on is part
 * of it, and what a stage builds on gives it its labels.
 */
function* missing({ stages }: Dockerfile, labels: string[]): Iterable<Problem> {
  const children = new Map<Stage, Stage[]>()
  const copied = new Set<Stage>()
  for (const stage of stages) {
    if (stage.parent) {
      const list = children.get(stage.parent)
      if (list) list.push(stage)
      else children.set(stage.parent, [stage])
    }
    for (const other of stage.needs) if (other !== stage.parent) copied.add(other)
  }
  for (const stage of stages.toReversed()) if (children.get(stage)?.every(child => copied.has(child))) copied.add(stage)
  for (const label of labels) {
    const labelled = new Set<Stage>()
    for (const stage of stages)
      if ((stage.parent && labelled.has(stage.parent)) || sets(stage, label)) labelled.add(stage)
    const covered = new Set(labelled)
    for (const stage of stages.toReversed()) if (covered.has(stage) && stage.parent) covered.add(stage.parent)
    for (const stage of stages) {
      if (covered.has(stage) || copied.has(stage)) continue
      // Labels do not come along with copied files, though hadolint counts them.
      const counted = stage.needs.some(other => labelled.has(other))
      yield {
        at: stage.image.at,
        message: `the image has no label ${label}`,
        key: label,
        peers: counted ? {} : { hadolint: 'DL3049' }
      }
    }
  }
}

const sets = ({ instructions }: Stage, label: string): boolean =>
  instructions.some(({ keyword, pairs }) => keyword === 'LABEL' && pairs.some(({ name }) => name.value === label))

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]{0,20}:\S/i.test(value) && URL.canParse(value)
}

function isDate(value: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,12})?([Zz]|[+-]\d\d:\d\d)$/.exec(value)
  if (!match) return false
  const [, year, month, day, hour, minute, second] = match.map(Number)
  const days = new Date(Date.UTC(year!, month!, 0)).getUTCDate()
  return month! >= 1 && month! <= 12 && day! >= 1 && day! <= days && hour! < 24 && minute! < 60 && second! <= 60
}

const NUMBER = '(?:0|[1-9]\\d{0,15})'
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-([0-9A-Za-z.-]{1,99}))?(?:\\+([0-9A-Za-z.-]{1,99}))?$`
)

function isVersion(value: string): boolean {
  const match = VERSION.exec(value)
  if (!match) return false
  const before = match[1]?.split('.') ?? []
  const build = match[2]?.split('.') ?? []
  return ![...before, ...build].includes('') && !before.some(part => /^0\d+$/.test(part))
}

function isMail(value: string): boolean {
  return value.length < 255 && /^[^\s@<>"(),:;[\]\\]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){0,20}$/i.test(value)
}

const MAX_EXPRESSION = 2000

/** `A`, `A+`, `A WITH exception`, joined by AND and OR, in parentheses. */
function isLicenceExpression(value: string): boolean {
  if (value.length > MAX_EXPRESSION) return false
  const words = value.replace(/[()]/g, ' $& ').trim().split(/\s+/)
  let depth = 0
  let wantsId = true
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (wantsId && word === '(') depth++
    else if (wantsId) {
      if (!isLicence(word.replace(/\+$/, '')) && !/^(DocumentRef-[\w.-]{1,99}:)?LicenseRef-[\w.-]{1,99}$/.test(word))
        return false
      if (words[at + 1]?.toUpperCase() === 'WITH') {
        if (!/^[\w.-]{3,99}$/.test(words[at + 2] ?? '')) return false
        at += 2
      }
      wantsId = false
    } else if (word === ')') {
      if (--depth < 0) return false
    } else if (/^(AND|OR)$/i.test(word)) wantsId = true
    else return false
  }
  return !wantsId && depth === 0
}
