import { CONTEXTS, definitionOf, ROOTS, type SchemaFile } from './data/workflow-schema.js'

export type { SchemaFile } from './data/workflow-schema.js'

/** Where a value stands in a file: keys of mappings and positions in lists, from the root: ['jobs', 'test', 'steps', 0, 'run']. */
export type Path = readonly (string | number)[]

/** What expressions may use at a place. */
export interface Availability {
  /** Names of contexts; none where no expression may stand at all. */
  contexts: string[]
  /** Functions beside those that may stand anywhere (contains, format, …), with how many arguments they take. */
  functions: { name: string; least: number; most: number }[]
}

/** What an expression at this place may use; undefined where our data does not know the place. */
export function availabilityAt(file: SchemaFile, path: Path): Availability | undefined {
  let here: Typed[] = [{ type: ROOTS[file], at: [] }]
  for (const part of path) {
    here = flat(file, here).flatMap(place => below(file, place, part))
    if (!here.length) return undefined
  }
  const [first] = flat(file, here)
  return first && availabilityOf(first.at)
}

/** A type, and the rows of contexts that it and all around it have. */
interface Typed {
  type: string
  at: number[]
}

/** Types without choices. */
function flat(file: SchemaFile, places: Typed[]): Typed[] {
  return places.flatMap(({ type, at }) => {
    const { one, at: own } = definitionOf(file, type)
    const all = own === undefined ? at : [...at, own]
    return one
      ? flat(
          file,
          one.map(type => ({ type, at: all }))
        )
      : [{ type, at: all }]
  })
}

function below(file: SchemaFile, { type, at }: Typed, part: string | number): Typed[] {
  const { keys, any, of } = definitionOf(file, type)
  const next = typeof part === 'number' ? of : (keys?.find(([name]) => name === part)?.[1] ?? any)
  return next === undefined ? [] : [{ type: next, at }]
}

const availabilities = new Map<string, Availability>()
function availabilityOf(rows: number[]): Availability {
  const key = rows.join()
  let found = availabilities.get(key)
  if (!found) {
    const words = new Set(rows.flatMap(row => CONTEXTS[row]!.split(' ')))
    found = { contexts: [], functions: [] }
    for (const word of words) {
      const [, name, least, most] = /^(\w+)\((\d+),(\w+)\)$/.exec(word) ?? []
      if (name) found.functions.push({ name, least: Number(least), most: most === 'MAX' ? Infinity : Number(most) })
      else found.contexts.push(word)
    }
    availabilities.set(key, found)
  }
  return found
}
