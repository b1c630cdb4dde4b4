/**
 * Writes __tests__/github/openapi.json: the operations that we use, cut out of GitHub's official OpenAPI description and
 * made JSON Schema that Ajv takes (3.0's `nullable` becomes a null type). Texts, examples and error answers are left out.
 *
 *   npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json package/package.json
 *   node scripts/data/github-openapi.mjs package/generated/api.github.com.json
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const from = process.argv[2]
if (!from) {
  console.error('usage: node scripts/data/github-openapi.mjs <api.github.com.json>')
  process.exit(2)
}
const description = JSON.parse(readFileSync(from, 'utf8'))
const manifest = join(dirname(from), '../package.json')
const version = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : 'unknown'

const repo = '/repos/{owner}/{repo}'
const wanted = [
  'GET /rate_limit',
  'GET /user',
  `GET ${repo}`,
  `GET ${repo}/branches/{branch}`,
  `GET ${repo}/branches/{branch}/protection`,
  `GET ${repo}/rules/branches/{branch}`,
  `GET ${repo}/rulesets`,
  `GET ${repo}/rulesets/{ruleset_id}`,
  `GET ${repo}/compare/{basehead}`,
  `GET ${repo}/commits/{ref}`,
  `GET ${repo}/commits/{ref}/check-runs`,
  `GET ${repo}/commits/{ref}/statuses`,
  `GET ${repo}/commits/{commit_sha}/pulls`,
  `GET ${repo}/contents/{path}`,
  `GET ${repo}/collaborators/{username}/permission`,
  `GET ${repo}/git/trees/{tree_sha}`,
  `GET ${repo}/git/blobs/{file_sha}`,
  `GET ${repo}/pulls`,
  `GET ${repo}/pulls/{pull_number}`,
  `GET ${repo}/pulls/{pull_number}/files`,
  `GET ${repo}/pulls/{pull_number}/reviews`,
  `POST ${repo}/pulls/{pull_number}/reviews`,
  `PUT ${repo}/pulls/{pull_number}/reviews/{review_id}`,
  `DELETE ${repo}/pulls/{pull_number}/reviews/{review_id}`,
  `POST ${repo}/pulls/{pull_number}/reviews/{review_id}/events`,
  `PUT ${repo}/pulls/{pull_number}/reviews/{review_id}/dismissals`,
  `GET ${repo}/pulls/{pull_number}/comments`,
  `DELETE ${repo}/pulls/comments/{comment_id}`,
  `POST ${repo}/check-runs`,
  `PATCH ${repo}/check-runs/{check_run_id}`,
  `GET ${repo}/check-runs/{check_run_id}/annotations`,
  `POST ${repo}/statuses/{sha}`,
  `GET ${repo}/issues/{issue_number}/comments`,
  `POST ${repo}/issues/{issue_number}/comments`,
  `PATCH ${repo}/issues/comments/{comment_id}`
]

const schemas = new Map()
const operations = {}
for (const key of wanted) {
  const [method, path] = key.split(' ')
  const operation = description.paths[path]?.[method.toLowerCase()]
  if (!operation) throw new Error(`the description has no ${key}`)
  const parameters = (operation.parameters ?? []).map(resolved)
  const body = operation.requestBody && resolved(operation.requestBody)
  const responses = {}
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!/^2/.test(status)) continue
    const content = resolved(answer).content ?? {}
    const schema = (content['application/json'] ?? Object.values(content)[0])?.schema
    responses[status] = schema ? clean(schema) : null
  }
  operations[key] = {
    id: operation.operationId,
    path: schemaOf(parameters.filter(each => each.in === 'path')),
    query: schemaOf(parameters.filter(each => each.in === 'query')),
    ...(body && { body: clean(body.content['application/json'].schema), bodyRequired: body.required === true }),
    responses
  }
}

const rows = object =>
  Object.entries(object)
    .map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')
const sorted = Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
const out = `{
  "source": ${JSON.stringify(`@octokit/openapi ${version}, api.github.com.json, MIT licence`)},
  "operations": {
${rows(operations)}
  },
  "schemas": {
${rows(sorted)}
  }
}
`
writeFileSync(new URL('../../__tests__/github/openapi.json', import.meta.url), out)
console.log(`${wanted.length} operations, ${schemas.size} schemas, ${(out.length / 1024).toFixed(0)} KB`)

function resolved(value) {
  if (!value.$ref) return value
  return value.$ref
    .split('/')
    .slice(1)
    .reduce((at, step) => at[step], description)
}

function schemaOf(parameters) {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(parameters.map(each => [each.name, clean(each.schema)])),
    required: parameters.filter(each => each.required).map(each => each.name)
  }
}

/** A schema without texts; what it refers to is collected beside it. */
function clean(schema) {
  if (Array.isArray(schema)) return schema.map(clean)
  if (typeof schema !== 'object' || schema === null) return schema
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop()
    if (!schemas.has(name)) {
      schemas.set(name, null)
      schemas.set(name, clean(description.components.schemas[name]))
    }
    return { $ref: `#/schemas/${name}` }
  }
  const kept = {}
  for (const [key, value] of Object.entries(schema)) {
    if (
      ['description', 'example', 'examples', 'title', 'default', 'externalDocs', 'deprecated', 'nullable'].includes(key)
    )
      continue
    if (key.startsWith('x-')) continue
    // A property may be called "description": names are kept, their schemas cleaned.
    if (key === 'properties' || key === 'patternProperties')
      kept[key] = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each)]))
    else kept[key] = key === 'enum' || key === 'required' ? value : clean(value)
  }
  if (!schema.nullable) return kept
  if (kept.enum && !kept.enum.includes(null)) kept.enum = [...kept.enum, null]
  if (typeof kept.type === 'string') return { ...kept, type: [kept.type, 'null'] }
  return { anyOf: [kept, { type: 'null' }] }
}
