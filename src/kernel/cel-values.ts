import { failure, limitReason } from './cel-reasons.ts'

/**
 * Conditions and formulas of packs: CEL, checked before it is published and bounded when it runs.
 *
 * Whole numbers are `int` (money is counted in fen, type `fen`, an int too); `timestamp` is a Date. A nested object is a
 * schema of its own, so a misspelt field is found at publish; `map` is an object whose fields are not known before.
 */
export type CelType =
  | 'int'
  | 'fen'
  | 'double'
  | 'string'
  | 'bool'
  | 'timestamp'
  | 'map'
  | 'list<int>'
  | 'list<fen>'
  | 'list<double>'
  | 'list<string>'
  | 'list<bool>'
  | 'list<map>'
  | CelSchema
export interface CelSchema {
  readonly [field: string]: CelType
}

/** Bounds of what is given to an expression; see `evaluate`. */
export const valueLimits = { listItems: 1_000, textCharacters: 5_000, total: 100_000, depth: 8 } as const

interface Budget {
  left: number
}

/** The values that are declared, each in the form that CEL counts with: BigInt for whole numbers, objects without prototype. */
export function toCel(values: Readonly<Record<string, unknown>>, schema: CelSchema): Record<string, unknown> {
  return takeFields(values, schema, { left: valueLimits.total }, '')
}

function takeFields(values: object, schema: CelSchema, budget: Budget, path: string): Record<string, unknown> {
  const given: Record<string, unknown> = Object.create(null)
  for (const [field, type] of Object.entries(schema)) {
    if (!Object.hasOwn(values, field)) continue
    const value: unknown = (values as Record<string, unknown>)[field]
    if (value !== undefined && value !== null)
      given[field] = take(value, type, budget, path === '' ? field : `${path}.${field}`)
  }
  return given
}

function take(value: unknown, type: CelType, budget: Budget, path: string): unknown {
  spend(budget, 1)
  if (typeof type !== 'string') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'object')
    return takeFields(value, type, budget, path)
  }
  if (type.startsWith('list<')) {
    if (!Array.isArray(value)) throw wrong(path, type)
    if (value.length > valueLimits.listItems) throw failure(limitReason('long', { path }))
    const inner = type.slice(5, -1) as CelType
    return value.map((item: unknown, at) => take(item, inner, budget, `${path}[${at}]`))
  }
  switch (type) {
    case 'int':
    case 'fen':
      return takeInteger(value, path)
    case 'double':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(path, type)
      return value
    case 'bool':
      if (typeof value !== 'boolean') throw wrong(path, type)
      return value
    case 'string':
      return takeText(value, budget, path)
    case 'timestamp':
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrong(path, type)
      return value
    default:
      if (typeof value !== 'object' || Array.isArray(value)) throw wrong(path, 'map')
      return takeUnknown(value, budget, path, 0)
  }
}

function takeInteger(value: unknown, path: string): bigint {
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(path, 'int')
  return BigInt(value)
}

function takeText(value: unknown, budget: Budget, path: string): string {
  if (typeof value !== 'string') throw wrong(path, 'string')
  if (value.length > valueLimits.textCharacters) throw failure(limitReason('long', { path }))
  spend(budget, value.length)
  return value
}

/** A value whose type nobody declared: JSON and dates only, whole numbers as int. */
function takeUnknown(value: unknown, budget: Budget, path: string, depth: number): unknown {
  spend(budget, 1)
  if (depth > valueLimits.depth) throw failure(limitReason('long', { path }))
  if (value === null || typeof value === 'boolean' || value instanceof Date) return value
  if (typeof value === 'string') return takeText(value, budget, path)
  if (typeof value === 'bigint') return takeInteger(value, path)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw wrong(path, 'double')
    return Number.isSafeInteger(value) ? BigInt(value) : value
  }
  if (Array.isArray(value)) {
    if (value.length > valueLimits.listItems) throw failure(limitReason('long', { path }))
    return value.map((item: unknown, at) => takeUnknown(item, budget, `${path}[${at}]`, depth + 1))
  }
  if (typeof value !== 'object') throw wrong(path, 'map')
  const given: Record<string, unknown> = Object.create(null)
  for (const [field, item] of Object.entries(value)) {
    spend(budget, field.length)
    if (item !== undefined) given[field] = takeUnknown(item, budget, `${path}.${field}`, depth + 1)
  }
  return given
}

function spend(budget: Budget, amount: number): void {
  budget.left -= amount
  if (budget.left < 0) throw failure(limitReason('much'))
}

const wrong = (path: string, expected: string) => failure(limitReason('value', { path, expected }))

/** A result in the form that the rest of the house uses: numbers, texts, dates, arrays, plain objects. */
export function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw failure(limitReason('big'))
    return number
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (Array.isArray(value)) return value.map(fromCel)
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value)
  return Object.fromEntries(entries.map(([field, item]) => [String(field), fromCel(item)]))
}
