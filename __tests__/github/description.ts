/** GitHub's official OpenAPI description, as a router, as validators and as the filler of answers. */
import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'

export type Json = Record<string, unknown>
type Schema = Json & {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  format?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}
interface Operation {
  id: string
  path: Schema
  query: Schema
  body?: Schema
  bodyRequired?: boolean
  responses: Record<string, Schema | null>
}

const description: { operations: Record<string, Operation>; schemas: Record<string, Schema> } = JSON.parse(
  readFileSync(new URL('./openapi.json', import.meta.url), 'utf8').replaceAll('"#/schemas/', '"github#/schemas/')
)

const formats = {
  'date-time': (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text),
  uri: (text: string) => URL.canParse(text),
  'repo.nwo': true,
  email: true,
  timestamp: true,
  int64: true,
  date: true,
  hostname: true,
  binary: true
} as const
const settings = { strict: false, allErrors: true, logger: false, formats } as const
const ajv = new Ajv(settings)
// Paths and queries are texts: numbers and booleans in them are read as such.
const coercing = new Ajv({ ...settings, coerceTypes: true })
const root = { $id: 'github', schemas: description.schemas }
ajv.addSchema(root)
coercing.addSchema(root)

export interface Route {
  key: string
  operation: Operation
  parameters: Json
}

const routes = Object.entries(description.operations).map(([key, operation]) => {
  const [method, path] = key.split(' ')
  return { key, operation, method, parts: path!.split('/') }
})

/** The operation for a request; the more literal path wins. */
export function routeOf(method: string, path: string): Route | undefined {
  const parts = path.split('/')
  for (const route of routes) {
    const rest = route.key.endsWith('/contents/{path}')
    if (route.method !== method || (rest ? parts.length < route.parts.length : parts.length !== route.parts.length))
      continue
    const parameters: Json = {}
    const fits = route.parts.every((part, i) => {
      if (!part.startsWith('{')) return part === parts[i]
      const raw = rest && i === route.parts.length - 1 ? parts.slice(i).join('/') : parts[i]!
      parameters[part.slice(1, -1)] = decodeURIComponent(raw)
      return raw !== ''
    })
    if (fits) return { key: route.key, operation: route.operation, parameters }
  }
  return undefined
}

const compiled = new Map<Schema, ValidateFunction>()
function validator(schema: Schema, of = ajv): ValidateFunction {
  const known = compiled.get(schema) ?? of.compile(schema)
  compiled.set(schema, known)
  return known
}

const said = (where: string, errors: ErrorObject[] | null | undefined) =>
  (errors ?? []).map(
    error => `${where}${error.instancePath} ${error.message} ${JSON.stringify(error.params).slice(0, 120)}`
  )

/** What is wrong with a request; reads numbers in `parameters` and `query` on the way. */
export function wrongInRequest({ operation, parameters }: Route, query: Json, body: unknown): string[] {
  const wrong: string[] = []
  for (const [where, schema, value] of [
    ['path', operation.path, parameters],
    ['query', operation.query, query]
  ] as const) {
    const validate = validator(schema, coercing)
    if (!validate(value)) wrong.push(...said(where, validate.errors))
  }
  if (!operation.body) {
    if (body !== undefined) wrong.push('body is not taken')
  } else if (body !== undefined || operation.bodyRequired) {
    const validate = validator(closed(operation.body))
    if (!validate(body)) wrong.push(...said('body', validate.errors))
  }
  return wrong
}

const closedOnes = new Map<Schema, Schema>()
/** The official schemas let unknown properties pass, which hides misspelt ones. */
function closed(schema: Schema): Schema {
  const known = closedOnes.get(schema)
  if (known) return known
  const copy: Schema = { ...schema }
  if (schema.properties) {
    copy.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, each]) => [name, closed(each)]))
    copy.additionalProperties = false
  }
  if (schema.items) copy.items = closed(schema.items)
  closedOnes.set(schema, copy)
  return copy
}

/** Where real answers are not what the description says. */
const WAIVERS: [operation: RegExp, path: RegExp, reason: string][] = [
  [/pulls/, /^(\/\d+)?\/head\/repo/, 'null once the fork is deleted'],
  [/pulls.*comments/, /^(\/\d+)?\/(line|start_line|start_side|position)/, 'null once the comment is outdated'],
  [/GET .*\/contents\//, /^/, 'four shapes in one'],
  [/rules/, /\/(rules\/)?\d+/, 'rule types that are newer than the description']
]

/** What is wrong with an answer of ours: a fault of the stand-in. */
export function wrongInAnswer({ key, operation }: Route, status: number, body: unknown): string[] {
  const schema = operation.responses[status]
  if (schema === undefined) return [`answer ${status} is not described`]
  if (schema === null) return []
  const validate = validator(schema)
  if (validate(body)) return []
  const errors = validate.errors?.filter(
    error => !WAIVERS.some(([op, path]) => op.test(key) && path.test(error.instancePath))
  )
  return said('answer', errors).slice(0, 3)
}

/** An answer to an operation: what state knows, and for everything else that must be there, something valid. */
export function answerTo(key: string, status: number, values: unknown): unknown {
  return fill(description.operations[key]?.responses[status] ?? {}, values)
}

function fill(schema: Schema, values?: unknown): unknown {
  if (schema.$ref) return fill(description.schemas[schema.$ref.split('/').pop()!]!, values)
  if (values === null) return null
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) {
    if (values === undefined) return choices.some(each => each.type === 'null') ? null : fill(choices[0]!)
    const fitting = choices.find(each => {
      const { type, anyOf, oneOf } = resolved(each)
      return anyOf !== undefined || oneOf !== undefined || type === typeOf(values)
    })
    // Longer lists are of rule types, which come whole.
    return fitting && choices.length < 4 ? fill(fitting, values) : values
  }
  if (schema.allOf) {
    if (values !== undefined && schema.allOf.length > 1) return values
    return fill(schema.allOf[0]!, values)
  }
  if (Array.isArray(values)) return values.map(value => (schema.items ? fill(schema.items, value) : value))
  const types = [schema.type].flat()
  if (values === undefined) {
    if (types.includes('null')) return null
    if (schema.enum) return schema.enum[0]
    if (types.includes('string')) return textFor(schema.format)
    if (types.includes('integer') || types.includes('number')) return 0
    if (types.includes('boolean')) return false
    if (types.includes('array')) return []
  }
  if (typeof values !== 'object' && values !== undefined) return values
  const given = (values ?? {}) as Json
  const filled: Json = {}
  for (const [name, each] of Object.entries(schema.properties ?? {}))
    if (name in given || schema.required?.includes(name)) filled[name] = fill(each, given[name])
  return { ...given, ...filled }
}

const resolved = (schema: Schema): Schema =>
  schema.$ref ? resolved(description.schemas[schema.$ref.split('/').pop()!]!) : schema
const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value)

function textFor(format: string | undefined): string {
  if (format === 'uri') return 'https://github.test/'
  if (format === 'date-time') return '2026-11-20T12:00:00Z'
  return ''
}
