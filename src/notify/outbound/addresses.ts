import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Keeps outgoing requests away from our own network (server-side request forgery).
 *
 * An address is judged when the connection is made, not when the endpoint is saved: a name may point elsewhere later.
 * @source RFC 6890 and the IANA special-purpose address registries.
 */
const closed = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  closed.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  closed.addSubnet(network, prefix, 'ipv6')
}

/** Whether a public server may have this address; an IPv4 address inside IPv6 is judged as IPv4. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  if (family === 4) return !closed.check(address, 'ipv4')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return !closed.check(mapped, 'ipv4')
  if (/^::ffff:/i.test(address)) return false
  return !closed.check(address, 'ipv6')
}

export class ClosedAddress extends Error {
  constructor() {
    super('the name points to an address that is not public')
    this.name = 'ClosedAddress'
  }
}

/** A look-up for a socket that refuses a name as soon as one of its addresses is not public. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, [])
    if (addresses.length === 0 || addresses.some(({ address }) => !isPublicAddress(address)))
      return callback(new ClosedAddress(), [])
    const first = addresses[0]
    if (options.all || !first) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}

export type AddressProblem = 'not_a_url' | 'not_https' | 'has_credentials' | 'closed_address'

/** What is wrong with an endpoint's address as it is written; names are judged again at each connection. */
export function addressProblem(text: string, allowPrivate: boolean): AddressProblem | undefined {
  if (!URL.canParse(text)) return 'not_a_url'
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'not_https'
  if (url.username || url.password) return 'has_credentials'
  if (allowPrivate) return undefined
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) return isPublicAddress(host) ? undefined : 'closed_address'
  return host === 'localhost' || host.endsWith('.localhost') || !host.includes('.') ? 'closed_address' : undefined
}
