// Writes docs/rules.md, docs/config.md and schema/config.json with the program itself.
import { mkdirSync, writeFileSync } from 'node:fs'
import { configMarkdown, configSchema } from '../lib/config-docs.js'
import { rulesMarkdown } from '../lib/report/rules.js'
import { allRules as rules } from '../lib/inspect.js'

mkdirSync('schema', { recursive: true })
writeFileSync('docs/rules.md', rulesMarkdown(rules))
writeFileSync('docs/config.md', configMarkdown(rules))
writeFileSync('schema/config.json', `${JSON.stringify(configSchema(rules), null, 2)}\n`)
