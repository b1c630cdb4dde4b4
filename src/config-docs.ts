import { DEFAULTS, KEYS, LEVELS, PRESETS, PROFILES, SEVERITIES, TOPICS, UNKNOWNS } from './config.js'
import type { OptionSpec, Rule } from './model.js'
import { READERS } from './peer-comments.js'
import { PEER_TOOLS } from './peer-config.js'

/** What a key is for, for editors and the documentation. */
const ABOUT: Record<(typeof KEYS)[number], string> = {
  preset: 'Which rules are on. Each preset holds the ones before it: recommended, strict, all.',
  profile:
    'Who works here, which decides what is asked of the rules of the branch: `solo` is asked for no reviews, `regulated` for everything, whatever the preset.',
  require:
    'Topics that must be met at the head of a pull request, whoever brought their problem about. An empty list or `none` requires nothing.',
  'fail-on': 'Smallest severity at which a new finding blocks.',
  unknown: 'What follows where a required topic can be neither confirmed nor denied: a neutral conclusion, or failure.',
  'warn-only-until': 'Before this day (YYYY-MM-DD, UTC) nothing blocks; reports say what would.',
  rules:
    'Severity and options by rule id, or by a pattern with `*`. Later entries win. `on` switches a rule on at its own severity, whatever the preset.',
  paths: 'Severities for some paths only: a list of `match` (globs) and `rules`. They win over `rules`.',
  source: 'Globs of source files beside the built-in ones; `!glob` takes paths out. Later ones win.',
  tests: 'Globs of test files beside the built-in ones; `!glob` takes paths out. Later ones win.',
  shellcheck: 'Whether ShellCheck may run, where it is installed and a rule that is on asks for it.',
  pyflakes: 'Whether pyflakes may run, where it is installed and a rule that is on asks for it.'
}

const TEXTS = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }

/** JSON Schema (2020-12) of the config file, for editors. */
export function configSchema(rules: Rule[]): object {
  const level = { enum: [...LEVELS] }
  const severity = { description: 'How much a finding matters, or off.', ...level }
  const forRule = (rule: Rule) => ({
    description: `${rule.title}. ${rule.why}`,
    anyOf: [
      level,
      {
        type: 'object',
        additionalProperties: false,
        properties: { severity, ...(rule.options && { options: optionsSchema(rule.options) }) }
      }
    ]
  })
  const ids = Object.fromEntries(rules.map(rule => [rule.id, forRule(rule)]))
  const pattern = {
    anyOf: [
      level,
      { type: 'object', properties: { severity, options: { type: 'object' } }, additionalProperties: false }
    ]
  }
  const settings = {
    type: 'object',
    properties: ids,
    patternProperties: { '\\*': pattern },
    additionalProperties: false
  }
  const properties: Record<(typeof KEYS)[number], object> = {
    preset: { enum: [...PRESETS], default: DEFAULTS.preset },
    profile: { enum: [...PROFILES], default: DEFAULTS.profile },
    require: {
      anyOf: [{ type: 'array', items: { enum: [...TOPICS] } }, { type: 'string' }],
      default: DEFAULTS.require
    },
    'fail-on': { enum: [...SEVERITIES], default: DEFAULTS.failOn },
    unknown: { enum: [...UNKNOWNS], default: DEFAULTS.unknown },
    'warn-only-until': { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    rules: settings,
    paths: {
      type: 'array',
      items: {
        type: 'object',
        required: ['match', 'rules'],
        additionalProperties: false,
        properties: { match: TEXTS, rules: { $ref: '#/properties/rules' } }
      }
    },
    source: TEXTS,
    tests: TEXTS,
    shellcheck: { type: 'boolean', default: DEFAULTS.shellcheck },
    pyflakes: { type: 'boolean', default: DEFAULTS.pyflakes }
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Pipeline Hygiene config',
    description: 'The file .github/pipeline-hygiene.yml',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(KEYS.map(key => [key, { description: ABOUT[key], ...properties[key] }]))
  }
}

function optionsSchema(options: Record<string, OptionSpec>): object {
  const types = {
    string: { type: ['string', 'number', 'boolean'] },
    number: { type: 'number' },
    boolean: { type: 'boolean' },
    strings: TEXTS,
    map: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } }
  }
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(options).map(([name, spec]) => [
        name,
        { description: spec.about, default: spec.default, ...types[spec.type] }
      ])
    )
  }
}

/** docs/config.md: every key with its values and default, then the options of rules. */
export function configMarkdown(rules: Rule[]): string {
  const values: Record<(typeof KEYS)[number], string> = {
    preset: words(PRESETS),
    profile: words(PROFILES),
    require: `list of ${words(TOPICS)}`,
    'fail-on': words(SEVERITIES),
    unknown: words(UNKNOWNS),
    'warn-only-until': 'a day',
    rules: `rule id or pattern to ${words(LEVELS)}, or to \`{ severity, options }\``,
    paths: 'list of `{ match, rules }`',
    source: 'list of globs',
    tests: 'list of globs',
    shellcheck: '`true` or `false`',
    pyflakes: '`true` or `false`'
  }
  const defaults: Partial<Record<string, string>> = {
    preset: DEFAULTS.preset,
    profile: DEFAULTS.profile,
    require: `[${DEFAULTS.require.join(', ')}]`,
    'fail-on': DEFAULTS.failOn,
    unknown: DEFAULTS.unknown,
    shellcheck: String(DEFAULTS.shellcheck),
    pyflakes: String(DEFAULTS.pyflakes)
  }
  const keys = KEYS.map(key => {
    const standard = defaults[key] ? ` Default: \`${defaults[key]}\`.` : ''
    return `| \`${key}\` | ${values[key]} | ${ABOUT[key]}${standard} |`
  })
  const options = rules.flatMap(({ id, options = {} }) =>
    Object.entries(options).map(
      ([name, { type, default: standard, about }]) =>
        `| \`${id}\` | \`${name}\` | ${{ strings: 'list of texts', map: 'mapping of names to texts', string: 'string', number: 'number', boolean: 'boolean' }[type]} | \`${JSON.stringify(standard)}\` | ${cell(about)} |`
    )
  )
  return `<!-- Written by the program: npm run all -->

# Config

The file \`.github/pipeline-hygiene.yml\` is optional. It is read at the tip of the target branch, never from the pull request
itself; a pull request that changes it is told what the change will do after the merge. Wrong keys and values end the run with
exit code 2 and are named with file, line and what would be right. Editors check and complete the file with
\`schema/config.json\`.

\`\`\`yaml
preset: recommended
require: [tests, health]
fail-on: error
unknown: neutral
warn-only-until: 2027-01-31
rules:
  workflow/outdated-action: off
  'dockerfile/*': warning
  workflow/unpinned-action: { severity: error }
paths:
  - match: ['examples/**']
    rules: { '*': off }
source: ['lib/**', '!lib/generated/**']
tests: ['checks/**']
\`\`\`

| Key | Values | Meaning |
|---|---|---|
${keys.join('\n')}

Inputs of the action and flags of the command line win over \`config-inline\`, and that over the file. Lists of rules, paths
and globs are continued, everything else is replaced.

Globs match paths from the root of the repository, files that begin with a dot included; one without a slash matches a name in
any folder. \`**\` stands for any folders, \`{a,b}\` for a choice.

## Options of rules

${options.length ? `| Rule | Option | Type | Default | Meaning |\n|---|---|---|---|---|\n${options.join('\n')}` : 'No rule has any.'}

## Suppressions

A comment quiets a rule for the job, step, service, container or instruction that it stands in or directly above:

\`\`\`yaml
      # pipeline-hygiene ignore workflow/unpinned-action -- our own action, released from this repository
      - uses: my-org/deploy@v2
\`\`\`

Several rules are separated by commas, \`*\` stands for anything, and the reason after \`--\` is required.
\`# pipeline-hygiene ignore-file <rule> -- <reason>\` holds for the whole file. A suppression that names no rule there is or
gives no reason does not count and is reported, and so is one that quiets nothing any more. Suppressions that a pull request
adds are listed in its report, and count only when its author may write to the repository.

${peersMarkdown()}`
}

function peersMarkdown(): string {
  const comments = READERS.flatMap(({ tool, forms }) =>
    Object.entries(forms).map(([form, quiets]) => `| ${tool} | \`${cell(form)}\` | ${cell(quiets)} |`)
  )
  const files = PEER_TOOLS.flatMap(({ paths, keys }) =>
    Object.entries(keys).map(
      ([key, becomes]) => `| ${words(paths)} | ${/\s/.test(key) ? key : `\`${key}\``} | ${cell(becomes)} |`
    )
  )
  return `## Comments and config of other tools

Findings carry the ids of the same problem in other tools, and what is said to those tools of an id holds here too. One id is
enough to quiet a finding that carries several.

Comments in Dockerfiles count as suppressions do: those that a pull request adds are listed, and count only when its author may
write to the repository. They are never called unused, since their tool may need them.

| Tool | Comment | What is quiet |
|---|---|---|
${comments.join('\n')}

Files are read at the root of the target branch, never from the pull request itself. They are weaker than our own config, and
switch no rule on that the preset leaves off, unless it says so here. One that cannot be read is listed as not checked and
never fails a run. Everything else in them is theirs alone: what blocks is \`fail-on\`, not \`failure-threshold\` or \`no-fail\`.

| File | Key | Here |
|---|---|---|
${files.join('\n')}
`
}

const words = (list: readonly string[]) => list.map(word => `\`${word}\``).join(', ')
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
