// The engine skims a function that it meets and reads it again when it is called. A function expression in brackets it takes to
// be called right away, and reads at once; arrows, methods and declarations it always skims.
import { parseSync } from '@swc/core'

/**
 * Writes the functions of a program for which `isCalled(from, to, node, parent)` holds as function expressions in brackets,
 * where that means the same: arrows without a `this`, methods of objects, and declarations, which move to the start of the
 * function they stand in. `text` is minified: it has no comments.
 */
export function readAtOnce(text, isCalled) {
  const program = parseSync(text, { target: 'es2022' })
  const start = program.span.start
  const span = node => [node.span.start - start, node.span.end - start]
  const called = (node, parent) => isCalled(...span(node), node, parent)

  /** The text between two offsets, with the functions among some nodes in it rewritten. */
  const rendered = (from, to, nodes, parent) => {
    let made = ''
    let at = from
    for (const [node, above] of functionsIn(nodes, parent)) {
      const [begin, end] = span(node)
      made += text.slice(at, begin) + rewritten(node, above)
      at = end
    }
    return made + text.slice(at, to)
  }

  const rewritten = (node, parent) => {
    const [from, to] = span(node)
    const [bodyFrom, bodyTo] = span(node.body)
    const head = rendered(from, bodyFrom, node.params, node)
    const body = isBlock(node.body) ? bodyOf(node.body) : rendered(bodyFrom, bodyTo, [node.body], node)
    const written = head + body + text.slice(bodyTo, to)
    if (!called(node, parent)) return written
    if (node.type === 'FunctionExpression') return `(${written})`
    if (node.type === 'ArrowFunctionExpression')
      return usesThis(node) ? written : `(${unarrowed(head, body, text.slice(bodyTo, to), node)})`
    const [all, isAsync = '', star = '', name] = /^(async )?(\*)?([\w$]+)(?=\()/.exec(written) ?? []
    return all && !usesSuper(node) ? `${name}:(${isAsync}function${star}${written.slice(all.length)})` : written
  }

  const unarrowed = (head, body, rest, node) => {
    const arrow = head.lastIndexOf('=>')
    const params = head.slice(node.async ? 'async'.length : 0, arrow).trim()
    const list = params.startsWith('(') ? params : `(${params})`
    const block = isBlock(node.body) ? body : `{return ${head.slice(arrow + 2)}${body}${rest}}`
    return `${node.async ? 'async ' : ''}function${list}${block}`
  }

  /** A function's body with the declarations that are called in front, behind directives such as 'use strict'. */
  const bodyOf = block => {
    const [from, to] = span(block)
    const statements = block.stmts ?? block.statements
    const moved = statements.filter(each => each.type === 'FunctionDeclaration' && called(each, block))
    const first = statements.findIndex(each => each.expression?.type !== 'StringLiteral')
    let at = first < 0 ? to - 1 : span(statements[first])[0]
    const declared = moved.map(each => `${each.identifier.value}=(${rewritten(each, undefined)})`)
    let made = text.slice(from, at) + (declared.length ? `var ${declared.join(',')};` : '')
    for (const each of first < 0 ? [] : statements.slice(first)) {
      const [begin, end] = span(each)
      made += text.slice(at, begin) + (moved.includes(each) ? '' : rendered(begin, end, [each], block))
      at = end
    }
    return made + text.slice(at, to)
  }

  const [from, to] = span(program)
  return text.slice(0, from) + rendered(from, to, program.body, program) + text.slice(to)
}

const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration', 'MethodProperty'])
const isBlock = ({ type }) => type === 'BlockStatement' || type === 'FunctionBody'

/** The outermost functions among some nodes, in order, each with the node around it. */
function* functionsIn(nodes, parent) {
  for (const node of nodes) {
    if (node === null || typeof node !== 'object') continue
    if (Array.isArray(node)) yield* functionsIn(node, parent)
    else if (FUNCTIONS.has(node.type) && node.body) yield [node, parent]
    else yield* functionsIn(Object.values(node), node.type ? node : parent)
  }
}

/** Something in an arrow that a function expression would have of its own. */
function usesThis(node) {
  return holds(node, ({ type, value }) => OWN.has(type) || (type === 'Identifier' && value === 'arguments'), true)
}
const OWN = new Set(['ThisExpression', 'Super', 'SuperPropExpression', 'MetaProperty'])
const usesSuper = node => holds(node, ({ type }) => type === 'Super' || type === 'SuperPropExpression')

function holds(node, isIt, isOutermost = false) {
  if (node === null || typeof node !== 'object') return false
  if (node.type && isIt(node)) return true
  // Functions and classes inside have their own.
  if (!isOutermost && /^(Function|Class)(Expression|Declaration)$/.test(node.type ?? '')) return false
  return Object.values(node).some(child => holds(child, isIt))
}
