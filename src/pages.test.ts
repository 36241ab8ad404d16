import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pagesPlugin } from './pages.ts'

const root = mkdtempSync(join(tmpdir(), 'tongxin-pages-'))
const http = fastify()
const browser = { accept: 'text/html,*/*' }

beforeAll(async () => {
  for (const face of ['open', 'h5', 'console', 'assets']) mkdirSync(join(root, face))
  for (const face of ['open', 'h5', 'console']) writeFileSync(join(root, face, 'index.html'), `<p>${face}</p>`)
  writeFileSync(join(root, 'open', 'complain.html'), '<h1>投诉</h1>')
  writeFileSync(join(root, 'h5', 'inside.html'), '<p>h5, signed in</p>')
  writeFileSync(join(root, 'assets', 'a-1.js'), 'let a')
  writeFileSync(join(root, 'sw.js'), 'let worker')
  writeFileSync(join(root, 'manifest.webmanifest'), '{"name":"x"}')
  http.setNotFoundHandler((_req, reply) => reply.code(404).send({ code: 'kernel.not_found' }))
  await http.register(pagesPlugin, { root })
})

afterAll(async () => {
  await http.close()
  rmSync(root, { recursive: true })
})

test('each address of a face answers with its page, which is asked for again each time', async () => {
  const faces = {
    '/': 'open',
    '/r': 'open',
    '/p/330411.ABCD': 'open',
    '/h5': 'h5',
    '/console/matters': 'console',
  }
  for (const [url, face] of Object.entries(faces)) {
    const answer = await http.inject({ url, headers: browser })
    expect([answer.statusCode, answer.body], url).toEqual([200, `<p>${face}</p>`])
    expect(answer.headers['cache-control']).toBe('no-cache')
  }
})

test('an address that the build made a page for has that one; those below it have the face’s', async () => {
  expect((await http.inject({ url: '/complain', headers: browser })).body).toBe('<h1>投诉</h1>')
  expect((await http.inject({ url: '/p/330411.ABCD', headers: browser })).body).toBe('<p>open</p>')
  expect((await http.inject({ url: '/h5/tasks/1', headers: browser })).body).toBe('<p>h5, signed in</p>')
})

test('an asset is kept for a year; a missing one is no page', async () => {
  const found = await http.inject('/assets/a-1.js')
  expect(found.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect((await http.inject({ url: '/assets/none.js', headers: browser })).statusCode).toBe(404)
  expect((await http.inject({ url: '/assets/../../package.json', headers: browser })).body).not.toContain(
    'dependencies',
  )
})

test('the shell’s worker and the manifest are asked for anew each time, under the types that browsers want', async () => {
  const worker = await http.inject('/sw.js')
  expect(worker.headers).toMatchObject({ 'cache-control': 'no-cache', 'service-worker-allowed': '/' })
  expect(worker.headers['content-type']).toMatch(/javascript/)
  const manifest = await http.inject('/manifest.webmanifest')
  expect(manifest.headers['content-type']).toMatch(/^application\/manifest\+json/)
  expect(manifest.headers['cache-control']).toBe('no-cache')
})

test('a wrong address gives a browser a page with 404, a machine and the API the plain refusal', async () => {
  const shown = await http.inject({ url: '/report', headers: browser })
  expect([shown.statusCode, shown.body]).toEqual([404, '<p>open</p>'])
  expect((await http.inject('/report')).json()).toEqual({ code: 'kernel.not_found' })
  expect((await http.inject({ url: '/api/v1/none', headers: browser })).json()).toEqual({ code: 'kernel.not_found' })
})

test('a house without built pages says so', async () => {
  const bare = fastify()
  await bare.register(pagesPlugin, { root: join(root, 'nothing') })
  const answer = await bare.inject('/console/matters')
  expect(answer.statusCode).toBe(503)
  expect(answer.body).toContain('build:pages')
  await bare.close()
})
