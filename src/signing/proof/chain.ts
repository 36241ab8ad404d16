import { x509 } from '../../kernel/x509.ts'
import { ProofError, sameBytes } from './cms.ts'

/**
 * The way from a certificate to a trusted root, each step checked: signature, days, and that whoever issued may issue.
 *
 * @param at The instant at which all of it must hold: that of the time stamp, where there is one.
 * @returns leaf first, root last. @throws ProofError `untrusted` or `expired`.
 */
export async function chainOf(
  leaf: x509.X509Certificate,
  { known, roots, at }: { known: readonly x509.X509Certificate[]; roots: readonly x509.X509Certificate[]; at: Date },
): Promise<x509.X509Certificate[]> {
  const chain = [leaf]
  for (let current = leaf; chain.length <= 6;) {
    if (at < current.notBefore || at > current.notAfter)
      throw new ProofError('expired', `${current.subject} does not hold then`)
    if (roots.some((root) => sameBytes(new Uint8Array(root.rawData), new Uint8Array(current.rawData)))) return chain
    const issuer = await issuerOf(current, [...roots, ...known])
    if (!issuer) throw new ProofError('untrusted', `nobody who is trusted vouches for ${current.subject}`)
    chain.push(issuer)
    current = issuer
  }
  throw new ProofError('untrusted', 'the chain is too long')
}

async function issuerOf(
  certificate: x509.X509Certificate,
  candidates: readonly x509.X509Certificate[],
): Promise<x509.X509Certificate | undefined> {
  for (const candidate of candidates) {
    if (candidate.subject !== certificate.issuer) continue
    const mayIssue = candidate.getExtension(x509.BasicConstraintsExtension)?.ca === true
    const usages = candidate.getExtension(x509.KeyUsagesExtension)?.usages ?? 0
    if (!mayIssue || (usages & x509.KeyUsageFlags.keyCertSign) === 0) continue
    if (await certificate.verify({ publicKey: candidate.publicKey, signatureOnly: true })) return candidate
  }
  return undefined
}
