import { parse, type Expression as Node, type Identifier, type MemberExpression } from 'acorn'
import { AssetloomError, defineError } from '../errors.ts'
import { didYouMean } from '../near.ts'
import { applyBinary, shown, functions, memberOf, readable, refusedNames } from './expression-values.ts'

/*
 * Expressions of workflows: JavaScript's spelling, read by acorn and evaluated here node by node. What is not in this file there is not: no
 * loops, no calls but of the table, no members but own ones of data. So evaluating takes no longer than the text is, times the data it names.
 */

/** Longest text of an expression. */
const maxLength = 2000

const expressionInvalid = defineError('EXPRESSION_INVALID', {
  summary: 'An expression of a workflow cannot be read.',
  message: (d: { text: string; column: number; problem: string; hint?: string | undefined }) =>
    `${JSON.stringify(readable(d.text))} ${d.problem} (column ${d.column}).`,
  hint: (d) => d.hint ?? 'docs/workflows.md lists what an expression may say.',
  exit: 2,
})

export const expressionFailed = defineError('EXPRESSION_FAILED', {
  summary: 'An expression of a workflow came to no value.',
  message: (d: { text: string; column: number; problem: string }) =>
    `${JSON.stringify(readable(d.text))} ${d.problem} (column ${d.column}).`,
  hint: () => 'text(x) and number(x) turn one into the other; a ?? b stands in where there is nothing.',
})

/** What an expression names: `steps.draft.output.title`, as far as it is spelled out. */
export interface Reference {
  path: readonly string[]
  /** 1-based. */
  column: number
}

/** Values by name, as JSON holds them: a Map, or what looks each up when it is asked for. */
export interface Scope {
  get(name: string): unknown
}

/** A text that has been read and checked; evaluating it can still fail on its data. */
export interface Expression {
  readonly text: string
  readonly node: Node
  readonly references: readonly Reference[]
}

/**
 * Read an expression.
 * @throws EXPRESSION_INVALID with the column
 */
export function parseExpression(text: string): Expression {
  const refuse = (pos: number, problem: string, hint?: string) => {
    const column = Math.min(pos, text.length) + 1
    return expressionInvalid({ text, column, problem, hint }, { location: { column }, details: { column, problem } })
  }
  if (text.length > maxLength) throw refuse(maxLength, `has ${text.length} characters; the most is ${maxLength}`)
  const node = readNode(text, refuse)
  const references: Reference[] = []
  try {
    visit(node, references, refuse)
  } catch (error) {
    if (error instanceof RangeError) throw refuse(0, 'is nested too deeply')
    throw error
  }
  return { text, node, references }
}

type Refuse = (pos: number, problem: string, hint?: string) => AssetloomError

function readNode(text: string, refuse: Refuse): Node {
  let body
  try {
    // On one line, so that a place is a column.
    body = parse(text.replace(/[\n\r\u2028\u2029]/g, ' '), { ecmaVersion: 2022 }).body
  } catch (error) {
    if (error instanceof RangeError) throw refuse(0, 'is nested too deeply')
    const { pos, message } = error as Error & { pos?: number }
    throw refuse(pos ?? 0, `cannot be read: ${message.replace(/ \(\d+:\d+\)$/, '').replace(/\.$/, '').toLowerCase()}`)
  }
  const [first, second] = body
  if (!first) throw refuse(0, 'is empty')
  if (first.type !== 'ExpressionStatement') throw refuse(first.start, 'must be a value, such as steps.check.output.ok')
  if (second) throw refuse(second.start, 'must be one value')
  return first.expression
}

/** Collect what is named, and refuse what is no part of the language. */
function visit(node: Node, references: Reference[], refuse: Refuse): void {
  const each = (...nodes: readonly Node[]) => nodes.forEach((one) => visit(one, references, refuse))
  switch (node.type) {
    case 'Literal':
      if (node.regex || node.bigint) throw refuse(node.start, 'holds what is no text, number, true, false or null')
      return
    case 'Identifier':
      requireName(node.name, node.start, refuse)
      if (node.name !== 'undefined') references.push({ path: [node.name], column: node.start + 1 })
      return
    case 'ParenthesizedExpression':
      return each(node.expression)
    case 'MemberExpression':
      return visitMember(node, references, refuse)
    case 'ChainExpression':
      return each(node.expression)
    case 'ArrayExpression':
      for (const one of node.elements) {
        if (!one || one.type === 'SpreadElement') throw refuse(node.start, 'holds a list with a gap or a spread')
        each(one)
      }
      return
    case 'UnaryExpression':
      if (node.operator !== '!' && node.operator !== '-') throw refuse(node.start, `holds ${node.operator}, which there is not`)
      return each(node.argument)
    case 'BinaryExpression': {
      if (!applyBinary.has(node.operator) || node.left.type === 'PrivateIdentifier')
        throw refuse(node.left.end, `holds ${node.operator}, which there is not`, `There is ${[...applyBinary.keys()].join(' ')}.`)
      return each(node.left, node.right)
    }
    case 'LogicalExpression':
      return each(node.left, node.right)
    case 'ConditionalExpression':
      return each(node.test, node.consequent, node.alternate)
    case 'CallExpression': {
      const { callee } = node
      if (callee.type !== 'Identifier') throw refuse(callee.start, 'calls something that is no function of the table')
      if (!functions.has(callee.name)) {
        const names = [...functions.keys()]
        throw refuse(callee.start, `calls ${callee.name}, which there is not`, didYouMean(callee.name, names) ?? `There is ${names.join(', ')}.`)
      }
      for (const one of node.arguments) {
        if (one.type === 'SpreadElement') throw refuse(one.start, 'holds a spread')
        each(one)
      }
      return
    }
    default:
      throw refuse(node.start, `holds ${notInWords[node.type] ?? 'something'}, which is no part of an expression here`)
  }
}

const notInWords: Readonly<Record<string, string>> = {
  AssignmentExpression: 'an assignment',
  ArrowFunctionExpression: 'a function',
  FunctionExpression: 'a function',
  NewExpression: 'new',
  ObjectExpression: 'an object',
  TemplateLiteral: 'a template',
  SequenceExpression: 'a comma',
  ThisExpression: 'this',
  UpdateExpression: '++ or --',
}

function visitMember(node: MemberExpression, references: Reference[], refuse: Refuse): void {
  const path: string[] = []
  const computed: Node[] = []
  let at: Node = node
  while (at.type === 'MemberExpression' || at.type === 'ChainExpression') {
    if (at.type === 'ChainExpression') {
      at = at.expression
      continue
    }
    const { object, property }: MemberExpression = at
    if (object.type === 'Super' || property.type === 'PrivateIdentifier') throw refuse(at.start, 'holds what there is not')
    const name = at.computed ? (property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined) : (property as Identifier).name
    if (name === undefined) {
      computed.push(property)
      path.length = 0
    } else {
      requireName(name, property.start, refuse)
      path.unshift(name)
    }
    at = object
  }
  if (at.type === 'Identifier') {
    requireName(at.name, at.start, refuse)
    references.push({ path: [at.name, ...path], column: at.start + 1 })
  } else visit(at, references, refuse)
  for (const one of computed) visit(one, references, refuse)
}

function requireName(name: string, pos: number, refuse: Refuse): void {
  if (refusedNames.has(name)) throw refuse(pos, `names ${name}, which no expression may`)
}

/**
 * What an expression comes to.
 * @param scope - what is missing is null
 * @throws EXPRESSION_FAILED with the column
 */
export function evaluate(expression: Expression, scope: Scope): unknown {
  const { text } = expression
  const failed = (pos: number, problem: string) =>
    expressionFailed({ text, column: pos + 1, problem }, { location: { column: pos + 1 }, details: { column: pos + 1, problem } })
  const value = (node: Node): unknown => {
    try {
      return valueOf(node, scope, value)
    } catch (error) {
      if (error instanceof AssetloomError || error instanceof RangeError) throw error
      throw failed(node.start, (error as Error).message)
    }
  }
  try {
    return value(expression.node)
  } catch (error) {
    if (error instanceof RangeError) throw failed(0, 'is nested too deeply')
    throw error
  }
}

/** Problems are thrown as parts of a sentence; {@link evaluate} adds the place. */
function valueOf(node: Node, scope: Scope, value: (node: Node) => unknown): unknown {
  switch (node.type) {
    case 'Literal':
      return node.value
    case 'Identifier':
      return scope.get(node.name) ?? null
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return value(node.expression)
    case 'ArrayExpression':
      return node.elements.map((one) => value(one as Node))
    case 'MemberExpression':
      return memberOf(value(node.object as Node), node.computed ? value(node.property as Node) : (node.property as Identifier).name)
    case 'UnaryExpression': {
      const argument = value(node.argument)
      if (node.operator === '!') return !argument
      if (typeof argument !== 'number') throw new Error(`takes the negative of ${shown(argument)}, which is no number`)
      return -argument
    }
    case 'BinaryExpression':
      return applyBinary.get(node.operator)!(value(node.left as Node), value(node.right))
    case 'LogicalExpression': {
      const left = value(node.left)
      const isDecided = node.operator === '&&' ? !left : node.operator === '||' ? Boolean(left) : left !== null
      return isDecided ? left : value(node.right)
    }
    case 'ConditionalExpression':
      return value(node.test) ? value(node.consequent) : value(node.alternate)
    case 'CallExpression':
      return functions.get((node.callee as Identifier).name)!(...node.arguments.map((one) => value(one as Node)))
    default:
      throw new Error('holds what is no part of an expression here')
  }
}
