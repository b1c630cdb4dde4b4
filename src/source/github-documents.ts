import { type Connection, errorsOf, fieldOf, type GraphqlError, isFailure, reasonOf } from './github-connection.js'

/** Objects and bytes asked for in one GraphQL document; very large answers fail as a whole. */
const MAX_OBJECTS = 200
const MAX_BATCH = 3 << 20

/** Part of a GraphQL document: what it asks, and how much that is. */
export interface Question {
  /** `repository` of ours that holds it; a part without stands at the top. */
  ours: boolean
  text: string
  objects: number
  bytes: number
  /** Never to be waited for where the server gives up on it, and never to take the rest of its document along. */
  optional?: boolean
}
export interface Reply {
  answer: unknown
  errors: GraphqlError[]
  failed?: string
}
export type Ask = (question: Question) => Promise<Reply>

interface Part extends Question {
  settle(answer: unknown, errors: GraphqlError[], failed?: string): void
}

/** What is asked for in one go, whoever asks, goes into one document, split only by size. */
export function documentsOf(connection: Connection, owner: string, repo: string): Ask {
  let waiting: Part[] = []

  const ask: Ask = part =>
    new Promise<Reply>(resolve => {
      if (!waiting.length) queueMicrotask(flush)
      const settle: Part['settle'] = (answer, errors, failed) =>
        resolve({ answer, errors, ...(failed !== undefined && { failed }) })
      waiting.push({ ...part, settle })
    })

  const flush = () => {
    const needed = waiting.filter(part => !part.optional)
    const batches = batched([...needed, ...waiting.filter(part => part.optional)])
    waiting = []
    for (const batch of batches) void send(batch)
  }

  const send = async (parts: Part[]): Promise<void> => {
    const optional = parts.filter(part => part.optional)
    const isMixed = optional.length > 0 && optional.length < parts.length
    const apart = () => Promise.all([send(parts.filter(part => !part.optional)), send(optional)])
    try {
      const { data, errors } = await graphql(connection, owner, repo, documentOf(parts), optional.length === 0)
      // A server that is older than a question refuses all of them.
      if (isMixed && (data === undefined || data === null)) {
        await apart()
        return
      }
      parts.forEach((part, i) => {
        const path = part.ours ? ['ours', `p${i}`] : [`p${i}`]
        const answer = path.reduce((at: unknown, step) => fieldOf(at, step), data)
        part.settle(
          answer,
          errors.filter(
            error => !error.path || error.path.every((step, at) => path[at] === undefined || path[at] === step)
          )
        )
      })
    } catch (error) {
      if (isMixed && isFailure(error) && error.status >= 500) {
        await apart()
        return
      }
      const tooMuch = isFailure(error) && error.response !== undefined && error.status >= 500 && parts.length > 1
      // A server that gave up on the whole may manage the halves.
      if (tooMuch && parts.length > MAX_OBJECTS / 8) {
        const middle = parts.length >> 1
        await Promise.all([send(parts.slice(0, middle)), send(parts.slice(middle))])
        return
      }
      const reason = reasonOf(error, connection.host, 'contents: read')
      for (const part of parts) part.settle(undefined, [], reason)
    }
  }

  return ask
}

function batched(parts: Part[]): Part[][] {
  const batches: Part[][] = []
  let objects = 0
  let bytes = 0
  for (const part of parts) {
    const last = batches.at(-1)
    if (last && objects + part.objects <= MAX_OBJECTS && bytes + part.bytes <= MAX_BATCH) last.push(part)
    else {
      batches.push([part])
      objects = bytes = 0
    }
    objects += part.objects
    bytes += part.bytes
  }
  return batches
}

function documentOf(parts: Part[]): string {
  const rows = parts.map((part, i) => ({ ours: part.ours, text: `p${i}: ${part.text}` }))
  const ours = rows.filter(row => row.ours).map(row => row.text)
  const rest = rows.filter(row => !row.ours).map(row => row.text)
  const variables = ours.length ? '($owner: String!, $name: String!)' : ''
  const top = ours.length ? `ours: repository(owner: $owner, name: $name) {\n${ours.join('\n')}\n}\n` : ''
  const query = `query${variables} {\n${top}${rest.join('\n')}\n}`
  const used = Object.entries(FRAGMENTS).filter(([name]) => parts.some(part => part.text.includes(`...${name}`)))
  return [query, ...used.map(([, fragment]) => fragment)].join('\n')
}

// A fragment that nothing uses makes a document invalid.
const FRAGMENTS = {
  File: 'fragment File on Blob { isTruncated isBinary text }',
  Target: 'fragment Target on Ref { prefix name target { oid ...on Tag { target { oid } } } }'
}

/** Sends a document as a plain request, so that an answer with some errors keeps its data. Throws failures of the whole. */
export async function graphql(
  { queries, graphqlUrl }: Connection,
  owner: string,
  name: string,
  query: string,
  retry = true
): Promise<{ data: unknown; errors: GraphqlError[] }> {
  const variables = query.includes('$owner') ? { owner, name } : {}
  const { data } = await queries.request({
    method: 'POST',
    url: graphqlUrl,
    query,
    variables,
    ...(!retry && { request: { retries: 0 } })
  })
  return { data: fieldOf(data, 'data'), errors: errorsOf(data) }
}
