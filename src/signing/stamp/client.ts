import { randomBytes } from 'node:crypto'
import * as asn1 from 'asn1js'
import * as pkijs from 'pkijs'
import type { x509 } from '../../kernel/x509.ts'
import { bytesOf, ProofError, SHA256 } from '../proof/cms.ts'
import { readTimeStamp, type TimeStamp } from '../proof/time-stamp.ts'

/** How far an authority's clock may be from ours before we believe neither. */
const CLOCK_APART_MS = 60_000

/** Sends a TimeStampReq and gives back the TimeStampResp, both DER: over HTTP, or to the local one. */
export interface StampAuthority {
  readonly name: string
  readonly roots: readonly x509.X509Certificate[]
  ask(request: Uint8Array): Promise<Uint8Array>
}

export interface Stamped extends TimeStamp {
  readonly token: Uint8Array
  readonly authority: string
}

/** A time-stamp authority on the network, by RFC 3161's own transport. */
export const stampOverHttp = (
  { name, url, roots }: { name: string; url: string; roots: readonly x509.X509Certificate[] },
  timeoutMs = 10_000,
): StampAuthority => ({
  name,
  roots,
  async ask(request) {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: bytesOf(request),
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!reply.ok) throw new ProofError('stamp_refused', `the time-stamp authority answered ${reply.status}`)
    return new Uint8Array(await reply.arrayBuffer())
  },
})

function requestOf(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  return bytesOf(
    new pkijs.TimeStampReq({
      version: 1,
      messageImprint: new pkijs.MessageImprint({
        hashAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new asn1.Null() }),
        hashedMessage: new asn1.OctetString({ valueHex: bytesOf(digest).buffer }),
      }),
      nonce: new asn1.Integer({ valueHex: bytesOf(nonce).buffer }),
      certReq: true,
    })
      .toSchema()
      .toBER(false),
  )
}

/** Positive and of full length whatever the dice say: the first byte is between 0x40 and 0x7f. */
function newNonce(): Uint8Array {
  const nonce = new Uint8Array(randomBytes(8))
  nonce[0] = (nonce[0]! & 0x3f) | 0x40
  return nonce
}

async function stampBy(authority: StampAuthority, digest: Uint8Array, now: () => Date): Promise<Stamped> {
  const nonce = newNonce()
  const reply = await authority.ask(requestOf(digest, nonce))
  const { offset, result } = asn1.fromBER(bytesOf(reply).buffer)
  if (offset === -1) throw new ProofError('unreadable', 'the authority’s answer is not DER')
  const { status, timeStampToken } = new pkijs.TimeStampResp({ schema: result })
  if (status.status > 1 || !timeStampToken) throw new ProofError('stamp_refused', `status ${status.status}`)
  const token = bytesOf(timeStampToken.toSchema().toBER(false))
  const stamp = await readTimeStamp(token, digest, { roots: authority.roots })
  if (stamp.nonce !== Buffer.from(nonce).toString('hex'))
    throw new ProofError('stamp_replayed', 'the answer belongs to another question')
  if (Math.abs(stamp.at.getTime() - now().getTime()) > CLOCK_APART_MS)
    throw new ProofError('stamp_clock', `the authority says ${stamp.at.toISOString()}`)
  return { ...stamp, token, authority: authority.name }
}

/**
 * Has a digest stamped by the first authority whose answer holds in every point: status, digest, nonce, policy for time stamps
 * alone, chain, and a clock no more than a minute from ours.
 *
 * @throws ProofError of the last one when none does. Nothing stands in for a stamp: who asked waits and asks again.
 */
export async function stampDigest(
  authorities: readonly StampAuthority[],
  digest: Uint8Array,
  now: () => Date,
): Promise<Stamped> {
  let last: unknown = new ProofError('stamp_refused', 'no time-stamp authority is set')
  for (const authority of authorities) {
    try {
      return await stampBy(authority, digest, now)
    } catch (error) {
      last = error
    }
  }
  throw last
}
