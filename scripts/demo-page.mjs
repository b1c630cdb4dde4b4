// What a review looks like on GitHub, as one self-contained page: for the picture in the README.

/** `reviews` with their comments and the lines these are about, and the check run, as HTML. */
export function page({ repo, number, title, reviews, check }) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)} · ${escaped(repo)}#${number}</title>
<style>${STYLE}</style>
<main>
<h1>${escaped(title)} <span>#${number}</span></h1>
${reviews.map(reviewBox).join('\n')}
${checkBox(check)}
</main>
</html>
`
}

const reviewBox = ({ user, body, comments }) => `<section class="box">
<header>${author(user)} reviewed</header>
<div class="body">${html(body)}</div>
</section>
${comments.map(commentBox).join('\n')}`

const commentBox = ({ user, path, rows, body, line, start_line: start = line }) => `<section class="box thread">
<header class="path">${escaped(path)}</header>
<table class="diff">${rows.map(diffRow).join('')}</table>
<div class="comment">
<header>${author(user)} <small>on line${start < line ? `s ${start} to` : ''} ${line}</small></header>
<div class="body">${html(
  body,
  rows.filter(row => row.number >= start && row.number <= line)
)}</div>
</div>
</section>`

const author = ({ login, type }) =>
  `<i class="avatar"></i><b>${escaped(login.replace('[bot]', ''))}</b>${type === 'Bot' ? ' <span class="bot">bot</span>' : ''}`

const diffRow = ({ sign, text, number }) =>
  `<tr class="${{ '+': 'added', '-': 'removed' }[sign] ?? ''}"><td>${number || ''}</td><td>${escaped(sign)} ${escaped(text)}</td></tr>`

const checkBox = ({ name, conclusion, output, annotations }) => `<section class="box">
<header><i class="mark ${conclusion}"></i><b>${escaped(name)}</b> <small>${escaped(output.title)}</small></header>
<table class="annotations">${annotations
  .map(
    each =>
      `<tr class="${each.annotation_level}"><td>${each.annotation_level}</td><td><code>${escaped(each.path)}:${each.start_line}</code></td><td>${escaped(each.message.split('\n')[0])}</td></tr>`
  )
  .join('')}</table>
</section>`

// ---------------------------------------------------------------- the Markdown that our reports use

function html(markdown, lines = []) {
  const parts = markdown.replace(/<!--.*?-->/gs, '').split(/^(```suggestion\n.*?\n?```)$/ms)
  const blocks = parts.flatMap(part => (part.startsWith('```') ? [part] : part.trim().split(/\n{2,}/)))
  return blocks.map(block => blockOf(block.trim(), lines)).join('\n')
}

function blockOf(block, lines) {
  const suggestion = /^```suggestion\n(.*?)\n?```$/s.exec(block)
  if (suggestion) {
    const removed = lines.map(({ text }) => diffRow({ sign: '-', text, number: 0 }))
    const added = suggestion[1].split('\n').map(text => diffRow({ sign: '+', text, number: 0 }))
    return `<div class="suggestion"><header>Suggested change</header><table class="diff">${removed.join('')}${added.join('')}</table></div>`
  }
  if (block.startsWith('- '))
    return `<ul>${block
      .split(/^- /m)
      .slice(1)
      .map(item => `<li>${inline(item)}</li>`)
      .join('')}</ul>`
  return `<p>${inline(block)}</p>`
}

function inline(text) {
  const codes = []
  return escaped(
    text.replace(
      /(`+)(?!`)(.*?[^`])\1(?!`)/g,
      (_, _ticks, code) => `\0${codes.push(escaped(code.replaceAll('\u2060', ''))) - 1}\0`
    )
  )
    .replace(/&lt;(\/?(?:sub|br))&gt;/g, '<$1>')
    .replace(/&amp;(#?\w+;)/g, '&$1')
    .replace(/\*\*(.*?)\*\*/g, '<b>$1</b>')
    .replace(/\[(.*?)\]\((\S*?)\)/g, '<a href="$2">$1</a>')
    .replace(/\\(?=[^\w\s])/g, '')
    .replace(/^❌|✅|⚪/, icon => `<i class="mark ${{ '❌': 'failure', '✅': 'success' }[icon] ?? ''}"></i>`)
    .replace(/\0(\d+)\0/g, (_, i) => `<code>${codes[i]}</code>`)
}

const escaped = text =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const STYLE = `
:root { color-scheme: light; --line: #d1d9e0; --soft: #f6f8fa; --dim: #59636e }
body { margin: 0; background: #fff; color: #1f2328; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
main { width: 860px; margin: 24px auto }
h1 { font-size: 26px; font-weight: 400; margin: 0 0 16px; padding-bottom: 12px; border-bottom: 1px solid var(--line) }
h1 span, small { color: var(--dim) }
code { font: 12px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; background: #eff1f3; border-radius: 6px; padding: .15em .4em }
a { color: #0969da; text-decoration: none }
.box { border: 1px solid var(--line); border-radius: 6px; margin-bottom: 16px; overflow: hidden }
.thread { margin-left: 40px }
header { background: var(--soft); border-bottom: 1px solid var(--line); padding: 8px 16px }
.path { font: 12px ui-monospace, "DejaVu Sans Mono", monospace }
.comment { margin: 12px; border: 1px solid var(--line); border-radius: 6px; overflow: hidden }
.comment > header { background: none; border: 0; padding-bottom: 0 }
.body { padding: 4px 16px 8px }
.body p, .body ul { margin: 6px 0 } .body ul { padding-left: 20px }
.avatar { display: inline-block; width: 20px; height: 20px; border-radius: 50%; background: #1f2328; vertical-align: -5px; margin-right: 8px }
.bot { border: 1px solid var(--line); border-radius: 2em; padding: 0 6px; font-size: 12px; color: var(--dim) }
.mark { display: inline-block; width: 14px; height: 14px; border-radius: 50%; margin-right: 8px; vertical-align: -2px; background: #59636e }
.mark.failure { background: #d1242f } .mark.success { background: #1a7f37 }
table { border-collapse: collapse; width: 100% }
.diff td { font: 12px/20px ui-monospace, "DejaVu Sans Mono", monospace; padding: 0 10px; white-space: pre-wrap }
.diff td:first-child { width: 34px; text-align: right; color: var(--dim); user-select: none }
.diff .added { background: #dafbe1 } .diff .removed { background: #ffebe9 }
.suggestion { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; margin: 8px 0 }
.suggestion header { padding: 4px 10px; font-size: 12px } .suggestion td:first-child { display: none }
.annotations td { padding: 6px 16px; border-top: 1px solid var(--line); vertical-align: top }
.annotations tr:first-child td { border-top: 0 }
.annotations .failure td:first-child { color: #d1242f } .annotations .warning td:first-child { color: #9a6700 }
.annotations td:nth-child(2) { white-space: nowrap }
`
