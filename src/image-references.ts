import { byObject } from './cache.js'
import { combinationsOf } from './matrix.js'
import type { Action, Container, Place, Step, Text, Workflow } from './model.js'
import { contextPath, expressionsIn, type Node, operandsOf } from './parse/expression.js'
import { sequencesOf } from './steps.js'

/** An image that a workflow or an action runs, and how its version is told. */
export interface ImageReference {
  /** As written, or the value that a matrix gives. */
  image: string
  at: Place
  pinned: 'digest' | 'tag' | 'latest' | 'nothing' | 'unknown'
  use: 'container' | 'service' | 'action'
  /** Where the matrix has it. */
  from?: Place
}

export const imageReferencesOf = byObject((file: Workflow | Action): ImageReference[] => {
  const found: ImageReference[] = []
  if (!('jobs' in file) && file.image?.value.startsWith('docker://')) found.push(written(file.image, 'action'))
  for (const { steps, job } of sequencesOf(file)) {
    if (job?.container) found.push(...inContainer(job.container, 'container', job))
    for (const service of job?.services ?? []) found.push(...inContainer(service, 'service', job!))
    for (const step of steps) if (isImage(step)) found.push(written(step.uses!, 'action'))
  }
  return found
})

const isImage = ({ uses }: Step): boolean => uses?.value.startsWith('docker://') === true

function written({ value, at }: Text, use: ImageReference['use']): ImageReference {
  const image = value.replace(/^docker:\/\//, '')
  return { image, at, use, pinned: pinOf(image) }
}

function inContainer(
  { image }: Container,
  use: ImageReference['use'],
  job: Workflow['jobs'][number]
): ImageReference[] {
  if (!image?.value.trim()) return []
  const [only, ...more] = expressionsIn(image)
  if (!only) return [written(image, use)]
  const isWhole = !more.length && only.from === 0 && only.to === image.value.length
  // Of a name that is put together, a digest at its end is all that can be told.
  if (!isWhole || !only.root) return [{ image: image.value, at: image.at, use, pinned: tailOf(image.value) }]
  return leavesOf(only.root).flatMap(leaf => ofLeaf(leaf, image, use, job))
}

function ofLeaf(leaf: Node, image: Text, use: ImageReference['use'], job: Workflow['jobs'][number]): ImageReference[] {
  if (leaf.type === 'literal')
    return leaf.value ? [{ image: String(leaf.value), at: image.at, use, pinned: pinOf(String(leaf.value)) }] : []
  const [context, key, ...rest] = contextPath(leaf)?.split('.') ?? []
  const unknown: ImageReference = { image: image.value, at: image.at, use, pinned: 'unknown' }
  if (context !== 'matrix' || !key) return [unknown]
  const found: ImageReference[] = []
  for (const { value, at } of valuesOf(job, [key, ...rest])) {
    if (value === undefined) found.push({ ...unknown, from: at })
    else if (value) found.push({ image: value, at: image.at, use, pinned: pinOf(value), from: at })
  }
  if (found.length || combinationsOf(job.strategy)) return found
  return [unknown]
}

/** What a path of the matrix context can be, each place where it is written once; undefined for what is computed. */
function valuesOf({ strategy }: Workflow['jobs'][number], path: string[]): { value: string | undefined; at: Place }[] {
  if (!strategy) return []
  const [key, ...rest] = path
  const isIt = (name: string) => name.toLowerCase() === key
  const roots = [
    ...strategy.rows.filter(row => isIt(row.key.value)).flatMap(row => row.values),
    ...strategy.include.flatMap(entry => entry.entries.filter(({ key }) => isIt(key.value)).map(({ value }) => value))
  ]
  return roots.flatMap(root => {
    let value: typeof root | undefined = root
    for (const part of rest) {
      if (value?.kind !== 'map') return []
      value = value.entries.find(({ key }) => key.value.toLowerCase() === part)?.value
    }
    if (value?.kind !== 'scalar') return []
    return [{ value: value.value.includes('${{') ? undefined : value.data === null ? '' : value.value, at: value.at }]
  })
}

/** What an expression may come to: both sides of `||`, the right one of `&&`. */
function leavesOf(node: Node): Node[] {
  if (node.type === 'binary' && node.operator === '||') return operandsOf(node).flatMap(leavesOf)
  if (node.type === 'binary' && node.operator === '&&') return leavesOf(node.right)
  return [node]
}

function pinOf(image: string): ImageReference['pinned'] {
  if (/@sha256:[0-9a-f]{64}$/i.test(image)) return 'digest'
  if (image.includes('${{')) return tailOf(image)
  const name = image.slice(image.lastIndexOf('/') + 1)
  const colon = name.indexOf(':')
  if (colon < 0) return 'nothing'
  return name.slice(colon + 1) === 'latest' ? 'latest' : 'tag'
}

const tailOf = (image: string): ImageReference['pinned'] =>
  /@sha256:([0-9a-f]{64}|\$\{\{.*)$/i.test(image) ? 'digest' : /:latest$/.test(image) ? 'latest' : 'unknown'
