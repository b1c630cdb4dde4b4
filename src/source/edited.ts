import type { Blob, Diff, FileChange, Snapshot, Source, Unread } from '../model.js'
import { addedLines } from './changes.js'

/** A source that asks another one once, and can be read again with other texts in place of some. */
export interface Remembered extends Source {
  /** The same with these texts at the head, by path; a path that the head has not stays away. */
  edited(texts: Map<string, string>): Source
}

export function remembered(source: Source): Remembered {
  const seen: Source = {
    ...(source.owner !== undefined && { owner: source.owner }),
    unread: source.unread,
    head: listedOnce(source.head),
    ...(source.base && { base: listedOnce(source.base) }),
    ...(source.policy && { policy: listedOnce(source.policy) }),
    read: readOnce(source),
    resolve: resolveOnce(source),
    ...(source.facts && { facts: factsOnce(source.facts.bind(source)) }),
    branch: once(() => source.branch()),
    diff: once(() => source.diff())
  }
  const ids = new Map<string, string>()
  return { ...seen, edited: texts => edited(seen, texts, ids) }
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => (answer ??= ask())
}

const listedOnce = (snapshot: Snapshot): Snapshot => ({ sha: snapshot.sha, list: once(() => snapshot.list()) })

function readOnce(source: Source): Source['read'] {
  const known = new Map<string, Promise<string | Unread | undefined>>()
  return async blobs => {
    const missing = blobs.filter(({ sha }) => !known.has(sha))
    if (missing.length) {
      const read = source.read(missing)
      for (const { sha } of missing)
        known.set(
          sha,
          read.then(texts => texts.get(sha))
        )
    }
    const texts = new Map<string, string | Unread>()
    for (const { sha } of blobs) {
      const text = await known.get(sha)
      if (text !== undefined) texts.set(sha, text)
    }
    return texts
  }
}

function resolveOnce(source: Source): Source['resolve'] {
  type Answers = Awaited<ReturnType<Source['resolve']>>
  const known: Answers = new Map()
  return async uses => {
    const missing = uses.filter(name => !known.has(name))
    if (missing.length) for (const [name, answer] of await source.resolve(missing)) known.set(name, answer)
    return new Map(uses.flatMap(name => (known.has(name) ? [[name, known.get(name)!]] : [])))
  }
}

function factsOnce(facts: NonNullable<Source['facts']>): typeof facts {
  const known = new Map<string, ReturnType<typeof facts>>()
  return (uses, about) => {
    const key = JSON.stringify([[...uses], about])
    const answer = known.get(key) ?? facts(uses, about)
    known.set(key, answer)
    return answer
  }
}

/** `ids` gives equal texts equal blob ids, whichever edit they come from. */
function edited(source: Source, texts: Map<string, string>, ids: Map<string, string>): Source {
  const own = new Map<string, string>()
  const idOf = (path: string, text: string): string => {
    const key = `${path}\0${text}`
    const id = ids.get(key) ?? `edited ${ids.size}`
    ids.set(key, id)
    own.set(id, text)
    return id
  }
  const list = once(async () =>
    (await source.head.list()).map((blob): Blob => {
      const text = texts.get(blob.path)
      return text === undefined ? blob : { ...blob, sha: idOf(blob.path, text), size: Buffer.byteLength(text) }
    })
  )
  return {
    ...source,
    head: { sha: `${source.head.sha}, edited`, list },
    async read(blobs) {
      const read = await source.read(blobs.filter(({ sha }) => !own.has(sha)))
      for (const { sha } of blobs) if (own.has(sha)) read.set(sha, own.get(sha)!)
      return read
    },
    async diff() {
      const diff = await source.diff()
      return diff && changedAnew(source, diff, texts)
    }
  }
}

async function changedAnew(source: Source, diff: Diff, texts: Map<string, string>): Promise<Diff> {
  const before = new Map((await source.base?.list())?.map(blob => [blob.path, blob]))
  const known = new Map(diff.map(change => [change.path, change]))
  const changes = [...texts.keys()].map(
    (path): FileChange => known.get(path) ?? { path, status: 'modified', added: [] }
  )
  const blobs = changes.flatMap(({ path, previousPath }) => before.get(previousPath ?? path) ?? [])
  const read = await source.read(blobs)
  const now = changes.map((change): FileChange => {
    const { path, previousPath } = change
    const old = before.get(previousPath ?? path)
    const text = texts.get(path)!
    const was = old && read.get(old.sha)
    return { ...change, added: addedLines(typeof was === 'string' ? was : '', text) }
  })
  return [...diff.filter(({ path }) => !texts.has(path)), ...now]
}
