import type { Action, Comment, Dependabot, Dockerfile, Instruction, PeerIds, Place, Step, Workflow } from './model.js'
import { listOf, mapOf } from './parse/yaml.js'
import { ALL, checkOptions, cutAt, trivyId } from './peers.js'

/** A comment that quiets findings of another tool, and so ours of the same problem. */
export interface PeerComment {
  at: Place
  text: string
  peer: PeerIds
  reach: Reach
  /** Lines of the findings that it speaks for: those that begin there, or with `touching` all that reach there. */
  from: number
  to: number
  touching?: true
}

/**
 * `file`: all of it. `stage`: the stage that begins on the next line. `next`: the instruction that begins on the next line.
 * `below`: the instruction below the block of comments, or the one that the comment stands in. `around`: the step, job or
 * update that holds the comment.
 */
type Reach = 'file' | 'stage' | 'next' | 'below' | 'around'

interface Said {
  ids: Iterable<string>
  except?: Iterable<string> | undefined
  reach: Reach
}

/** How one tool's comments are understood. Another tool is another row. */
interface Reader {
  tool: string
  /** How they are written, and what they quiet: for the documentation. */
  forms: Record<string, string>
  /** Behind a command too, where a shell sees the comment. */
  trailing?: true
  /** Whose comments stand in workflows, actions and Dependabot files. */
  yaml?: true
  /** `text` is a comment without its marker, or a directive at the top of the file. */
  read(text: string, isDirective: boolean): Said | undefined
}

/** Whoever means more says so of a file or a tool; each is told where a pull request brings it. */
const MAX_IDS = 100

export const READERS: Reader[] = [
  {
    tool: 'hadolint',
    forms: {
      '# hadolint ignore=DL3006,SC2016': 'the instruction on the next line',
      '# hadolint stage ignore=DL3006': 'the stage whose FROM is on the next line',
      '# hadolint global ignore=DL3006': 'the file'
    },
    read(text) {
      const [, where, list] = /^hadolint[ \t]+(?:(stage|global)[ \t]+)?ignore[ \t]*=(.*)$/.exec(text) ?? []
      if (list === undefined) return undefined
      const ids = cutAt(list, '#')
        .split(',')
        .map(id => id.trim())
      // One word that is no rule, and hadolint takes the whole for prose.
      if (!ids.every(id => /^(DL|SC)\d{1,6}$/.test(id))) return undefined
      return { ids, reach: where === 'stage' ? 'stage' : where === 'global' ? 'file' : 'next' }
    }
  },
  {
    tool: 'buildkit',
    forms: {
      '# check=skip=JSONArgsRecommended // why': 'the file, as a directive at its top; else the instruction below',
      '# check=skip=all;experimental=…': 'the same for all but what `experimental` names'
    },
    read(text, isDirective) {
      const [, options] = /^check[ \t]*=(.*)$/i.exec(text) ?? []
      const read = options === undefined ? undefined : checkOptions(options)
      return read && { ...read, reach: isDirective ? 'file' : 'below' }
    }
  },
  {
    tool: 'trivy',
    forms: {
      '#trivy:ignore:DS-0002 #trivy:ignore:AVD-DS-0001':
        'the instruction below, or that whose command it ends; not where `:exp:` says until when'
    },
    trailing: true,
    read(text) {
      if (!text.startsWith('trivy:ignore:')) return undefined
      const said = [...text.matchAll(/(?:^|[\s#])trivy:ignore:([\w*-]+)(:exp:)?/g)]
      // Whether a date has passed is not asked here, so a dated one does not count.
      const ids = said.flatMap(([, id = '', expires]) => (expires ? [] : id === ALL ? ALL : trivyId(id)))
      return { ids, reach: 'below' }
    }
  },
  {
    tool: 'checkov',
    forms: { '#checkov:skip=CKV_DOCKER_2:why': 'the file, wherever it stands' },
    read(text) {
      const [, id] = /^(?:checkov|bridgecrew):skip=[ \t]*([A-Za-z_\d]+)/.exec(text) ?? []
      return id === undefined ? undefined : { ids: [id], reach: 'file' }
    }
  },
  {
    tool: 'zizmor',
    forms: { '# zizmor: ignore[template-injection,artipacked] why': 'the line, and the step, job or update around it' },
    yaml: true,
    read(text) {
      const [, list] = /(?:^|#)[ \t]*zizmor:[ \t]*ignore\[([a-z, \t-]{1,1000})\]/.exec(text) ?? []
      return list === undefined ? undefined : { ids: list.split(',').map(id => id.trim()), reach: 'around' }
    }
  }
]

/** A comment as a reader gets it, and where it stands: behind a command, at the top of the file, or on a line of its own. */
interface Written extends Comment {
  is: 'trailing' | 'directive' | 'comment'
}

/** The comments of a Dockerfile that other tools take for a request to be quiet. */
export function peerCommentsOf(dockerfile: Dockerfile, text = ''): PeerComment[] {
  let lines: Lines | undefined
  const read = ({ tool, trailing, read }: Reader, { text, at, is }: Written): PeerComment | [] => {
    const said = is === 'trailing' && !trailing ? undefined : read(text, is === 'directive')
    if (!said) return []
    lines ??= new Lines(dockerfile)
    const reached = lines.reachedBy(said.reach, at)
    const ids = new Set([...said.ids].slice(0, MAX_IDS))
    if (!reached || !ids.size) return []
    return { at, text, peer: { tool, ids, except: new Set(said.except) }, reach: said.reach, ...reached }
  }
  const written: Written[] = [
    ...dockerfile.directives.map(({ name, value, at }) => ({
      text: `${name}=${value.value}`,
      at,
      is: 'directive' as const
    })),
    ...dockerfile.comments.map(comment => ({ ...comment, is: 'comment' as const })),
    ...trailingOf(dockerfile, text)
  ]
  return written.flatMap(comment => READERS.flatMap(reader => (reader.yaml ? [] : read(reader, comment))))
}

/** The same of a YAML file. */
export function peerCommentsIn(file: Workflow | Action | Dependabot): PeerComment[] {
  let spans: Map<number, Span> | undefined
  const readers = READERS.filter(({ yaml }) => yaml)
  return file.comments.flatMap(({ text, at }) =>
    readers.flatMap(({ tool, read }): PeerComment | [] => {
      // Most comments say nothing to a tool.
      const said = text.includes(tool) && read(text, false)
      if (!said) return []
      const ids = new Set([...said.ids].filter(Boolean).slice(0, MAX_IDS))
      spans ??= spansOf(file)
      const { from, to } = spans.get(at.line) ?? { from: at.line, to: at.line }
      return ids.size ? { at, text, peer: { tool, ids }, reach: said.reach, from, to, touching: true } : []
    })
  )
}

type Span = Pick<PeerComment, 'from' | 'to'>

/** What surrounds each line: the step or update that holds it; beside the key of a job all of that. */
function spansOf(file: Workflow | Action | Dependabot): Map<number, Span> {
  const spans = new Map<number, Span>()
  const jobs = 'jobs' in file ? file.jobs : []
  const steps: Step[] = 'jobs' in file ? jobs.flatMap(job => job.steps) : 'steps' in file ? file.steps : []
  const updates = listOf(file.yaml.get('updates'))?.items.flatMap(item => mapOf(item) ?? []) ?? []
  for (const { at } of [...steps, ...updates]) {
    const to = at.endColumn > 1 ? at.endLine : at.endLine - 1
    for (let line = at.line; line <= to; line++) if (!spans.has(line)) spans.set(line, { from: at.line, to })
  }
  for (const { at, yaml } of jobs) spans.set(at.line, { from: at.line, to: yaml.at.endLine })
  return spans
}

/** Comments behind the commands of RUN: to Docker they are part of the script, other tools see lines. */
function trailingOf({ instructions }: Dockerfile, text: string): Written[] {
  if (!READERS.some(({ trailing, tool }) => trailing && text.includes(`${tool}:`))) return []
  const lines = text.split('\n')
  return instructions.flatMap(({ keyword, at }) => {
    if (keyword !== 'RUN') return []
    return lines.slice(at.line - 1, at.endLine).flatMap((written, index) => {
      const mark = written.search(/\s#/) + 1
      if (!written.slice(0, mark).trim()) return []
      const comment = written.slice(mark + 1).trimEnd()
      const line = at.line + index
      const column = mark + 1
      const place = { path: at.path, line, column, endLine: line, endColumn: column + 1 + comment.length }
      return { text: comment.trim(), at: place, is: 'trailing' as const }
    })
  })
}

/** Where the instructions of a file stand. */
class Lines {
  readonly #beginning = new Map<number, Instruction>()
  readonly #around = new Map<number, Instruction>()

  constructor({ instructions }: Dockerfile) {
    for (const instruction of instructions) {
      this.#beginning.set(instruction.at.line, instruction)
      for (const { at } of instruction.comments) this.#around.set(at.line, instruction)
      for (let line = instruction.at.line; line <= instruction.at.endLine; line++) this.#around.set(line, instruction)
    }
  }

  reachedBy(reach: Reach, at: Place): Pick<PeerComment, 'from' | 'to'> | undefined {
    if (reach === 'file') return { from: 1, to: Number.MAX_SAFE_INTEGER }
    const instruction = reach === 'below' ? this.#around.get(at.line) : this.#beginning.get(at.line + 1)
    if (!instruction) return undefined
    const { stage } = instruction
    if (reach !== 'stage') return { from: instruction.at.line, to: instruction.at.endLine }
    if (stage?.from !== instruction) return undefined
    return { from: instruction.at.line, to: (stage.instructions.at(-1) ?? instruction).at.endLine }
  }
}
