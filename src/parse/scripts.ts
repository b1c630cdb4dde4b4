import type { ScriptFile } from '../model.js'

/** Files that give names to commands, by base name: package.json, Makefile, … and shell scripts. */
export const isScriptFile = (path: string): boolean => /(^|\/)package\.json$|(^|\/)(GNUm|m|M)akefile$|\.sh$/.test(path)

/** Reads what the names in a script file stand for; undefined where the file is not one, or is broken. */
export function readScriptFile(_path: string, _text: string): ScriptFile | undefined {
  return undefined
}
