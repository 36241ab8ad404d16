import { P256, x509 } from '../kernel/x509.ts'
import {
  derOf,
  issueSeal,
  issueSigner,
  makeLocalAuthority,
  revocationListOf,
  type Identity,
  type LocalAuthority,
} from './authority/issue.ts'
import type { Letter } from './letters/blocks.ts'
import type { Printers } from './letters/render.ts'
import { bytesOf } from './proof/cms.ts'
import { addSigner, draftFor, sealPdf, type Draft, type SignerPart, type Vouchers } from './seal/pdf.ts'
import { stampDigest, type StampAuthority, type Stamped } from './stamp/client.ts'
import { stampLocally } from './stamp/local.ts'

/** The organisation's side of a signing: who certifies, who seals, who says the time. */
export interface SealingDesk {
  readonly authority: LocalAuthority
  readonly seal: Identity
  readonly organisation: string
  readonly roots: readonly x509.X509Certificate[]
  readonly stampers: readonly StampAuthority[]
  readonly now: () => Date
}

/** A desk that needs nobody else: own authority, own clock. The verification page says so in words. */
export async function localDesk(organisation: string, now: () => Date): Promise<SealingDesk> {
  const authority = await makeLocalAuthority(organisation, now())
  const roots = [new x509.X509Certificate(authority.root.cert)]
  const ask = (request: Uint8Array): Promise<Uint8Array> =>
    stampLocally(authority.stamper, authority.issuer, request, now())
  const seal = await issueSeal(authority.issuer, organisation, now())
  return { authority, seal, organisation, roots, stampers: [{ name: '本机时间戳', roots, ask }], now }
}

/** What the phone holds: a key that cannot leave it, used once. */
export interface PhoneKey {
  readonly spki: Uint8Array<ArrayBuffer>
  sign(data: Uint8Array): Promise<Uint8Array>
}

/** As a phone's browser makes it. */
export async function makePhoneKey(): Promise<PhoneKey> {
  const keys = await crypto.subtle.generateKey(P256, false, ['sign', 'verify'])
  return {
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey)),
    sign: async (data) => new Uint8Array(await crypto.subtle.sign(P256, keys.privateKey, bytesOf(data))),
  }
}

export interface Prepared extends Draft {
  readonly part: SignerPart
}

/** The letter as the signer sees it, and what their phone has to sign: certificate of minutes, bound to this envelope. */
export async function prepareLetter(
  desk: SealingDesk,
  printers: Printers,
  {
    letter,
    envelope,
    signer,
  }: { letter: Letter; envelope: string; signer: { name: string; spki: Uint8Array<ArrayBuffer> } },
): Promise<Prepared> {
  const at = new Date(Math.floor(desk.now().getTime() / 1000) * 1000)
  const pdf = await printers.print(letter, at)
  const certificate = await issueSigner(desk.authority.issuer, { ...signer, envelope }, at)
  const part = { name: signer.name, certificate, chain: [derOf(desk.authority.issuer.cert)], at }
  return { part, ...(await draftFor(pdf, part)) }
}

const kept = new WeakMap<SealingDesk, { vouchers: Promise<Vouchers>; until: number }>()
const VOUCHERS_MS = 3_600_000

/** Certificates and revocation lists that go into every document, made anew each hour. */
function vouchersOf(desk: SealingDesk): Promise<Vouchers> {
  const now = desk.now()
  const found = kept.get(desk)
  if (found && found.until > now.getTime()) return found.vouchers
  const { root, issuer, stamper } = desk.authority
  const vouchers = Promise.all([root, issuer].map((one) => revocationListOf(one, now))).then((revocationLists) => ({
    certificates: [root, issuer, stamper].map(({ cert }) => derOf(cert)),
    revocationLists,
  }))
  kept.set(desk, { vouchers, until: now.getTime() + VOUCHERS_MS })
  return vouchers
}

/**
 * The phone's signature put in, vouchers added, sealed and stamped.
 *
 * @throws ProofError: a signature that does not hold, or no time-stamp authority whose answer does. Nothing leaves then.
 */
export async function finishLetter(desk: SealingDesk, prepared: Prepared, signature: Uint8Array): Promise<Sealed> {
  return sealSigned(desk, await addSigner(prepared, prepared.part.certificate, signature))
}

export interface Sealed {
  pdf: Uint8Array
  stamp: Stamped
}

/** A document that everybody has signed: vouchers added, sealed and stamped. @throws ProofError where no stamp holds. */
export async function sealSigned(desk: SealingDesk, signed: Uint8Array): Promise<Sealed> {
  const { authority, seal, organisation, stampers, now } = desk
  const vouchers = await vouchersOf(desk)
  const chain = [derOf(authority.issuer.cert)]
  return sealPdf(signed, { identity: seal, chain, reason: `${organisation} 盖章`, at: now(), vouchers }, (digest) =>
    stampDigest(stampers, digest, now),
  )
}
