import type { EditKind, Example, Files, Rule, World } from '../model.js'

/** The rules as a documentation page: docs/rules.md, and what `rules --markdown` prints. */
export function rulesMarkdown(rules: Rule[]): string {
  const rows = rules.map(
    rule => `| [${rule.id}](#${anchor(rule.id)}) | ${rule.severity} | ${rule.topic} | ${rule.preset} | ${rule.title} |`
  )
  return [
    '# Rules',
    '',
    'Written by the program (`pipeline-hygiene rules --markdown`). A rule is on from the smallest preset it names:',
    '`recommended`, `strict` or `all`. [config.md](config.md) says how to change severity, options and paths.',
    '',
    '| rule | severity | topic | preset | finds |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...rules.map(ruleMarkdown)
  ].join('\n')
}

const EDITS: Record<EditKind, string> = {
  safe: 'Has an edit that `--fix` applies, where nothing else changes by it',
  suggested: 'Has an edit that is suggested: it may change more than is meant, and only `--fix-all` applies it'
}

const anchor = (id: string) => id.replaceAll('/', '')

/** One rule as Markdown: facts, options, the same problem in other tools, an example that is reported and one that is not. */
export function ruleMarkdown(rule: Rule): string {
  const lines = [
    `## ${rule.id}`,
    '',
    `**${rule.title}** · ${rule.severity} · ${rule.topic} · \`${rule.preset}\``,
    '',
    rule.why,
    '',
    `**What is right:** ${rule.fix}`,
    ''
  ]
  const options = Object.entries(rule.options ?? {})
  if (options.length) {
    lines.push('| option | type | default | meaning |', '| --- | --- | --- | --- |')
    for (const [name, { type, default: value, about }] of options)
      lines.push(`| \`${name}\` | ${type} | \`${JSON.stringify(value)}\` | ${about} |`)
    lines.push('')
  }
  if (rule.edits) lines.push(`${EDITS[rule.edits]}.`, '')
  const peers = peersOf(rule)
  if (peers) lines.push(`Elsewhere: ${peers}`, '')
  lines.push('Reported:', '', ...exampleMarkdown(rule.bad), 'Fine:', '', ...exampleMarkdown(rule.good))
  return lines.join('\n')
}

function exampleMarkdown(example: Example): string[] {
  const world = worldOf(example)
  const lines: string[] = []
  const files = (title: string, all: Files) => {
    for (const [path, text] of Object.entries(all)) {
      const fence = fenceFor(text)
      lines.push(`\`${path}\`${title}`, '', `${fence}${languageOf(path)}`, text.replace(/\n$/, ''), fence, '')
    }
  }
  if (world.base) files(' before', world.base)
  files(world.base ? ' after' : '', world.head)
  if (world.branch) lines.push(`with the branch rules \`${JSON.stringify(world.branch)}\``, '')
  if (world.facts) lines.push(`where GitHub says \`${JSON.stringify(world.facts)}\``, '')
  if (world.options) lines.push(`with the options \`${JSON.stringify(world.options)}\``, '')
  return lines
}

/** One rule for a terminal. */
export function ruleText(rule: Rule): string {
  const lines = [
    `${rule.id} (${rule.severity}, ${rule.topic}, preset ${rule.preset})`,
    '',
    rule.title,
    '',
    `Why    ${rule.why}`,
    `Right  ${rule.fix}`
  ]
  for (const [name, { type, default: value, about }] of Object.entries(rule.options ?? {}))
    lines.push(`Option ${name} (${type}, default ${JSON.stringify(value)}): ${about}`)
  if (rule.edits) lines.push(`Edit   ${EDITS[rule.edits]}`)
  const peers = peersOf(rule)
  if (peers) lines.push(`Else   ${peers}`)
  for (const [title, example] of [
    ['Reported:', rule.bad],
    ['Fine:', rule.good]
  ] as const) {
    lines.push('', title)
    const world = worldOf(example)
    const show = (suffix: string, files: Files) => {
      for (const [path, text] of Object.entries(files))
        lines.push(
          '',
          `  ${path}${suffix}`,
          ...text
            .replace(/\n$/, '')
            .split('\n')
            .map(line => `    ${line}`)
        )
    }
    if (world.base) show(' (before)', world.base)
    show(world.base ? ' (after)' : '', world.head)
    if (world.branch) lines.push('', `  branch rules: ${JSON.stringify(world.branch)}`)
    if (world.facts) lines.push('', `  where GitHub says: ${JSON.stringify(world.facts)}`)
    if (world.options) lines.push('', `  options: ${JSON.stringify(world.options)}`)
  }
  return `${lines.join('\n')}\n`
}

const peersOf = ({ peers }: Rule): string =>
  Object.entries(peers ?? {})
    .map(([tool, ids]) => `${tool} ${[ids].flat().join(', ')}`)
    .join(' · ')

function worldOf(example: Example): World {
  return isWorld(example) ? example : { head: example }
}
const isWorld = (example: Example): example is World => typeof example.head === 'object'

function languageOf(path: string): string {
  if (/\.ya?ml$/.test(path)) return 'yaml'
  if (/(^|\/)(Dockerfile|Containerfile)|\.Dockerfile$/i.test(path)) return 'dockerfile'
  if (/\.json$/.test(path)) return 'json'
  return ''
}

function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  return '`'.repeat(longest + 1)
}
