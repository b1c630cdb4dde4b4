import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { markdown } from '../../src/report/markdown.js'
import { summary } from '../../src/report/summary.js'
import { finding, HOSTILE, inspection } from './inspection.js'

/** What GitHub would make of it before it cleans up: raw HTML let through, so that nothing is saved by the renderer. */
const render = (text: string) =>
  micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })

const OURS =
  /^<\/?(p|ul|ol|li|table|thead|tbody|tr|th|td|details|summary|code|pre|strong|em|h[1-6]|hr|br|blockquote|a|sub)( (align|href|start|class)="[^"]*")*( \/)?>$/

/** Elements that our reports do not make, and links that lead elsewhere than to the files. */
function foreign(html: string): string[] {
  const tags = html.match(/<[^>]*>?/g) ?? []
  return tags.filter(tag => {
    if (tag.startsWith('<!--')) return false
    const href = /href="([^"]*)"/.exec(tag)?.[1]
    return !OURS.test(tag) || (href !== undefined && !href.startsWith('https://github.com/o/r/blob/'))
  })
}

const NASTY = [
  ...HOSTILE,
  '</details><script>alert(1)</script>',
  '![x](https://evil.example/x.png)',
  '[click](https://evil.example)',
  'https://evil.example and www.evil.example and a@evil.example',
  '@everyone see #1 and o/r#2',
  '<img src=x onerror=alert(1)>',
  '`` ` ``` <b>bold</b>',
  '| a | b |\n| --- | --- |',
  '\n\n# heading\n\n> quote\n\n    code\n',
  '<!-- comment',
  '-->',
  ']]>',
  '&lt;script&gt;',
  '\\',
  '\u202etxt.exe',
  '~~~\n~~~',
  '$$x$$',
  '[^1]',
  ':tada:'
]
const blob = 'https://github.com/o/r/blob/0123456789abcdef0123456789abcdef01234567'
const reports = (message: string, path: string) => {
  const findings = [finding({ message, path }), finding({ message, path, introduced: false })]
  const seen = inspection({ findings, unread: [{ what: path, reason: message }], notices: [message] })
  return [markdown(seen, { blob }), summary(seen, { blob })]
}

test.each(NASTY)('nothing becomes of %j', text => {
  for (const report of reports(text, `dir/${text}.yml`)) expect(foreign(render(report))).toEqual([])
})

test('nothing becomes of any mixture', () => {
  const piece = fc.oneof(
    fc.constantFrom(...NASTY),
    fc.string(),
    fc.constantFrom(' ', '\n', '`', '<', '>', '[', ']', '(', ')', '!', '|', '*', '_', '@', '#')
  )
  const text = fc.array(piece, { maxLength: 8 }).map(pieces => pieces.join(''))
  fc.assert(
    fc.property(text, text, (message, path) => {
      for (const report of reports(message, path)) expect(foreign(render(report))).toEqual([])
    }),
    { numRuns: 300 }
  )
})

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const inBrowser = browser ? test : test.skip

inBrowser(
  'a browser runs and loads nothing of it',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'hygiene-page-'))
    try {
      const file = join(folder, 'report.html')
      const body = NASTY.flatMap(text => reports(text, `dir/${text}.yml`))
        .map(render)
        .join('\n')
      writeFileSync(
        file,
        `<!doctype html><meta charset="utf-8"><title>quiet</title><script>alert = () => { document.title = 'loud' }</script><main>${body}</main>`
      )
      const flags = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        `--user-data-dir=${folder}/profile`
      ]
      const dom = execFileSync(browser!, [...flags, '--dump-dom', `file://${file}`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 60_000
      })
      expect(dom).toContain('<title>quiet</title>')
      const main = dom.slice(dom.indexOf('<main>'), dom.lastIndexOf('</main>'))
      expect(main.length).toBeGreaterThan(1000)
      expect(main).not.toMatch(/<(script|img|iframe|object|embed|svg|style|link|form|input)\b/i)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  90_000
)
