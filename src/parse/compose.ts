import type { Comment, Compose, Place, YamlMap } from '../model.js'

export function readCompose(path: string, at: Place, yaml: YamlMap, comments: Comment[]): Compose {
  return { path, at, yaml, comments, services: [] }
}
