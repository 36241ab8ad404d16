import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { addressProblem, ClosedAddress, isPublicAddress, publicLookup } from './addresses.ts'

export interface PostAnswer {
  status: number
  /** At most the first 4 kB: enough to see why somebody refused. */
  body: string
  retryAfterSeconds: number | undefined
}

const BODY_BYTES_MAX = 4096
const TIMEOUT_MS = 15_000

/**
 * Posts to an address somebody else chose: no redirects, no private addresses unless allowed, a small answer, a time limit.
 *
 * @throws ClosedAddress when the address is not public; any other error means that nobody knows whether it arrived.
 */
export function postOutside(
  address: string,
  message: { headers: Record<string, string>; body: string | Buffer },
  options: { allowPrivate: boolean; timeoutMs?: number },
): Promise<PostAnswer> {
  const url = new URL(address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (addressProblem(address, options.allowPrivate)) return Promise.reject(new ClosedAddress())
  if (!options.allowPrivate && isIP(host) && !isPublicAddress(host)) return Promise.reject(new ClosedAddress())
  const send = url.protocol === 'http:' ? httpRequest : httpsRequest
  const body = typeof message.body === 'string' ? Buffer.from(message.body) : message.body
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      {
        method: 'POST',
        agent: false,
        headers: { 'user-agent': 'tongxin-notify', ...message.headers, 'content-length': String(body.length) },
        signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
        ...(options.allowPrivate ? {} : { lookup: publicLookup }),
      },
      (answer) => {
        const parts: Buffer[] = []
        let size = 0
        answer.on('data', (part: Buffer) => {
          if (size < BODY_BYTES_MAX) parts.push(part.subarray(0, BODY_BYTES_MAX - size))
          size += part.length
          if (size > 16 * BODY_BYTES_MAX) answer.destroy()
        })
        const done = () => {
          const wait = Number(answer.headers['retry-after'])
          const retryAfterSeconds = Number.isFinite(wait) && wait > 0 ? Math.min(wait, 86_400) : undefined
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8'), retryAfterSeconds })
        }
        answer.on('end', done)
        answer.on('close', done)
        answer.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
