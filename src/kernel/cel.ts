import { type ASTNode, Environment, EvaluationError, ParseError, TypeError as CheckError } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { celReason, failure, limitReason, type Reason } from './cel-reasons.ts'
import { type CelSchema, type CelType, fromCel, toCel } from './cel-values.ts'
import { Fault } from './faults.ts'

export type { CelSchema, CelType }

export interface Expression {
  readonly source: string
  /** CEL type of the result, as far as it can be known before running. */
  readonly type: string
  readonly variables: CelSchema
  readonly program: (values: Record<string, unknown>) => unknown
}

/** Bounds of an expression. Found by attack: without them one `matches` of 26 characters stopped the process for 3.6 s, list sums in a loop for 22 s. */
export const expressionLimits = {
  sourceCharacters: 4_000,
  nodes: 200,
  depth: 30,
  /** Nodes inside the body of `all`, `exists`, `map` … */
  loopNodes: 40,
  patternCharacters: 200,
} as const

const loops = new Set(['all', 'exists', 'exists_one', 'filter', 'map'])
const plainFunctions = new Set(
  (
    'size has int double string bool timestamp duration sum min max roundHalfUp contains startsWith endsWith trim indexOf ' +
    'lowerAscii upperAscii getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds getMilliseconds matchesPattern'
  ).split(' '),
)

const total = <T extends bigint | number>(items: Iterable<T>, zero: T): T => {
  let sum = zero
  for (const item of items) sum = ((sum as number) + (item as number)) as T
  return sum
}

function environmentFor(variables: CelSchema): Environment {
  const { nodes, depth } = expressionLimits
  const patterns = new Map<string, RE2JS>()
  const environment = new Environment({
    limits: { maxAstNodes: nodes, maxDepth: depth, maxListElements: 100, maxMapEntries: 50, maxCallArguments: 8 },
  })
    .registerFunction('sum(list<int>): int', (items: Iterable<bigint>) => total(items, 0n))
    .registerFunction('sum(list<double>): double', (items: Iterable<number>) => total(items, 0))
    .registerFunction('min(int, int): int', (a: bigint, b: bigint) => (a < b ? a : b))
    .registerFunction('max(int, int): int', (a: bigint, b: bigint) => (a > b ? a : b))
    .registerFunction('roundHalfUp(double): int', (value: number) =>
      BigInt(Math.sign(value) * Math.round(Math.abs(value))),
    )
    .registerFunction('matchesPattern(string, string): bool', (text: string, pattern: string) => {
      const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern)
      patterns.set(pattern, compiled)
      return compiled.matcher(text).matches()
    })
  for (const [name, type] of Object.entries(variables)) declare(environment, name, type)
  return environment
}

function declare(environment: Environment, name: string, type: CelType): void {
  if (typeof type === 'string') environment.registerVariable(name, celName(type))
  else environment.registerVariable({ name, schema: schemaOf(type) })
}

const celName = (type: string): string => type.replace('fen', 'int').replace('timestamp', 'google.protobuf.Timestamp')

interface NestedSchema {
  [field: string]: string | NestedSchema
}
const schemaOf = (schema: CelSchema): NestedSchema =>
  Object.fromEntries(
    Object.entries(schema).map(([field, type]) => [field, typeof type === 'string' ? celName(type) : schemaOf(type)]),
  )

/**
 * Reads, type-checks and bounds an expression, once, when a pack is published.
 *
 * At most 200 nodes, no loop in a loop, no `matches` (patterns: `matchesPattern(text, 'literal')`, RE2, linear time),
 * no function outside the list above, and what is added inside a loop has a known type that is no list.
 *
 * @param expects The type that the result must have, such as `bool` for a condition.
 * @throws Fault kernel.bad_expression with `position` (1-based character), `reasonZh`, `reasonEn`.
 */
export function compileExpression(
  source: string,
  variables: CelSchema,
  expects?: 'bool' | 'int' | 'double' | 'string',
): Expression {
  if (source.length > expressionLimits.sourceCharacters) throw refusal(1, limitReason('source'))
  const environment = environmentFor(variables)
  let parsed
  try {
    parsed = environment.parse(source)
  } catch (error) {
    throw badExpression(error)
  }
  forbid(parsed.ast)
  const checked = parsed.check()
  if (!checked.valid || checked.type === undefined) throw badExpression(checked.error)
  forbidGrowth(parsed.ast, false)
  if (expects && checked.type !== expects)
    throw refusal(1, limitReason('result', { expected: expects, actual: checked.type }))
  return { source, type: checked.type, variables, program: parsed }
}

/**
 * What the expression gives for these values; whole numbers come back as `number`, instants as Date.
 *
 * Values are taken by the declared types: a number that is no safe integer where an int is due, a list over 1,000, a text
 * over 5,000 characters or more than 100,000 characters and items together are refused. Undeclared values are not seen by it.
 *
 * @throws Fault kernel.expression_failed with `reasonZh`, `reasonEn`: wrong or absent value, division by zero, overflow.
 */
export function evaluate(expression: Expression, values: Readonly<Record<string, unknown>>): unknown {
  const given = toCel(values, expression.variables)
  try {
    return fromCel(expression.program(given))
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    throw failure(celReason(error))
  }
}

const refusal = (position: number, reason: Reason): Fault =>
  new Fault('kernel.bad_expression', { position, reason: reason.zh, reasonZh: reason.zh, reasonEn: reason.en })

function badExpression(error: unknown): Fault {
  if (!(error instanceof ParseError || error instanceof CheckError)) throw error
  return refusal((error.range?.start ?? error.node?.pos ?? 0) + 1, celReason(error))
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

function childrenOf(value: unknown): ASTNode[] {
  if (isNode(value)) return [value]
  return Array.isArray(value) ? value.flatMap(childrenOf) : []
}

/** A function call in either form: `name(…)` or `receiver.name(…)`. */
function callOf(node: ASTNode): { name: string; args: readonly ASTNode[]; receiver: ASTNode | undefined } | undefined {
  if (node.op === 'call') return { name: node.args[0], args: node.args[1], receiver: undefined }
  if (node.op === 'rcall') return { name: node.args[0], args: node.args[2], receiver: node.args[1] }
  return undefined
}

function nodeCount(node: ASTNode): number {
  return childrenOf(node.args).reduce((sum, child) => sum + nodeCount(child), 1)
}

/** Refuses functions that are not listed, loops in loops, long loop bodies and patterns that are not written out. */
function forbid(node: ASTNode, insideLoop = false): void {
  const call = callOf(node)
  if (!call) {
    for (const child of childrenOf(node.args)) forbid(child, insideLoop)
    return
  }
  const isLoop = call.receiver !== undefined && loops.has(call.name)
  if (!isLoop && !plainFunctions.has(call.name)) {
    throw refusal(
      node.range.start + 1,
      limitReason(call.name === 'matches' ? 'matches' : 'function', { name: call.name }),
    )
  }
  if (isLoop && insideLoop) throw refusal(node.range.start + 1, limitReason('nested'))
  if (call.name === 'matchesPattern') forbidPattern(node, call.args[1], insideLoop)
  if (call.name === 'contains' || call.name === 'indexOf') forbidSearch(node, call.args[0], insideLoop)
  if (call.receiver) forbid(call.receiver, insideLoop)
  for (const argument of call.args) {
    if (isLoop && nodeCount(argument) > expressionLimits.loopNodes)
      throw refusal(node.range.start + 1, limitReason('loopBody'))
    forbid(argument, insideLoop || isLoop)
  }
}

function forbidPattern(node: ASTNode, pattern: ASTNode | undefined, insideLoop: boolean): void {
  const text = pattern?.op === 'value' ? pattern.args : undefined
  const position = (pattern ?? node).range.start + 1
  if (insideLoop) throw refusal(node.range.start + 1, limitReason('patternInLoop'))
  if (typeof text !== 'string' || text.length > expressionLimits.patternCharacters)
    throw refusal(position, limitReason('pattern'))
  try {
    RE2JS.compile(text)
  } catch {
    throw refusal(position, limitReason('patternSyntax'))
  }
}

/** Searching a long text for another long text costs their product; in a loop only a short literal may be searched. */
function forbidSearch(node: ASTNode, needle: ASTNode | undefined, insideLoop: boolean): void {
  if (!insideLoop) return
  if (needle?.op === 'value' && typeof needle.args === 'string' && needle.args.length <= 100) return
  throw refusal(node.range.start + 1, limitReason('searchInLoop'))
}

/** The checker leaves its finding at each node; it is not in the published types, and the tests notice when it goes. */
const typeOf = (node: ASTNode): string =>
  (node as ASTNode & { checkedType?: { name: string } }).checkedType?.name ?? 'dyn'

/** Adding lists inside a loop makes a list of a million; so what is added there is a number or a text. */
function forbidGrowth(node: ASTNode, insideLoop: boolean): void {
  if (insideLoop && node.op === '+') {
    const types = node.args.map(typeOf)
    if (types.some((type) => type.startsWith('list')) || types.every((type) => type === 'dyn')) {
      throw refusal(node.range.start + 1, limitReason('growth'))
    }
  }
  const call = callOf(node)
  const isLoop = call?.receiver !== undefined && loops.has(call.name)
  if (call && isLoop) {
    forbidGrowth(call.receiver!, insideLoop)
    for (const argument of call.args) forbidGrowth(argument, true)
    return
  }
  for (const child of childrenOf(node.args)) forbidGrowth(child, insideLoop)
}
