import type { Text, Workflow } from './model.js'
import { listOf, mapOf, scalarOf } from './parse/yaml.js'

/** The entries of a workflow's `schedule`. */
export function schedulesOf(workflow: Workflow): { cron?: Text; timezone?: Text }[] {
  const items = listOf(mapOf(workflow.yaml.get('on'))?.get('schedule'))?.items ?? []
  return items.flatMap(item => {
    const map = mapOf(item)
    if (!map) return []
    const cron = scalarOf(map.get('cron'))
    const timezone = scalarOf(map.get('timezone'))
    return [{ ...(cron && { cron }), ...(timezone && { timezone }) }]
  })
}

/** What a cron expression stands for: the values of its five fields, in order. */
export type Cron = number[][]
export interface CronError {
  message: string
  from: number
  to: number
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const FIELDS: { name: string; least: number; most: number; words?: string[] }[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, words: MONTHS },
  { name: 'day of the week', least: 0, most: 6, words: DAYS }
]
/** Nobody writes one that is longer. */
const MAX_LENGTH = 1000

/** Reads a cron expression as GitHub does: five fields of POSIX cron, with names of months and days. */
export function readCron(text: string): Cron | CronError {
  const all = { from: 0, to: text.length }
  if (text.length > MAX_LENGTH) return { message: 'it is longer than any schedule', ...all }
  if (text.trim().startsWith('@'))
    return { message: `${text.trim()} is not known to GitHub: write five fields`, ...all }
  const words = [...text.matchAll(/\S+/g)]
  if (words.length !== FIELDS.length)
    return { message: `it has ${words.length} ${words.length === 1 ? 'field' : 'fields'} in place of five`, ...all }
  const cron: Cron = []
  for (const [index, word] of words.entries()) {
    const values = valuesOf(word[0], FIELDS[index]!)
    if (typeof values === 'string') return { message: values, from: word.index, to: word.index + word[0].length }
    cron.push(values)
  }
  return cron
}

/** The fewest minutes between two starts; undefined where it never starts twice within a day's reach of an hour. */
export function shortestGap([minutes = [], hours = []]: Cron): number {
  let least = Number.POSITIVE_INFINITY
  for (let at = 1; at < minutes.length; at++) least = Math.min(least, minutes[at]! - minutes[at - 1]!)
  const follows = hours.some(hour => hours.includes((hour + 1) % 24))
  if (follows) least = Math.min(least, minutes[0]! + 60 - minutes.at(-1)!)
  return least
}

type FieldRange = (typeof FIELDS)[number]

function valuesOf(written: string, field: FieldRange): number[] | string {
  const values = new Set<number>()
  for (const part of written.split(',')) {
    const [range = '', step, ...more] = part.split('/')
    const [first = '', last, ...rest] = range.split('-')
    if (more.length || rest.length || part === '') return `'${part}' is no ${field.name}`
    const isAny = range === '*'
    const from = isAny ? field.least : numberOf(first, field)
    // A step without an end goes on to the last.
    const to = isAny || (step !== undefined && last === undefined) ? field.most : numberOf(last ?? first, field)
    if (from === undefined || to === undefined)
      return `'${part}' is no ${field.name}, which goes from ${field.least} to ${field.most}`
    if (from > to) return `'${part}' ends before it begins`
    const by = step === undefined ? 1 : /^\d+$/.test(step) ? Number(step) : 0
    if (!by) return `'/${step}' is no step`
    for (let value = from; value <= to; value += by) values.add(value)
  }
  return [...values].sort((a, b) => a - b)
}

function numberOf(word: string, { least, most, words }: FieldRange): number | undefined {
  const named = words ? words.indexOf(word.toUpperCase()) : -1
  if (named >= 0) return named + least
  if (!/^\d{1,2}$/.test(word)) return undefined
  const value = Number(word)
  return value >= least && value <= most ? value : undefined
}
