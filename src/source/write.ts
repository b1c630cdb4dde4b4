import { randomBytes } from 'node:crypto'
import { constants, lstat, open, realpath, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { withoutMark } from '../parse/text.js'
import { joinPath } from '../query.js'

export interface Change {
  /** As the file was read; a byte order mark does not count. */
  before: string
  after: string
}

/**
 * Writes texts into files of a folder, each all at once, and keeps their permissions and byte order marks. Returns why
 * a file was left alone, by path: it changed meanwhile, a link leads to it, or its bytes are no text.
 */
export async function writeTexts(folder: string, changes: Map<string, Change>): Promise<Map<string, string>> {
  const root = await realpath(folder)
  const left = new Map<string, string>()
  for (const [path, change] of changes)
    try {
      await writeOne(root, path, change)
    } catch (error) {
      left.set(path, error instanceof Error ? error.message : String(error))
    }
  return left
}

async function writeOne(root: string, path: string, { before, after }: Change): Promise<void> {
  if (path === '' || joinPath(path) !== path) throw new Error('its path is not plain')
  const file = join(root, path)
  // Folders above it may be links as well, out of the folder or round about.
  if ((await realpath(dirname(file))) !== dirname(file)) throw new Error('a symbolic link leads to it')
  const known = await lstat(file)
  if (known.isSymbolicLink()) throw new Error('it is a symbolic link')
  if (!known.isFile()) throw new Error('it is no regular file')
  const mark = await markIn(file, before)
  const temporary = join(dirname(file), `.${basename(file).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(mark + after)
      await handle.chmod(known.mode & 0o7777)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await markIn(file, before)
    await rename(temporary, file)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

/** The byte order mark of a file that holds this text and nothing that a text cannot hold. */
async function markIn(file: string, text: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    const bytes = await handle.readFile()
    const now = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    if (!Buffer.from(now).equals(bytes)) throw new Error('it holds bytes that are no UTF-8')
    if (withoutMark(now) !== withoutMark(text)) throw new Error('it changed since it was read')
    return now.slice(0, now.length - withoutMark(now).length)
  } finally {
    await handle.close()
  }
}
