import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = (path: string): string => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '')

/** Addresses of every page of every face; `$id` and the like stand where a page shows one thing. */
export interface Faces {
  readonly open: readonly string[]
  readonly h5: readonly string[]
  readonly console: readonly string[]
}

/**
 * Every page that the routers know, read from their source, so that a new page is looked at without anybody listing it.
 *
 * @throws Error when a router is written in a way that this cannot read: no page may be overlooked.
 */
export function facesOf(): Faces {
  const served = /page: 'open\/index\.html',\s+addresses: \[([^\]]*)\]/.exec(source('src/pages.ts'))?.[1] ?? ''
  const phone = /\^\\\/h5\\\/\(([\w|-]+)\)/.exec(source('web/h5/face.tsx'))?.[1]?.split('|') ?? []
  const desk = all(source('web/console/router.tsx'), /\bpath: '([^']+)'/g)
  const faces = {
    open: all(served, /'([^']+)'/g).map((address) => address.replaceAll(':', '$')),
    h5: ['/h5', ...phone.map((name) => `/h5/${name}`)],
    console: desk.map((path) => (path === '/' ? '/console' : `/console${path}`)),
  }
  for (const [face, pages] of Object.entries(faces))
    if (pages.length < 2) throw new Error(`the router of ${face} cannot be read`)
  return faces
}

/** Pages that mean nothing without one thing to show. */
export const needsOne = (address: string): boolean => address.includes('$')
