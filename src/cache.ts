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
