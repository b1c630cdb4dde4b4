import { fstatSync, readFileSync, statSync, writeSync } from 'node:fs'
import type { Asked } from './cli.js'
import { chosen, inspect, allRules as rules, today } from './inspect.js'
import type { Inspection, Source } from './model.js'
import { CONFIG_PATH, loadPolicy, type Policy } from './policy.js'
import { printable } from './report/escape.js'
import { terminal } from './report/terminal.js'
import { exitCode } from './report/words.js'
import { decode } from './source/decode.js'
import { matchesId, nearest, quoted } from './words.js'

/** Prints the rules, a line each or as the documentation page. */
export async function listRules(markdown: boolean): Promise<number> {
  if (markdown) return write((await import('./report/rules.js')).rulesMarkdown(rules))
  const width = Math.max(...rules.map(rule => rule.id.length))
  const line = (words: string[]) => `${words.join('  ')}\n`
  return write(
    rules
      .map(({ id, severity, preset, title }) => line([id.padEnd(width), severity.padEnd(7), preset.padEnd(11), title]))
      .join('')
  )
}

/** Prints one rule: what it finds, why it matters, what is right, an example of both. */
export async function explain(id: string): Promise<number> {
  const rule = rules.find(each => each.id === id)
  if (!rule) throw new Error(`no rule is called ${quoted(id)}: ${hintFor(id)}`)
  const { ruleMarkdown, ruleText } = await import('./report/rules.js')
  return write(process.stdout.isTTY ? ruleText(rule) : ruleMarkdown(rule))
}

/** Inspects a folder or a pull request and prints the report. Returns the exit code, the same in every format. */
export async function check(asked: Asked, folder: Source | undefined): Promise<number> {
  const first = await inspected(asked, folder)
  const { publish } = first
  const inspection = asked.fix ? await mended(asked, first.inspection) : first.inspection
  if (isEmpty(inspection)) inspection.verdict.notices.unshift(EMPTY)
  await write(await report(inspection, asked))
  if (publish && asked.publish) for (const line of await publish(inspection)) process.stderr.write(`${line}\n`)
  return exitCode(inspection)
}

/** Prints the gate of a folder or a pull request. What it lets through is no failure here. */
export async function drawGate(asked: Asked, folder: Source | undefined): Promise<number> {
  const { inspection } = await inspected(asked, folder)
  const { repo, verdict } = inspection
  if (verdict.failed !== undefined) throw new Error(printable(verdict.failed))
  const gate = (await import('./gate.js')).gateOf(repo, verdict.findings)
  if (gate && asked.format === 'markdown')
    return write((await import('./report/gate-diagram.js')).gateMarkdown(gate).trimStart())
  return write((await import('./report/gate-text.js')).gateText(gate, onScreen()))
}

async function inspected(asked: Asked, folder: Source | undefined) {
  const log = (message: string) => {
    if (process.stderr.isTTY) process.stderr.write(`${message}\n`)
  }
  for (const pattern of asked.rules ?? [])
    if (!rules.some(({ id }) => matchesId(id, pattern)))
      throw new Error(`--rule ${quoted(pattern)} matches no rule: ${hintFor(pattern)}`)
  const pull = asked.pullRequest === undefined ? undefined : await pullRequest(asked.pullRequest, log)
  const source = pull?.source ?? folder
  if (!source) throw new Error('neither a folder nor a pull request to inspect')
  const text = asked.config === undefined ? undefined : configFile(asked.config)
  const policy = loadPolicy(source, rules, {
    ...(text !== undefined && { path: asked.config ?? CONFIG_PATH, text }),
    inputs: { preset: asked.preset }
  }).then(read => mustAsk(asked.rules, read))
  // Who inspects a folder of his own is its author.
  const now = { today: today(), authorMayWrite: pull?.authorMayWrite ?? 'yes' } as const
  const inspection = await inspect(source, policy, now, asked.rules ? { only: asked.rules } : {})
  return { inspection, publish: pull?.publish }
}

/** Applies edits to the folder and inspects it again, as it is then. */
async function mended(asked: Asked, inspection: Inspection): Promise<Inspection> {
  const { repo, verdict } = inspection
  if (verdict.failed !== undefined) {
    verdict.notices.push('nothing was fixed: what the config asks for is not known')
    return inspection
  }
  const { fix, isSafe } = await import('./fixes.js')
  const { texts, done, refused } = await fix(inspection, finding => asked.fix === 'all' || isSafe(finding))
  if (!texts.size) return { ...inspection, fixes: { done, refused } }
  const { writeTexts } = await import('./source/write.js')
  const changes = [...texts].map(([path, after]) => [path, { before: repo.texts.get(path) ?? '', after }] as const)
  const left = await writeTexts(asked.path, new Map(changes))
  const leftOut = done.flatMap(finding => {
    const path = finding.edits?.find(({ at }) => left.has(at.path))?.at.path
    return path === undefined ? [] : [{ finding, why: `${path} was left alone: ${left.get(path)}` }]
  })
  const isLeftOut = new Set(leftOut.map(({ finding }) => finding))
  const { folderSource } = await import('./source/folder.js')
  const source = await folderSource(asked.path, asked.base === undefined ? {} : { base: asked.base })
  const after = (await inspected(asked, source)).inspection
  const fixes = { done: done.filter(finding => !isLeftOut.has(finding)), refused: [...leftOut, ...refused] }
  return { ...after, fixes }
}

async function report(inspection: Inspection, { format, timing }: Asked): Promise<string> {
  const { fixes } = inspection
  const told = fixes ? (await import('./report/fixes.js')).fixesText(fixes) : ''
  if (format === 'terminal') return told + terminal(inspection, { ...onScreen(), timing })
  if (format === 'json') return (await import('./report/json.js')).json(inspection)
  // What else is printed is read by programs, or posted.
  if (told) process.stderr.write(told)
  if (format === 'sarif') {
    const { offered } = await import('./fixes.js')
    return (await import('./report/sarif.js')).sarif(inspection, await offered(inspection))
  }
  if (format === 'markdown') return (await import('./report/markdown.js')).markdown(inspection)
  const { annotations } = await import('./report/annotations.js')
  const { commandData } = await import('./report/escape.js')
  const { failed } = inspection.verdict
  const ours = failed === undefined ? [] : [`::error title=Pipeline Hygiene::${commandData(printable(failed))}`]
  return [...ours, ...annotations(inspection)].map(line => `${line}\n`).join('')
}

/** Colours and width of where it is printed. */
function onScreen(): { color: boolean; width?: number } {
  const { NO_COLOR, FORCE_COLOR } = process.env
  const { isTTY, columns } = isScreen() ? process.stdout : { isTTY: false }
  const color = !NO_COLOR && (isTTY || (FORCE_COLOR !== undefined && FORCE_COLOR !== '0'))
  return { color, ...(columns && { width: columns }) }
}

async function pullRequest(written: string, log: (message: string) => void) {
  const [name = '', number = ''] = written.split('#')
  const [owner = '', repo = ''] = name.split('/')
  const token = process.env.GITHUB_TOKEN || process.env.GH_TOKEN
  if (!token) throw new Error('--pull-request reads through the API: set GITHUB_TOKEN or GH_TOKEN')
  const { openPullRequest } = await import('./pull-request.js')
  return openPullRequest({ owner, repo, number: Number(number), token, log })
}

function configFile(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new Error(`the config ${path} cannot be read: ${(error as Error).message}`)
  }
  const text = decode(bytes, path)
  if (typeof text === 'string') return text
  throw new Error(`the config ${path} ${text.reason}`)
}

// Patterns choose among the rules that are on: with none of them on, nothing would be asked and everything would pass.
function mustAsk(patterns: string[] | undefined, policy: Policy): Policy {
  if (!patterns || policy.problems.length || chosen(policy.config, patterns).length) return policy
  const written = patterns.map(quoted).join(', ')
  throw new Error(`no rule that --rule ${written} matches is on: name the rule in full, or say --preset all`)
}

const EMPTY = 'there is nothing to look at: no workflow, action, Dockerfile, Compose file or Kubernetes manifest'
const isEmpty = ({ repo }: Inspection): boolean =>
  repo.looked.every(({ kind }) => kind === 'script' || kind === 'codeowners' || kind === 'ignore-file')

/** Waits until everything is written: a pipe may take a report in pieces. A reader who has seen enough is no failure. */
async function write(text: string): Promise<number> {
  const left = isScreen() ? text : writtenAtOnce(text)
  if (!left.length) return 0
  process.stdout.on('error', error => {
    if (!isClosed(error)) throw error
  })
  await new Promise<void>((resolve, reject) =>
    process.stdout.write(left, error => (error && !isClosed(error) ? reject(error) : resolve()))
  )
  return 0
}

/** Writes to a file or pipe without the stream, which takes a millisecond to make. Returns what a full pipe did not take. */
function writtenAtOnce(text: string): Uint8Array {
  let left: Uint8Array = Buffer.from(text)
  try {
    while (left.length) left = left.subarray(writeSync(STDOUT, left))
  } catch (error) {
    if (isClosed(error)) return new Uint8Array()
    // Whoever reads set the pipe to answer at once.
    if (codeOf(error) !== 'EAGAIN') throw error
  }
  return left
}

const STDOUT = 1
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
const isClosed = (error: unknown) => codeOf(error) === 'EPIPE'

/** May somebody be looking? Devices other than the one that swallows everything are taken for a terminal. */
function isScreen(): boolean {
  const stat = fstatSync(STDOUT)
  return stat.isCharacterDevice() && stat.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev
}

function hintFor(id: string): string {
  const all = rules.map(rule => rule.id)
  const last = id.split('/').pop() || id
  const alike = nearest(
    last,
    all.map(each => each.split('/').pop() ?? each)
  )
  const meant = nearest(id, all) ?? all.filter(each => each.endsWith(`/${alike}`) || each.includes(last))
  const near = [meant].flat().slice(0, 3)
  return near.length ? `did you mean ${near.join(' or ')}?` : 'pipeline-hygiene rules lists them'
}
