import { readFile } from 'node:fs/promises'
import type { Asked } from './cli.js'
import { inspect, allRules as rules, today } from './inspect.js'
import type { Inspection, Source } from './model.js'
import { loadPolicy } from './policy.js'
import { ruleMarkdown, rulesMarkdown, ruleText } from './report/rules.js'
import { exitCode } from './report/words.js'

/** Prints the rules, a line each or as the documentation page. */
export async function listRules(markdown: boolean): Promise<number> {
  if (markdown) return write(rulesMarkdown(rules))
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
  if (!rule) throw new Error(`no rule is called ${id}${nearest(id)}: the command rules lists them`)
  return write(process.stdout.isTTY ? ruleText(rule) : ruleMarkdown(rule))
}

/** Inspects what is asked for and prints the report. Returns the exit code, the same in every format. */
export async function check(asked: Asked): Promise<number> {
  const onTerminal = process.stderr.isTTY === true
  const log = (message: string) => {
    if (onTerminal) process.stderr.write(`${message}\n`)
  }
  const pull = asked.pullRequest === undefined ? undefined : await pullRequest(asked.pullRequest, log)
  const source = pull?.source ?? (await folder(asked))
  const text = asked.config === undefined ? undefined : await configFile(asked.config)
  const policy = loadPolicy(source, rules, { ...(text !== undefined && { text }), inputs: { preset: asked.preset } })
  // Who inspects a folder of his own is its author.
  const now = { today: today(), authorMayWrite: pull?.authorMayWrite ?? 'yes' } as const
  const inspection = await inspect(source, policy, now, asked.rules ? { only: asked.rules } : {})
  await write(await report(inspection, asked))
  if (pull && asked.publish) for (const line of await pull.publish(inspection)) process.stderr.write(`${line}\n`)
  return exitCode(inspection)
}

async function report(inspection: Inspection, { format, timing }: Asked): Promise<string> {
  if (format === 'json') return (await import('./report/json.js')).json(inspection)
  if (format === 'sarif') return (await import('./report/sarif.js')).sarif(inspection)
  if (format === 'markdown') return (await import('./report/markdown.js')).markdown(inspection)
  if (format === 'github') {
    const { annotations } = await import('./report/annotations.js')
    return annotations(inspection)
      .map(line => `${line}\n`)
      .join('')
  }
  const { terminal } = await import('./report/terminal.js')
  const { NO_COLOR, FORCE_COLOR } = process.env
  const color = !NO_COLOR && (process.stdout.isTTY === true || (FORCE_COLOR !== undefined && FORCE_COLOR !== '0'))
  return terminal(inspection, { color, timing, ...(process.stdout.columns && { width: process.stdout.columns }) })
}

async function folder(asked: Asked): Promise<Source> {
  const { folderSource } = await import('./source/folder.js')
  return folderSource(asked.path, asked.base === undefined ? {} : { base: asked.base })
}

async function pullRequest(written: string, log: (message: string) => void) {
  const [name = '', number = ''] = written.split('#')
  const [owner = '', repo = ''] = name.split('/')
  const token = process.env.GITHUB_TOKEN || process.env.GH_TOKEN
  if (!token) throw new Error('--pull-request reads through the API: set GITHUB_TOKEN or GH_TOKEN')
  const { openPullRequest } = await import('./pull-request.js')
  return openPullRequest({ owner, repo, number: Number(number), token, log })
}

async function configFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new Error(`the config ${path} cannot be read`)
  })
}

/** Waits until everything is written: a pipe may take a report in pieces. */
async function write(text: string): Promise<number> {
  await new Promise<void>((resolve, reject) => process.stdout.write(text, error => (error ? reject(error) : resolve())))
  return 0
}

function nearest(id: string): string {
  const last = id.split('/').pop() || id
  const near = rules.filter(rule => rule.id.includes(last)).map(rule => rule.id)
  return near.length ? ` (did you mean ${near.slice(0, 3).join(' or ')}?)` : ''
}
