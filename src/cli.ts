import { parseArgs } from 'node:util'
import type { Source } from './model.js'
import { folderSource } from './source/folder.js'
import { version } from './version.js'

const USAGE = `pipeline-hygiene [path]                check a folder (default: this one)
pipeline-hygiene --pull-request <owner/repo#n>
pipeline-hygiene gate [path]           which checks a merge waits for and what they prove; also with --pull-request
pipeline-hygiene rules [--markdown]    list the rules
pipeline-hygiene --explain <rule>      what a rule finds, why, and what is right

  --format <name>        terminal, json, sarif, markdown or github (default: terminal)
  --preset <name>        recommended, strict or all (default: the config's, else recommended)
  --rule <glob>          ask only the rules that match; repeatable
  --config <file>        config file instead of .github/pipeline-hygiene.yml
  --fix                  change the files where an edit keeps what happens, and look again at what is left
  --fix-all              the same with edits that are to be looked at: read the difference before you commit it
  --base <git ref>       only what is new since the merge base with this ref blocks, and is fixed
  --pull-request <ref>   inspect a pull request through the API (token from GITHUB_TOKEN or GH_TOKEN); posts nothing
  --publish              with --pull-request: post the review and the check run
  --timing               print the time each rule took
  --version, --help

Exit code: 0 nothing blocks, 1 something blocks, 2 bad usage or our own failure.`

const OPTIONS = {
  format: { type: 'string', default: 'terminal' },
  preset: { type: 'string' },
  rule: { type: 'string', multiple: true },
  config: { type: 'string' },
  fix: { type: 'boolean', default: false },
  'fix-all': { type: 'boolean', default: false },
  base: { type: 'string' },
  'pull-request': { type: 'string' },
  publish: { type: 'boolean', default: false },
  explain: { type: 'string' },
  markdown: { type: 'boolean', default: false },
  timing: { type: 'boolean', default: false },
  version: { type: 'boolean', short: 'v', default: false },
  help: { type: 'boolean', short: 'h', default: false }
} as const

/** What the command line asks for, checked. */
export interface Asked {
  path: string
  format: 'terminal' | 'json' | 'sarif' | 'markdown' | 'github'
  preset?: string
  rules?: string[]
  config?: string
  /** Which edits to apply: none, those that keep what happens, or all. */
  fix?: 'safe' | 'all'
  base?: string
  pullRequest?: string
  publish: boolean
  timing: boolean
}

/** Bad usage: told in one line, exit code 2. */
class Usage extends Error {}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = read(args)
  if (values.version) return print(version)
  if (values.help) return print(USAGE)
  if (values.explain === undefined && !(positionals[0] === 'rules' && positionals.length === 1)) {
    const drawn = positionals[0] === 'gate'
    const what = asked(values, drawn ? positionals.slice(1) : positionals)
    if (drawn) mustDraw(what)
    // Git lists the files while the rest of the program is being loaded.
    const source = what.pullRequest === undefined ? await folder(what) : undefined
    const run = await import('./run.js')
    return drawn ? run.drawGate(what, source) : run.check(what, source)
  }
  const run = await import('./run.js')
  if (values.explain !== undefined) return run.explain(values.explain)
  return run.listRules(values.markdown)
}

function folder({ path, base }: Asked): Promise<Source> {
  return folderSource(path, base === undefined ? {} : { base })
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']
const DEFAULTS = Object.fromEntries(
  Object.entries(OPTIONS).flatMap(([name, option]) => ('default' in option ? [[name, option.default]] : []))
) as unknown as Values
function read(args: string[]) {
  // A path alone is no reason to load the parser.
  if (!args.some(arg => arg.startsWith('-'))) return { values: DEFAULTS, positionals: args }
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    // Node's message names the option; its advice on positional arguments does not fit here.
    throw new Usage((error as Error).message.split('. ')[0])
  }
}

const FORMATS = ['terminal', 'json', 'sarif', 'markdown', 'github'] as const
const PRESETS = ['recommended', 'strict', 'all']

function asked(values: Values, positionals: string[]): Asked {
  const format = FORMATS.find(name => name === values.format)
  if (!format) throw new Usage(`--format is one of ${FORMATS.join(', ')}, not '${values.format}'`)
  if (values.preset !== undefined && !PRESETS.includes(values.preset))
    throw new Usage(`--preset is one of ${PRESETS.join(', ')}, not '${values.preset}'`)
  if (positionals.length > 1) throw new Usage(`one path at a time, not ${positionals.length}`)
  const pull = values['pull-request']
  if (pull !== undefined && !/^[\w.-]+\/[\w.-]+#\d+$/.test(pull))
    throw new Usage(`--pull-request is owner/repo#number, not '${pull}'`)
  if (pull !== undefined && (values.base !== undefined || positionals.length))
    throw new Usage('--pull-request reads through the API: it takes no path and no --base')
  const fix = values['fix-all'] ? 'all' : values.fix ? 'safe' : undefined
  if (pull !== undefined && fix) throw new Usage('--fix changes files of a folder: it does not go with --pull-request')
  if (values.publish && pull === undefined) throw new Usage('--publish goes with --pull-request')
  if (values.markdown) throw new Usage('--markdown goes with the command rules; for a report use --format markdown')
  return {
    path: positionals[0] ?? '.',
    format,
    publish: values.publish,
    timing: values.timing,
    ...(values.preset !== undefined && { preset: values.preset }),
    ...(values.rule && { rules: values.rule }),
    ...(values.config !== undefined && { config: values.config }),
    ...(fix && { fix }),
    ...(values.base !== undefined && { base: values.base }),
    ...(pull !== undefined && { pullRequest: pull })
  }
}

function mustDraw({ format, publish, rules, fix }: Asked): void {
  if (format !== 'terminal' && format !== 'markdown')
    throw new Usage(`the command gate prints terminal or markdown, not '${format}'`)
  if (fix) throw new Usage('the command gate changes nothing: leave --fix out')
  if (publish) throw new Usage('the command gate posts nothing: leave --publish out')
  if (rules) throw new Usage('the command gate asks every rule about the gate: leave --rule out')
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code
  },
  (error: unknown) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    process.stderr.write(`pipeline-hygiene: ${error instanceof Usage ? `${message} (see --help)` : message}\n`)
    if (process.env.DEBUG && stack) process.stderr.write(`${stack}\n`)
    process.exitCode = 2
  }
)
