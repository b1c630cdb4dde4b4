/** What of a Markdown line is not code, as CommonMark reads it: a span ends at the next run of as many backticks. */
export function outsideCode(markdown: string): string {
  const text = markdown.replace(/<code>[^<]*<\/code>/g, ' code ').replaceAll('&#8203;', '')
  let out = ''
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '`') {
      out += text[at++]
      continue
    }
    let run = at
    while (text[run] === '`') run++
    const end = closing(text, run, run - at)
    if (end === undefined) {
      out += text.slice(at, run)
      at = run
      continue
    }
    out += ' code '
    at = end
  }
  return out
}

function closing(text: string, from: number, length: number): number | undefined {
  for (let at = text.indexOf('`', from); at >= 0; ) {
    let run = at
    while (text[run] === '`') run++
    if (run - at === length) return run
    at = text.indexOf('`', run)
  }
  return undefined
}
