import type { Action, Place } from './model.js'
import { mapOf, scalarOf } from './parse/yaml.js'
import { folderOf, joinPath } from './query.js'
import { quoted } from './words.js'

/** The files that an action says it runs and that are not in the tree. */
export function missingFilesOf(action: Action, paths: Set<string>): { at: Place; message: string }[] {
  const runs = mapOf(action.yaml.get('runs'))
  const using = action.using?.value ?? ''
  const keys = using === 'docker' ? DOCKER : /^node/.test(using) ? NODE : []
  const problems: { at: Place; message: string }[] = []
  for (const key of keys) {
    const file = scalarOf(runs?.get(key))
    if (!file?.value || file.value.includes('${{')) continue
    if (key === 'image' && !isFile(file.value)) continue
    if (key === 'image' && !/(^|\/)Dockerfile(\.[^/]*)?$/i.test(file.value)) {
      const message = `${quoted(file.value)} is neither a Dockerfile nor docker://IMAGE`
      problems.push({ at: file.at, message })
      continue
    }
    const path = joinPath(folderOf(action.path), file.value)
    // An absolute path is inside the image.
    if (file.value.startsWith('/') || path === undefined || paths.has(path)) continue
    problems.push({ at: file.at, message: `${key} is ${path}, which is not in the repository` })
  }
  return problems
}

const NODE = ['main', 'pre', 'post']
const DOCKER = ['image', 'pre-entrypoint', 'entrypoint', 'post-entrypoint']

/** Of an image: a path rather than a name in a registry. */
const isFile = (image: string): boolean =>
  !image.includes(':') && !/^[\w-]+(\.[\w-]+)+\//.test(image) && !image.startsWith('docker://')
