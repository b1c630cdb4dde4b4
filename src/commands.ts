import type { Command, Repo, ScriptFile, Target } from './model.js'

/** What a command does. One command may do several things. */
export interface Doing {
  kind: string
  level: 'unit' | 'integration' | 'e2e' | 'smoke' | 'load' | 'any'
}

/** What a simple command does, by the table of commands; wrappers such as `sudo` and `poetry run` are peeled. */
export function doingsOf(_command: Command): Doing[] {
  return []
}

/** A flag or shape that makes a test command pass without testing (`--passWithNoTests`), in words for a message. */
export function swallowedBy(_command: Command): string | undefined {
  return undefined
}

/** Where a wrapper leads: `npm test`, `make check`, `./scripts/test.sh`, `tox -e py`. */
export interface Followed {
  /** As one would type it: 'npm test'. */
  name: string
  file?: ScriptFile
  target?: Target
  /** Directory that the target's commands run in. */
  directory: string
  /** Why it could not be followed: file not read, target not found in a file that was not fully understood. */
  unread?: string
}
/** Follows a wrapper to what it stands for; undefined where the command is no wrapper. */
export function follow(
  _command: Command,
  _directory: string,
  _repo: Pick<Repo, 'scripts' | 'paths'>
): Followed | undefined {
  return undefined
}

/** Paths of the tree that a command names and whose text is needed to know what it does. */
export function pathsNamedBy(_command: Command, _directory: string, _paths: Set<string>): string[] {
  return []
}
