import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'

/** Where `npm run build:pages` puts the pages. */
export const builtPages = fileURLToPath(new URL('../web/dist', import.meta.url))

const notBuilt =
  '页面还没有生成，请先运行 npm run build:pages。\nThe pages are not built yet: run npm run build:pages.\n'
const yearSeconds = 31_536_000

const plainFiles = [
  'mark.svg',
  'push-worker.js',
  'first.js',
  'icons/icon-192.png',
  'icons/icon-512.png',
  'icons/icon-maskable-512.png',
  'icons/apple-touch-icon.png',
]

/**
 * Every address of a face answers with that face's one page; the page reads the rest of the address. Where the build made
 * a page for one address (web/first-view), with its words and its script named in it, that one is answered there; `inside`
 * is for all below the face's own.
 */
const faces: readonly { page: string; addresses: readonly string[] }[] = [
  {
    page: 'open/index.html',
    addresses: [
      '/',
      '/r',
      '/p',
      '/p/:code',
      '/verify',
      '/trust',
      '/complain',
      '/link/:token',
      '/sign',
      '/c',
      '/c/:code',
    ],
  },
  { page: 'h5/index.html', addresses: ['/h5', '/h5/*'] },
  { page: 'console/index.html', addresses: ['/console', '/console/*'] },
]

/**
 * Serves the built pages.
 *
 * Files under /assets carry their content's hash in the name and are kept for a year; the pages that name them are asked
 * for again each time, so a new release is seen at the next visit. A missing asset is a 404, never a page. A house whose
 * pages are not built serves its API and says at the pages' addresses what is missing.
 */
export const pagesPlugin: FastifyPluginAsync<{ root?: string }> = async (app, { root = builtPages }) => {
  const schema = { hide: true }
  const addresses = faces.flatMap((face) => face.addresses)
  if (!existsSync(`${root}/open/index.html`)) {
    for (const address of addresses)
      app.get(address, { schema }, (_req, reply) => reply.code(503).type('text/plain').send(notBuilt))
    return
  }
  await app.register(fastifyStatic, { root, serve: false, index: false, cacheControl: false, preCompressed: true })
  const asset = (reply: FastifyReply, path: string) =>
    reply.header('cache-control', `public, max-age=${yearSeconds}, immutable`).sendFile(path)
  const page = (reply: FastifyReply, path: string) => reply.header('cache-control', 'no-cache').sendFile(path)
  app.get<{ Params: { '*': string } }>('/assets/*', { schema }, (req, reply) =>
    asset(reply, `assets/${req.params['*']}`),
  )
  for (const name of plainFiles) app.get(`/${name}`, { schema }, (_req, reply) => page(reply, name))
  // Asked for anew each time, so that a new release is noticed; a script may keep pages from the root on, if it says so.
  app.get('/sw.js', { schema }, (_req, reply) => page(reply.header('service-worker-allowed', '/'), 'sw.js'))
  app.get('/manifest.webmanifest', { schema }, (_req, reply) =>
    page(reply.type('application/manifest+json'), 'manifest.webmanifest'),
  )
  for (const face of faces) {
    for (const address of face.addresses) {
      const own = `${face.page.split('/')[0]}${address.endsWith('/*') ? '/inside' : address}.html`
      const path = address !== '/' && existsSync(`${root}/${own}`) ? own : face.page
      app.get(address, { schema }, (_req, reply) => page(reply, path))
    }
  }
  // Somebody who followed a wrong link gets a page to go on from; machines and unknown API addresses the usual answer.
  app.get('/*', { schema }, (req, reply) => {
    const byBrowser = req.headers.accept?.includes('text/html') && !req.url.startsWith('/api/')
    return byBrowser ? page(reply.code(404), 'open/index.html') : reply.callNotFound()
  })
}
