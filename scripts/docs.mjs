// Writes what the program says of itself: docs/rules.md, docs/config.md, schema/config.json, and the marked parts of README.md.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'
import { configMarkdown, configSchema } from '../lib/config-docs.js'
import { allRules as rules } from '../lib/inspect.js'
import { rulesMarkdown } from '../lib/report/rules.js'

mkdirSync('schema', { recursive: true })
writeFileSync('docs/rules.md', rulesMarkdown(rules))
writeFileSync('docs/config.md', configMarkdown(rules))
writeFileSync('schema/config.json', `${JSON.stringify(configSchema(rules), null, 2)}\n`)

const shown = ['examples/bad', '--rule', 'pipeline/*', '--rule', 'workflow/script-injection', '--rule', 'compose/*']
const parts = {
  terminal: fenced('console', `$ npm start -- ${shown.join(' ')}\n${cli(...shown)}`),
  gate: fenced('console', `$ npm start -- gate examples/bad\n${cli('gate', 'examples/bad')}`),
  usage: fenced('', cli('--help')),
  inputs: inputs(parse(readFileSync('action.yml', 'utf8')).inputs)
}
let readme = readFileSync('README.md', 'utf8')
for (const [name, text] of Object.entries(parts)) {
  const open = `<!-- generated: ${name} -->`
  const from = readme.indexOf(open)
  const to = readme.indexOf('<!-- end -->', from)
  if (from < 0 || to < 0) throw new Error(`README.md has no part marked ${open} … <!-- end -->`)
  readme = `${readme.slice(0, from + open.length)}\n${text}\n${readme.slice(to)}`
}
writeFileSync('README.md', readme)

function cli(...args) {
  const { stdout } = spawnSync(process.execPath, ['lib/cli.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' }
  })
  // What differs from run to run would make a difference to commit.
  return stdout.replace(/ in [\d.,]+ m?s\b/g, '').trim()
}

function fenced(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``
}

function inputs(all) {
  const cell = text => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const rows = Object.entries(all).map(
    ([name, { description, default: value }]) =>
      `| \`${name}\` | ${value ? `\`${value}\`` : ''} | ${cell(description)} |`
  )
  return ['| input | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')
}
