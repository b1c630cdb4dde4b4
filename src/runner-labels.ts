import { byObject, byText } from './cache.js'
import { hostedLabels } from './data/runners.js'
import type { Job, Place, Text, Yaml, YamlMap } from './model.js'
import { contextPath, expressionsIn, type Node } from './parse/expression.js'
import { mapOf, scalarOf } from './parse/yaml.js'
import { nearest } from './words.js'

/** A label that a job may ask for, and where it is written. */
export interface RunnerLabel {
  value: string
  at: Place
}
/** One entry of `runs-on`: the labels it may stand for. `open` where it may be others too. */
export interface RunnerChoice {
  written: Text
  labels: RunnerLabel[]
  open: boolean
}

/** The entries of `runs-on`, with matrix values, and texts inside conditions, in place of expressions. */
export const runnersOf = byObject((job: Job): RunnerChoice[] => {
  const choices = job.runsOn.map(written => {
    if (!written.value.includes('${{'))
      return { written, labels: [{ value: written.value, at: written.at }], open: false }
    const [only, ...more] = expressionsIn(written)
    const isWhole = only && !more.length && written.value.trim() === written.value.slice(only.from, only.to)
    if (!only?.root || !isWhole) return { written, labels: [], open: true }
    const choice: RunnerChoice = { written, labels: [], open: false }
    collect(only.root, job, only.at, choice)
    return choice
  })
  return choices
})

/**
 * The label of GitHub's that one which is none was probably meant to be. With other digits it may be newer than what we
 * know, with more behind it a larger runner.
 */
export const labelMeantBy = byText((label): string | undefined => {
  const bare = (text: string) => text.toLowerCase().replace(/[\d.]/g, '')
  const meant = label ? nearest(label, hostedLabels()) : undefined
  return meant && bare(meant) !== bare(label) && !label.toLowerCase().startsWith(meant) ? meant : undefined
})

/** The group of runners that a job names. */
export function runnerGroupOf(job: Job): Text | undefined {
  return scalarOf(mapOf(job.yaml.get('runs-on'))?.get('group'))
}

/** What an expression may come to: both sides of `||`, the right one of `&&`, texts and values of the matrix. */
function collect(node: Node, job: Job, at: Place, choice: RunnerChoice): void {
  if (node.type === 'literal' && typeof node.value === 'string') {
    choice.labels.push({ value: node.value, at })
    return
  }
  if (node.type === 'binary' && node.operator === '||') {
    collect(node.left, job, at, choice)
    collect(node.right, job, at, choice)
    return
  }
  if (node.type === 'binary' && node.operator === '&&') {
    collect(node.right, job, at, choice)
    return
  }
  const [root, ...keys] = (contextPath(node) ?? '').split('.')
  if (root !== 'matrix' || !keys.length || keys.includes('*')) {
    choice.open = true
    return
  }
  const found = matrixValues(job, keys)
  if (!found) choice.open = true
  for (const text of found ?? []) choice.labels.push({ value: text.value, at: text.at })
}

/** Texts that `matrix.a.b` may be; undefined where a part of the matrix that counts is computed. */
function matrixValues(job: Job, [key = '', ...rest]: string[]): Text[] | undefined {
  const { strategy } = job
  const matrix = mapOf(mapOf(job.yaml.get('strategy'))?.get('matrix'))
  if (!strategy || !matrix) return undefined
  const row = below(matrix, key)
  const include = matrix.get('include')
  if ((row && row.kind !== 'list') || (include && include.kind !== 'list')) return undefined
  const values: Yaml[] = [...(row?.kind === 'list' ? row.items : [])]
  for (const item of include?.kind === 'list' ? include.items : []) {
    if (item.kind !== 'map') return undefined
    const value = below(item, key)
    if (value) values.push(value)
  }
  const texts: Text[] = []
  for (const value of values) {
    let at: Yaml | undefined = value
    for (const part of rest) at = below(mapOf(at), part)
    if (at?.kind === 'list') texts.push(...at.items.flatMap(item => scalarOf(item) ?? []))
    const text = scalarOf(at)
    if (text) texts.push(text)
  }
  return texts.some(text => text.value.includes('${{')) ? undefined : texts
}

// Names compare without case in expressions.
const below = (map: YamlMap | undefined, key: string): Yaml | undefined =>
  map?.get(key) ?? map?.entries.find(entry => entry.key.value.toLowerCase() === key)?.value
