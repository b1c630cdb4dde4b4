import type { Place, Yaml, YamlMap, YamlScalar } from './model.js'

/** What is rare in YAML files, found in one walk that the rules on it share. */
export interface Oddities {
  /** Values with an anchor, and how often each stands in the file. */
  anchors: Map<Yaml, number>
  tagged: Yaml[]
  mergeKeys: YamlScalar[]
  /** The key above a value that stands `DEEP` collections deep; what is in it is not looked at. */
  deep: Place[]
}

/** Collections inside collections that GitHub reads. */
export const DEEP = 50

export function odditiesOf(root: YamlMap, at: Place): Oddities {
  let found = known.get(root)
  if (!found) {
    found = { anchors: new Map(), tagged: [], mergeKeys: [], deep: [] }
    visit(root, { at }, 0, found)
    known.set(root, found)
  }
  return found
}
const known = new WeakMap<YamlMap, Oddities>()

function visit(yaml: Yaml, key: { at: Place }, depth: number, found: Oddities): void {
  if (yaml.anchor !== undefined) {
    const times = (found.anchors.get(yaml) ?? 0) + 1
    found.anchors.set(yaml, times)
    if (times > 1) return
  }
  if (yaml.tag !== undefined) found.tagged.push(yaml)
  if (yaml.kind === 'scalar') return
  if (depth >= DEEP) found.deep.push(key.at)
  else if (yaml.kind === 'list') for (const item of yaml.items) visit(item, key, depth + 1, found)
  else
    for (let at = 0; at < yaml.entries.length; at++) {
      const { key, value } = yaml.entries[at]!
      if (key.value === '<<' && key.style === 'plain') found.mergeKeys.push(key)
      visit(value, key, depth + 1, found)
    }
}
