import * as asn1 from 'asn1js'
import * as pkijs from 'pkijs'
import { hexOf, x509 } from '../../kernel/x509.ts'
import { chainOf } from './chain.ts'
import { bytesOf, ProofError, readCms, sameBytes, SHA256 } from './cms.ts'

export const ID_TST_INFO = '1.2.840.113549.1.9.16.1.4'

export interface TimeStamp {
  readonly at: Date
  readonly policy: string
  readonly nonce: string | null
  /** Whose certificate it is. */
  readonly by: string
  /** From its certificate to the trusted root. */
  readonly chain: readonly x509.X509Certificate[]
}

/**
 * Checks a time-stamp token (RFC 3161): over this digest, by a certificate for nothing but time stamps, trusted then.
 *
 * @throws ProofError
 */
export async function readTimeStamp(
  token: Uint8Array,
  digest: Uint8Array,
  trust: { roots: readonly x509.X509Certificate[]; known?: readonly x509.X509Certificate[] },
): Promise<TimeStamp> {
  const cms = await readCms(token, null)
  if (cms.contentType !== ID_TST_INFO || !cms.content) throw new ProofError('unreadable', 'not a time-stamp token')
  const { result } = asn1.fromBER(cms.content.buffer)
  const info = new pkijs.TSTInfo({ schema: result })
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  if (hashAlgorithm.algorithmId !== SHA256 || !sameBytes(bytesOf(hashedMessage.getValue()), digest))
    throw new ProofError('altered', 'the time stamp is over something else')
  const usage = cms.signer.getExtension(x509.ExtendedKeyUsageExtension)
  if (!usage?.critical || usage.usages.length !== 1 || usage.usages[0] !== x509.ExtendedKeyUsage.timeStamping)
    throw new ProofError('certificate', 'the certificate is not one for time stamps alone')
  const chain = await chainOf(cms.signer, {
    known: [...cms.certificates, ...(trust.known ?? [])],
    roots: trust.roots,
    at: info.genTime,
  })
  return {
    at: info.genTime,
    policy: info.policy,
    nonce: info.nonce ? hexOf(bytesOf(info.nonce.valueBlock.valueHexView)).replace(/^(00)+/, '') : null,
    by: cms.signer.subjectName.getField('CN')[0] ?? cms.signer.subject,
    chain,
  }
}
