import { byObject } from './cache.js'
import type { Place, Script } from './model.js'
import { plainCommandsOf } from './plain-commands.js'

/** A command that writes to `GITHUB_ENV` or `GITHUB_PATH`, which later steps take their variables and programs from. */
export interface EnvironmentWrite {
  file: 'GITHUB_ENV' | 'GITHUB_PATH'
  /** What is written is a constant. */
  constant: boolean
  /** The words that are written, where a command says them. */
  words: { value: string; at: Place }[]
  at: Place
}

export const environmentWrites = byObject((script: Script): EnvironmentWrite[] => {
  if (!/GITHUB_(ENV|PATH)\b/i.test(script.text.value)) return []
  const found: EnvironmentWrite[] = []
  for (const { name, words, output, at } of plainCommandsOf(script)) {
    const file = fileIn(output)
    const args = words.slice(1)
    if (file) {
      const says = /^(echo|printf|write-output)$/i.test(name)
      found.push({
        file,
        constant: says && args.every(word => !isComputed(word.value, script)),
        words: says ? args : [],
        at
      })
      continue
    }
    // Programs that take the file as a word.
    if (!/^(tee|out-file|add-content|set-content|tee-object)$/i.test(name)) continue
    const named = args.map(({ value }) => fileIn(value)).find(Boolean)
    if (named) found.push({ file: named, constant: false, words: [], at })
  }
  return found
})

function fileIn(word: string | undefined): EnvironmentWrite['file'] | undefined {
  const [, name] = /^(?:\$\{?(?:env:)?|%)(GITHUB_ENV|GITHUB_PATH)\}?%?$/i.exec(word ?? '') ?? []
  return name?.toUpperCase() as EnvironmentWrite['file'] | undefined
}

// What `${{ }}` pastes is told by the rules on that.
function isComputed(value: string, { shell }: Script): boolean {
  const text = value.replace(/\$\{\{.*?\}\}/gs, '')
  return shell.name === 'cmd' ? /%\w+%/.test(text) : /[$`]/.test(text.replace(/`[nrt]/g, ''))
}
