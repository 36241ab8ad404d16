import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request that carries a cookie was sent by our own pages, so that no other site acts in a person's name.
 *
 * Browsers say so in Sec-Fetch-Site; older ones only send Origin, whose host must be the one asked. A request with
 * neither header is not a browser's, and nobody can make a browser send one.
 * @param host Host and port that the request was sent to.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, host: string): boolean {
  const site = headers['sec-fetch-site']
  if (typeof site === 'string') return site === 'same-origin' || site === 'none'
  const origin = headers.origin
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
