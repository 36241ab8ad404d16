import fastJson from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

type Factories = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>

/** What Fastify calls: it answers true, or false and leaves its findings in `errors`. */
interface Validate<Finding> {
  (data: unknown): boolean
  errors?: Finding[] | null
}

/**
 * A validator that is made when its route is first asked, not when the house starts: two hundred routes with all their
 * parts cost a quarter of a start, and memory that most installations never use.
 */
export function lazyValidator<Finding>(make: () => Validate<Finding>): Validate<Finding> {
  let made: Validate<Finding> | undefined
  const validate: Validate<Finding> = (data) => {
    made ??= make()
    const valid = made(data)
    validate.errors = made.errors
    return valid
  }
  return validate
}

/** The same for serializers. The access sweep asks every route, so a schema that cannot be compiled is seen there. */
export const lazySerializers: NonNullable<Factories['buildSerializer']> = (externalSchemas, options) => {
  const compile = fastJson()(externalSchemas, options)
  return (route) => {
    let made: ((data: unknown) => string) | undefined
    return (data) => (made ??= compile(route))(data)
  }
}
