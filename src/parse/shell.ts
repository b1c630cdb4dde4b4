import type { Command, Script, Shell, Text } from '../model.js'

/** A script in a shell; its commands are parsed when somebody asks. */
export function scriptOf(text: Text, shell: Shell): Script {
  return new Lazy(text, shell)
}

class Lazy implements Script {
  constructor(
    readonly text: Text,
    readonly shell: Shell
  ) {}
  get commands(): Command[] {
    return []
  }
}
