import { Type, type Static, type TSchema } from 'typebox'
import { Fault } from './faults.ts'

/** Query of every list: at most 100 items a page, `after` is the cursor that the last page gave. */
export const PageQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  after: Type.Optional(Type.String({ maxLength: 400 })),
})
export type PageQuery = Static<typeof PageQuery>

/** A page of items; `next` is null on the last one. */
export const Page = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) })

export interface PageOf<T> {
  items: T[]
  next: string | null
}

export type CursorValue = string | number | null

export const encodeCursor = (values: CursorValue[]): string => Buffer.from(JSON.stringify(values)).toString('base64url')

/**
 * The values of a cursor.
 *
 * @param length How many values this list's cursor has.
 * @throws kernel.bad_request when it is none of ours.
 */
export function decodeCursor(text: string, length: number): CursorValue[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (!Array.isArray(values) || values.length !== length) throw new Error('shape')
    if (!values.every((value) => value === null || typeof value === 'string' || typeof value === 'number'))
      throw new Error('type')
    return values as CursorValue[]
  } catch (cause) {
    throw new Fault('kernel.bad_request', { field: 'after' }, { cause })
  }
}

/**
 * Cuts a page out of rows that were asked for with `limit + 1`.
 *
 * @param cursorOf The sort values of a row, in the list's order.
 */
export function pageOf<T>(rows: T[], limit: number, cursorOf: (row: T) => CursorValue[]): PageOf<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? encodeCursor(cursorOf(last)) : null }
}
