/**
 * The service worker of phone and report pages: the shell (pages, scripts, styles) lies on the phone and opens without a
 * network. Data never passes through it: what is kept of the API is kept sealed by the page itself.
 */
interface Shell {
  version: string
  /** Files under /assets, whose names carry their content's hash. */
  files: string[]
  /** Where the addresses of each face begin: all of them are one page. */
  pages: string[]
}
declare const SHELL: Shell

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Asking extends Waiting {
  request: Request
  respondWith(answer: Promise<Response>): void
}
interface WorkerScope {
  addEventListener(name: 'install' | 'activate' | 'sync', act: (event: Waiting) => void): void
  addEventListener(name: 'fetch', act: (event: Asking) => void): void
  addEventListener(name: 'message', act: (event: MessageEvent) => void): void
  skipWaiting(): Promise<void>
  clients: {
    claim(): Promise<void>
    matchAll(options: { includeUncontrolled: boolean }): Promise<{ postMessage(words: string): void }[]>
  }
}

const scope = globalThis as unknown as WorkerScope
const prefix = 'tongxin-shell-'
const shell = SHELL
const shellName = prefix + shell.version

/** All of it or nothing: a half-kept shell would open half. What an older shell has already is not fetched again. */
async function install(): Promise<void> {
  const box = await caches.open(shellName)
  const fetchInto = async (path: string, init?: RequestInit) => {
    const answer = await fetch(path, init)
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    await box.put(path, answer)
  }
  for (const path of shell.files) {
    const held = await caches.match(path)
    await (held ? box.put(path, held) : fetchInto(path))
  }
  for (const page of shell.pages) await fetchInto(page, { cache: 'no-cache' })
}

async function forgetOlder(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(
    names.filter((name) => name.startsWith(prefix) && name !== shellName).map((name) => caches.delete(name)),
  )
  await scope.clients.claim()
}

const kept = async (path: string, request: Request): Promise<Response> => {
  const box = await caches.open(shellName)
  return (await box.match(path)) ?? fetch(request)
}

scope.addEventListener('install', (event) => event.waitUntil(install()))
scope.addEventListener('activate', (event) => event.waitUntil(forgetOlder()))

scope.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return
  if (request.mode === 'navigate') {
    const page = shell.pages.find((begins) => url.pathname === begins || url.pathname.startsWith(`${begins}/`))
    if (page) event.respondWith(kept(page, request))
  } else if (shell.files.includes(url.pathname)) event.respondWith(kept(url.pathname, request))
})

// The person says when: a page in the middle of something is never changed under their hands.
scope.addEventListener('message', (event) => {
  if (event.data === 'tongxin-update') void scope.skipWaiting()
})

scope.addEventListener('sync', (event) => {
  const wake = scope.clients
    .matchAll({ includeUncontrolled: true })
    .then((pages) => pages.forEach((page) => page.postMessage('tongxin-outbox')))
  event.waitUntil(wake)
})
