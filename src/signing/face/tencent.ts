import { signTencent } from '../../kernel/tencent-signature.ts'
import { VerifierError, type IdentityVerifier } from './verifier.ts'

export interface TencentFaceAccount {
  readonly endpoint: string
  readonly secretId: string
  readonly secretKey: string
  /** The rule of the operator's own console: which steps the provider's page asks for. */
  readonly ruleId: string
}

const VERSION = '2018-03-01'
const TIMEOUT_MS = 15_000
/** ErrCode 0 of GetDetectInfoEnhanced: alive, and the same person. */
const PASSED = 0

interface Answer {
  Response?: {
    Error?: { Code?: string }
    Url?: string
    BizToken?: string
    Text?: { ErrCode?: number | null; IdCard?: string | null }
  }
}

/** Tencent Cloud FaceID: DetectAuth, the provider's page, GetDetectInfoEnhanced. @source cloud.tencent.com/document/api/1007 */
export function tencentVerifier(account: TencentFaceAccount): IdentityVerifier {
  const call = async (action: string, input: object): Promise<NonNullable<Answer['Response']>> => {
    const url = new URL(account.endpoint)
    const body = JSON.stringify(input)
    const contentType = 'application/json; charset=utf-8'
    const timestamp = Math.floor(Date.now() / 1000)
    const request = { service: 'faceid', host: url.host, contentType, body, timestamp }
    const answer = await fetch(`${url.origin}/`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        authorization: signTencent(request, account.secretId, account.secretKey),
        'content-type': contentType,
        'x-tc-action': action,
        'x-tc-version': VERSION,
        'x-tc-timestamp': String(timestamp),
      },
    })
    const { Response } = (await answer.json()) as Answer
    if (!Response || Response.Error) throw new VerifierError(Response?.Error?.Code ?? `status ${answer.status}`)
    return Response
  }
  return {
    name: '腾讯云',
    async begin(person, { id, returnUrl }) {
      const asked = {
        RuleId: account.ruleId,
        Name: person.name,
        IdCard: person.citizenId,
        RedirectUrl: returnUrl,
        Extra: id,
      }
      const { BizToken, Url } = await call('DetectAuth', asked)
      if (!BizToken || !Url?.startsWith('https://')) throw new VerifierError('no page')
      return { transaction: BizToken, page: Url }
    },
    async result(transaction) {
      // Text alone: no picture and no film is asked for.
      const { Text } = await call('GetDetectInfoEnhanced', {
        BizToken: transaction,
        RuleId: account.ruleId,
        InfoType: '1',
      })
      const code = Text?.ErrCode
      if (code === undefined || code === null) return 'pending'
      return code === PASSED ? 'passed' : 'failed'
    },
  }
}
