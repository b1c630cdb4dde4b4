/**
 * A function of a text that remembers its answers: nobody may change them. All are forgotten where there are more than
 * `most`, so that no input makes it grow.
 */
export function byText<V>(find: (text: string) => V, most = 2000): (text: string) => V {
  const known = new Map<string, V>()
  return text => {
    const before = known.get(text)
    if (before !== undefined || known.has(text)) return before as V
    const found = find(text)
    if (known.size >= most) known.clear()
    known.set(text, found)
    return found
  }
}

/** The same of an object, for as long as it lives. */
export function byObject<K extends object, V>(find: (object: K) => V): (object: K) => V {
  const known = new WeakMap<K, V>()
  return object => {
    const before = known.get(object)
    if (before !== undefined || known.has(object)) return before as V
    const found = find(object)
    known.set(object, found)
    return found
  }
}
