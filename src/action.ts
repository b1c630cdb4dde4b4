import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { getBooleanInput, getInput, info, setOutput } from '@actions/core'
import { offered } from './fixes.js'
import { allRules, inspect, today } from './inspect.js'
import type { Inspection, Source } from './model.js'
import { isFirstRun, loadPolicy } from './policy.js'
import { notPosted, type Publishing, publish, readPull, record, serverUrl } from './pull-request.js'
import { annotations } from './report/annotations.js'
import { commandData } from './report/escape.js'
import { json } from './report/json.js'
import { headlineText } from './report/markdown.js'
import { blobUrl } from './report/post.js'
import { sarif } from './report/sarif.js'
import { summary } from './report/summary.js'
import { exitCode } from './report/words.js'
import { githubSource } from './source/github.js'
import { connect } from './source/github-connection.js'

/** What started the run: where to look, and what may be told where. */
interface Occasion {
  head: string
  base?: { ref: string; sha: string }
  branch?: string
  /** Number of the pull request to review. */
  number?: number
  /** Why nothing can be posted, where that is known before trying. */
  readOnly?: string
  /** Why there is no review, where that is by design. */
  noReview?: string
  authorMayWrite?: 'yes' | 'no'
}

async function main(): Promise<number> {
  const event = process.env.GITHUB_EVENT_NAME ?? ''
  const [owner = '', repo = ''] = (process.env.GITHUB_REPOSITORY ?? '').split('/')
  if (!owner || !repo || !event)
    throw new Error('this is the entry for GitHub Actions; the command line is dist/cli/index.js')
  const how = publishing()
  const { sarifFile, wantsSummary } = files()
  const token = getInput('token')
  if (!token) throw new Error('input token is empty: leave it out to use the token of the job')
  const occasion = occasionOf(event, await payload())
  const connection = await connect({ token, log, writes: true })
  const source = await githubSource({
    ...occasion,
    owner,
    repo,
    token,
    connection,
    log,
    ...secret('protection-token')
  })

  const path = getInput('config')
  const policy = loadPolicy(source, allRules, { ...(path && { path }), inputs: inputs() })
  const now = firstRun(event, source, owner, repo).then(firstRun => ({
    today: today(),
    firstRun,
    ...(occasion.authorMayWrite && { authorMayWrite: occasion.authorMayWrite })
  }))
  const inspection = await inspect(source, policy, now)
  const code = exitCode(inspection)

  // What needs no permission comes first, so that nothing that fails later can lose it.
  await tell(inspection, sarifFile)
  const target = { owner, repo, headSha: occasion.head, server: serverUrl() }
  const silent = await post(connection.octokit, target, occasion, inspection, how)
  for (const line of silent) process.stdout.write(`::notice title=Pipeline Hygiene::${commandData(line)}\n`)
  if (wantsSummary) {
    const verdict = { ...inspection.verdict, notices: [...inspection.verdict.notices, ...silent] }
    await summarize(summary({ ...inspection, verdict }, { blob: blobUrl(target) }))
  }
  log(headlineText(inspection))
  return code
}

async function post(
  octokit: Parameters<typeof publish>[0],
  target: Parameters<typeof publish>[1],
  { number, readOnly, noReview }: Occasion,
  inspection: Inspection,
  how: Publishing
): Promise<string[]> {
  const wanted = { ...how, ...((noReview || number === undefined) && { review: 'off' as const }) }
  if (wanted.review === 'off' && wanted.status === 'off') return noReview && how.review !== 'off' ? [noReview] : []
  if (readOnly) return [readOnly]
  const posted = await publish(octokit, target, number, inspection, wanted)
  return [...(noReview && how.review !== 'off' ? [noReview] : []), ...notPosted(posted)]
}

// ---------------------------------------------------------------- inputs

const REVIEWS = ['comment', 'request-changes', 'off'] as const
const STATUSES = ['check-run', 'commit-status', 'off'] as const

function publishing(): Publishing {
  const word = <T extends string>(name: string, allowed: readonly T[]): T => {
    const written = getInput(name) || allowed[0]!
    const found = allowed.find(each => each === written)
    if (found === undefined) throw new Error(`input ${name} is one of ${allowed.join(', ')}, not '${written}'`)
    return found
  }
  return { review: word('review', REVIEWS), status: word('status', STATUSES) }
}

/** What is written to files. Asked for before anything is read or told, so that a wrong value has no effect at all. */
function files(): { sarifFile: string | undefined; wantsSummary: boolean } {
  const sarifFile = getInput('sarif-file')
  return { sarifFile: sarifFile ? inWorkspace(sarifFile) : undefined, wantsSummary: getBooleanInput('summary') }
}

function inWorkspace(path: string): string {
  const workspace = resolve(process.env.GITHUB_WORKSPACE ?? '.')
  const file = resolve(workspace, path)
  if (!file.startsWith(workspace + sep)) throw new Error(`input sarif-file leads out of the workspace: ${path}`)
  return file
}

const inputs = () => ({
  preset: getInput('preset'),
  require: getInput('require'),
  failOn: getInput('fail-on'),
  unknown: getInput('unknown'),
  inline: getInput('config-inline')
})

function secret(name: string): { protectionToken?: string } {
  const protectionToken = getInput(name)
  return protectionToken ? { protectionToken } : {}
}

// ---------------------------------------------------------------- the event

async function payload(): Promise<Record<string, unknown>> {
  const path = process.env.GITHUB_EVENT_PATH
  if (!path) throw new Error('GITHUB_EVENT_PATH is not set: the runner did not say what happened')
  return record(JSON.parse(await readFile(path, 'utf8')))
}

/** Source of the fields: github-api.md of the references, section 6; GitHub's page on events that trigger workflows. */
function occasionOf(event: string, data: Record<string, unknown>): Occasion {
  if (event === 'pull_request' || event === 'pull_request_target') {
    const pull = readPull(data.pull_request)
    if (!pull) throw new Error(`the event ${event} names no pull request`)
    const { number, head, base, authorMayWrite } = pull
    return {
      number,
      head,
      base,
      authorMayWrite,
      // A fork's token is read-only even when the workflow asks for more.
      ...(pull.fromFork &&
        event === 'pull_request' && {
          readOnly:
            'no review and no check run: the token of a pull request from a fork may only read; on pull_request_target it may write (pull-requests: write, checks: write)'
        }),
      ...(pull.draft && { noReview: 'no review yet: the pull request is a draft' })
    }
  }
  if (event === 'merge_group') {
    const group = record(data.merge_group)
    const { head_sha: head, base_sha: sha, base_ref: ref } = group
    if (typeof head !== 'string' || typeof sha !== 'string' || typeof ref !== 'string')
      throw new Error('the event merge_group names no commits')
    return { head, base: { ref: ref.replace(/^refs\/heads\//, ''), sha } }
  }
  if (['push', 'schedule', 'workflow_dispatch'].includes(event)) {
    const head = process.env.GITHUB_SHA
    if (!head) throw new Error('GITHUB_SHA is not set')
    const branch = /^refs\/heads\/(.+)$/.exec(process.env.GITHUB_REF ?? '')?.[1]
    const before = typeof data.before === 'string' && !/^0+$/.test(data.before) ? data.before : undefined
    // A push is compared with what was there before; a run by the clock or by hand looks at everything.
    if (event === 'push' && branch && before) return { head, base: { ref: branch, sha: before } }
    return { head, ...(branch && { branch }) }
  }
  throw new Error(
    `the event ${event} is not supported: run on pull_request, pull_request_target, merge_group, push, schedule or workflow_dispatch`
  )
}

/** Only on `pull_request` is the workflow the pull request's own, so that the gate can come with it. */
async function firstRun(event: string, source: Source, owner: string, repo: string): Promise<boolean> {
  if (event !== 'pull_request') return false
  const here = relative(process.env.GITHUB_WORKSPACE ?? '.', process.env.GITHUB_ACTION_PATH ?? '.')
  const action = process.env.GITHUB_ACTION_REPOSITORY || `./${here}`
  return isFirstRun(source, { owner, repo, workflow: process.env.GITHUB_WORKFLOW_REF ?? '', action })
}

// ---------------------------------------------------------------- telling

/** A line of the log. The runner obeys `##[command]` wherever it stands in a line, so text of others must not hold one. */
const log = (line: string) => info(line.replaceAll('##[', '## ['))

async function tell(inspection: Inspection, sarifFile: string | undefined): Promise<void> {
  const { findings, conclusion, failed } = inspection.verdict
  for (const line of annotations(inspection)) process.stdout.write(`${line}\n`)
  if (failed !== undefined) process.stdout.write(`::error title=Pipeline Hygiene::${commandData(failed)}\n`)
  const report = join(process.env.RUNNER_TEMP ?? '.', 'pipeline-hygiene.json')
  await writeFile(report, json(inspection))
  if (sarifFile !== undefined) {
    await mkdir(dirname(sarifFile), { recursive: true })
    await writeFile(sarifFile, sarif(inspection, await offered(inspection)))
  }
  setOutput('conclusion', conclusion)
  setOutput('introduced', findings.filter(finding => finding.introduced).length)
  setOutput('total', findings.length)
  setOutput('report', report)
}

async function summarize(text: string): Promise<void> {
  const path = process.env.GITHUB_STEP_SUMMARY
  if (path) await appendFile(path, `${text}\n`)
}

try {
  process.exitCode = await main()
} catch (error) {
  // Our own failure: never a pass, and told apart from a finding by its exit code.
  const message = error instanceof Error ? error.message : String(error)
  process.stdout.write(`::error title=Pipeline Hygiene::${commandData(message)}\n`)
  if (process.env.RUNNER_DEBUG && error instanceof Error && error.stack) info(error.stack)
  process.exitCode = 2
}
