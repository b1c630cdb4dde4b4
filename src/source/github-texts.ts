import type { Blob, Remote, Unread } from '../model.js'
import { decode } from './decode.js'
import { type Connection, fieldOf, type GraphqlError, reasonOf } from './github-connection.js'
import type { Ask, Question } from './github-documents.js'

/** GraphQL cuts a text here and says `isTruncated`. */
const GRAPHQL_TEXT = 512_000
/** A repository of another owner counts as this many bytes: action files are small. */
const REMOTE_BYTES = 4000
/** Files asked for one by one at the most, where GraphQL gives no text. */
const MAX_SINGLE = 100
const MAX_BYTES = 16 << 20
/** Read of one repository in all: a hostile tree must not fill the memory. */
const MAX_TOTAL = 64 << 20
/** Actions and workflows of others looked up at the most, and those of one repository in one part. */
const MAX_USES = 500
const USES_AT_ONCE = 50

export interface Texts {
  read(blobs: Blob[]): Promise<Map<string, string | Unread>>
  resolve(uses: string[]): Promise<Map<string, Remote | Unread>>
}

/**
 * Texts of a repository and of the actions it uses. What is asked for in one go (a read and a resolve, two reads) goes
 * into one document, split only by size; each blob is asked for once, whoever asks.
 */
export function textsOf(connection: Connection, ask: Ask, owner: string, repo: string): Texts {
  const known = new Map<string, Promise<string | Unread>>()
  let single = 0
  let total = 0

  const readOne = async (blob: Blob): Promise<string | Unread> => {
    if (blob.size === 0) return ''
    if (blob.size > MAX_BYTES) return { what: blob.path, reason: `larger than ${MAX_BYTES >> 20} MiB` }
    if (!/^[0-9a-f]{40,64}$/.test(blob.sha)) return { what: blob.path, reason: 'git has no such file' }
    total += blob.size
    if (total > MAX_TOTAL) return { what: blob.path, reason: `more than ${MAX_TOTAL >> 20} MiB of pipeline files` }
    if (blob.size <= GRAPHQL_TEXT) {
      const text = `object(oid: "${blob.sha}") { ...File }`
      const { answer, failed } = await ask({ ours: true, text, objects: 1, bytes: blob.size + 100 })
      if (failed !== undefined) return { what: blob.path, reason: failed }
      const file = fileOf(answer)
      if (file?.text !== undefined) return file.text
    }
    if (++single > MAX_SINGLE) return { what: blob.path, reason: `more than ${MAX_SINGLE} files need a request each` }
    return readSingle(connection, owner, repo, blob)
  }

  return {
    async read(blobs) {
      const all = blobs.map(async (blob): Promise<[string, string | Unread]> => {
        const text = known.get(blob.sha) ?? readOne(blob)
        known.set(blob.sha, text)
        return [blob.sha, await text]
      })
      return new Map(await Promise.all(all))
    },
    async resolve(uses) {
      const found = new Map<string, Remote | Unread>()
      const byRepository = new Map<string, Use[]>()
      for (const [i, written] of uses.entries()) {
        const use = useOf(written)
        if (i >= MAX_USES) found.set(written, { what: written, reason: `more than ${MAX_USES} actions are used` })
        else if (!use) found.set(written, { what: written, reason: 'names no file of a repository' })
        else byRepository.set(use.repository, [...(byRepository.get(use.repository) ?? []), use])
      }
      await Promise.all(
        [...byRepository].flatMap(inParts).map(async ([repository, all]) => {
          const { answer, errors, failed } = await ask(remotePart(repository, all))
          all.forEach((use, i) => {
            found.set(use.written, failed === undefined ? remoteOf(use, i, answer, errors) : unread(use, failed))
          })
        })
      )
      // In the order asked, not in that of the answers: what is reported of it must not change from run to run.
      return new Map(uses.flatMap(written => (found.has(written) ? [[written, found.get(written)!]] : [])))
    }
  }
}

function inParts<T>([repository, uses]: [string, T[]]): [string, T[]][] {
  const count = Math.ceil(uses.length / USES_AT_ONCE)
  return Array.from({ length: count }, (_, i) => [repository, uses.slice(i * USES_AT_ONCE, (i + 1) * USES_AT_ONCE)])
}

/** A blob of an answer; without `text` where it came back cut, binary or empty-handed. */
function fileOf(value: unknown): { text?: string } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const text = fieldOf(value, 'text')
  const whole =
    typeof text === 'string' && fieldOf(value, 'isTruncated') !== true && fieldOf(value, 'isBinary') !== true
  return whole ? { text } : {}
}

async function readSingle(
  { octokit, host }: Connection,
  owner: string,
  repo: string,
  blob: Blob
): Promise<string | Unread> {
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
      owner,
      repo,
      file_sha: blob.sha
    })
    if (data.encoding !== 'base64') return { what: blob.path, reason: `${host} sent it as ${data.encoding}` }
    return decode(Buffer.from(data.content, 'base64'), blob.path)
  } catch (error) {
    return { what: blob.path, reason: reasonOf(error, host, 'contents: read') }
  }
}

// ---------------------------------------------------------------- uses:

export interface Use {
  written: string
  repository: string
  ref: string
  /** Paths that may hold it, in the order in which the runner looks. */
  paths: string[]
  /** What makes an action of a folder that has none of them. */
  image?: string
}

/** `owner/repo@ref`, `owner/repo/folder@ref` or `owner/repo/.github/workflows/x.yml@ref`. */
export function useOf(written: string): Use | undefined {
  const at = written.indexOf('@')
  const [owner, name, ...rest] = written.slice(0, Math.max(at, 0)).split('/')
  const ref = written.slice(at + 1)
  if (!owner || !name || !ref || !/^[\w.-]+$/.test(owner) || !/^[\w.-]+$/.test(name) || isOdd(written)) return undefined
  const path = rest.filter(part => part && part !== '.').join('/')
  const isFile = /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)
  const folder = path ? `${path}/` : ''
  return {
    written,
    repository: `${owner}/${name}`,
    ref,
    paths: isFile ? [path] : [`${folder}action.yml`, `${folder}action.yaml`],
    ...(!isFile && { image: `${folder}Dockerfile` })
  }
}

/** Control characters and halves of surrogate pairs make a GraphQL string invalid, and with it the whole document. */
function isOdd(text: string): boolean {
  if (text.length > 500) return true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 127 || (code >= 0xd800 && code <= 0xdfff)) return true
  }
  return false
}

function remotePart(repository: string, uses: Use[]): Question {
  const [owner, name] = repository.split('/')
  const objects = uses.flatMap((use, i) => [
    `c${i}: object(expression: ${JSON.stringify(use.ref)}) { oid ...on Tag { target { oid } } }`,
    ...use.paths.map(
      (path, j) => `f${i}_${j}: object(expression: ${JSON.stringify(`${use.ref}:${path}`)}) { ...File }`
    ),
    ...(use.image ? [`d${i}: object(expression: ${JSON.stringify(`${use.ref}:${use.image}`)}) { oid }`] : [])
  ])
  return {
    ours: false,
    text: `repository(owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}) {\n${objects.join('\n')}\n}`,
    // An id alone is next to nothing.
    objects: objects.length - uses.filter(use => use.image).length,
    bytes: uses.length * REMOTE_BYTES
  }
}

const unread = (use: Use, reason: string): Unread => ({ what: use.written, reason })

function remoteOf(use: Use, index: number, answer: unknown, errors: GraphqlError[]): Remote | Unread {
  if (typeof answer !== 'object' || answer === null) {
    const [error] = errors
    if (!error || error.type === 'NOT_FOUND')
      return unread(use, `the token does not see ${use.repository}: it is private or gone`)
    return unread(use, `${use.repository}: ${error.message}`)
  }
  const commit = fieldOf(answer, `c${index}`)
  for (const [j, path] of use.paths.entries()) {
    const file = fieldOf(answer, `f${index}_${j}`)
    const text = fileOf(file)?.text
    const sha = fieldOf(fieldOf(commit, 'target'), 'oid') ?? fieldOf(commit, 'oid')
    if (text !== undefined) return { uses: use.written, path, text, ...(typeof sha === 'string' && { sha }) }
    if (file && typeof file === 'object') return unread(use, `${path} is too large or no text`)
  }
  if (!commit) return unread(use, `${use.repository} has no ref ${use.ref}`)
  if (fieldOf(answer, `d${index}`)) return unread(use, `${use.image} is all of it: it has no action.yml`)
  return unread(use, `${use.repository} has no ${use.paths.join(' or ')} at ${use.ref}`)
}
