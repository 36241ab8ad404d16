import type { Config } from '../../kernel/config.ts'
import { alipayVerifier } from './alipay.ts'
import { tencentVerifier } from './tencent.ts'
import type { IdentityVerifier } from './verifier.ts'

export { answers, CHALLENGE_MINUTES, makeChallenge, usedUp } from './service.ts'
export { setVerifier, VerifierError, verifierOf, type IdentityVerifier } from './verifier.ts'

/** The provider that the settings name; null for none. */
export function makeVerifier(config: Config): IdentityVerifier | null {
  const [id, key, endpoint] = [config.get('FACE_ID'), config.get('FACE_KEY'), config.get('FACE_ENDPOINT')]
  if (config.get('FACE_PROVIDER') === 'tencent') {
    const at = endpoint || 'https://faceid.tencentcloudapi.com'
    return tencentVerifier({ endpoint: at, secretId: id, secretKey: key, ruleId: config.get('FACE_RULE') })
  }
  if (config.get('FACE_PROVIDER') !== 'alipay') return null
  const at = endpoint || 'https://openapi.alipay.com/gateway.do'
  return alipayVerifier({ endpoint: at, appId: id, privateKey: key, alipayKey: config.get('FACE_PROVIDER_KEY') })
}
