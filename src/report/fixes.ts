import type { Finding, Fixes } from '../model.js'
import { cut, printable } from './escape.js'
import { plural } from './words.js'

/** What `--fix` changed, a line a finding, and what it took back. Lines are those of the file as it was then. */
export function fixesText({ done, refused }: Fixes): string {
  const line = (finding: Finding) => `  ${printable(`${finding.at.path}:${finding.at.line}`)}  ${finding.rule.id}\n`
  const title = done.length ? `fixed ${plural(done.length, 'finding')}:\n` : 'nothing was fixed\n'
  const taken = refused.map(({ finding, why }) => `${line(finding)}    ${cut(printable(why), 300)}\n`)
  return [
    title,
    ...done.map(line),
    ...(taken.length ? [`not fixed, since the result would be no better:\n`, ...taken] : []),
    '\n'
  ].join('')
}
