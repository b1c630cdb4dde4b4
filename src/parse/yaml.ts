import type { Yaml, YamlDocument, YamlList, YamlMap, YamlScalar } from '../model.js'
import { SourceText, withoutMark } from './text.js'
import { readWithLibrary } from './yaml-library.js'
import { readPlain } from './yaml-plain.js'

/**
 * Parses YAML into the one view of it: every value with its place, aliases as the very node they name.
 *
 * Never throws. Errors are listed by document; what could be read is there all the same. `merge` expands `<<` (Compose
 * and Kubernetes tools have it, GitHub has not).
 */
export function parseYaml(path: string, text: string, { merge = false }: { merge?: boolean } = {}): YamlDocument[] {
  const source = new SourceText(path, withoutMark(text))
  return readPlain(source, merge) ?? readWithLibrary(source, merge)
}

// ---------------------------------------------------------------- short questions about a value

export const isNull = (yaml: Yaml | undefined): boolean => !yaml || (yaml.kind === 'scalar' && yaml.data === null)
/** A scalar with something in it. */
export function scalarOf(yaml: Yaml | undefined): YamlScalar | undefined {
  return yaml?.kind === 'scalar' && yaml.data !== null ? yaml : undefined
}
export const mapOf = (yaml: Yaml | undefined): YamlMap | undefined => (yaml?.kind === 'map' ? yaml : undefined)
export const listOf = (yaml: Yaml | undefined): YamlList | undefined => (yaml?.kind === 'list' ? yaml : undefined)
/** One value or a list of them, as the formats often allow: the scalars of either. */
export function scalarsOf(yaml: Yaml | undefined): YamlScalar[] {
  if (yaml?.kind === 'list') return yaml.items.flatMap(item => scalarOf(item) ?? [])
  const one = scalarOf(yaml)
  return one ? [one] : []
}
