import fastify from 'fastify'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { lazySerializers, lazyValidator } from './lazy-schemas.ts'

test('schemas are compiled at the first request, once, and validate and serialize as ever', async () => {
  let compiled = 0
  const ajv = new Ajv()
  const http = fastify({ schemaController: { compilersFactory: { buildSerializer: lazySerializers } } })
  http.setValidatorCompiler(({ schema }) =>
    lazyValidator(() => {
      compiled += 1
      return ajv.compile(schema as object)
    }),
  )
  const body = { type: 'object', properties: { name: { type: 'string', maxLength: 3 } }, required: ['name'] }
  const answer = { type: 'object', properties: { name: { type: 'string' } } }
  http.post('/things', { schema: { body, response: { 200: answer } } }, (req) => ({
    ...(req.body as object),
    secret: 1,
  }))
  await http.ready()
  expect(compiled).toBe(0)

  const post = (payload: object) => http.inject({ method: 'POST', url: '/things', payload })
  expect((await post({ name: 'abc' })).body).toBe('{"name":"abc"}')
  const refused = await post({ name: 'abcd' })
  expect([refused.statusCode, refused.json<{ message: string }>().message]).toEqual([
    400,
    'body/name must NOT have more than 3 characters',
  ])
  expect((await post({ name: 'ab' })).body).toBe('{"name":"ab"}')
  expect(compiled).toBe(1)
  await http.close()
})
