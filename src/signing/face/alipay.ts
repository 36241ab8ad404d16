import { createPrivateKey, createPublicKey, createSign, createVerify } from 'node:crypto'
import { VerifierError, type IdentityVerifier } from './verifier.ts'

export interface AlipayAccount {
  readonly endpoint: string
  readonly appId: string
  /** The operator's private key and Alipay's public key, PEM or the bare base64 that its console shows. */
  readonly privateKey: string
  readonly alipayKey: string
}

const TIMEOUT_MS = 15_000
const SUCCESS = '10000'

const pem = (key: string, kind: 'PRIVATE' | 'PUBLIC'): string =>
  key.includes('-----') ? key : `-----BEGIN ${kind} KEY-----\n${key.replace(/\s/g, '')}\n-----END ${kind} KEY-----\n`

/** As Alipay writes times: Beijing, to the second. */
const stamp = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

/** The text that is signed: all parameters but the signature, in order, empty ones left out. */
export const signedText = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** The answer's own bytes: what its signature covers is the text between its name and the next, not JSON made anew. */
function answerIn(text: string, name: string): string {
  const from = text.indexOf('{', text.indexOf(`"${name}"`) + name.length)
  const until = text.lastIndexOf('}', text.indexOf('"sign"', from) < 0 ? undefined : text.indexOf('"sign"', from))
  return text.slice(from, until + 1)
}

/** Alipay's open face verification: initialize, certify (its own page), query; RSA2. @source opendocs.alipay.com, alipay.user.certify.open */
export function alipayVerifier(account: AlipayAccount, now: () => Date = () => new Date()): IdentityVerifier {
  const privateKey = createPrivateKey(pem(account.privateKey, 'PRIVATE'))
  const alipayKey = createPublicKey(pem(account.alipayKey, 'PUBLIC'))
  const signed = (method: string, content: object): URLSearchParams => {
    const parameters = {
      app_id: account.appId,
      method,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: stamp(now()),
      version: '1.0',
      biz_content: JSON.stringify(content),
    }
    const sign = createSign('RSA-SHA256').update(signedText(parameters), 'utf8').sign(privateKey, 'base64')
    return new URLSearchParams({ ...parameters, sign })
  }
  const call = async (method: string, content: object): Promise<Record<string, string>> => {
    const answer = await fetch(account.endpoint, {
      method: 'POST',
      body: signed(method, content),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await answer.text()
    const body = answerIn(text, `${method.replaceAll('.', '_')}_response`)
    const sign = /"sign"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? ''
    // Whoever sits between us and Alipay cannot say that somebody passed.
    if (!createVerify('RSA-SHA256').update(body, 'utf8').verify(alipayKey, sign, 'base64'))
      throw new VerifierError('the answer is not signed by Alipay')
    const read = JSON.parse(body) as Record<string, string>
    if (read['code'] !== SUCCESS) throw new VerifierError(read['sub_code'] ?? read['code'] ?? 'no code')
    return read
  }
  return {
    name: '支付宝',
    async begin(person, { id, returnUrl }) {
      const { certify_id: transaction } = await call('alipay.user.certify.open.initialize', {
        outer_order_no: id.replaceAll('-', '').slice(0, 32),
        biz_code: 'FACE',
        identity_param: {
          identity_type: 'CERT_INFO',
          cert_type: 'IDENTITY_CARD',
          cert_name: person.name,
          cert_no: person.citizenId,
        },
        merchant_config: { return_url: returnUrl },
      })
      if (!transaction) throw new VerifierError('no certify_id')
      const page = `${account.endpoint}?${signed('alipay.user.certify.open.certify', { certify_id: transaction }).toString()}`
      return { transaction, page }
    },
    async result(transaction) {
      const { passed } = await call('alipay.user.certify.open.query', { certify_id: transaction })
      if (passed === 'T') return 'passed'
      return passed === 'F' ? 'failed' : 'pending'
    },
  }
}
