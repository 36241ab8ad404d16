import { Type, type Static, type TSchema } from 'typebox'

/**
 * The schema, or null, as one JSON Schema with two types.
 *
 * A union would do as well, but the serializer tries each member of a union with a validator: on a list of 20 rows that
 * cost as much as reading them.
 */
export function orNull<T extends TSchema & { type?: string }>(schema: T) {
  if (typeof schema.type !== 'string') throw new Error('orNull takes a schema of one type')
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] })
}
