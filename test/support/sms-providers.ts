import { createHash, createHmac } from 'node:crypto'
import { standIn, type Reply, type SeenRequest, type StandIn } from './stand-in.ts'

/**
 * Faithful stand-ins for the two SMS providers: they check the signature from the bytes that arrived, by code of their own,
 * and keep what they accepted, so that a receipt can be asked for.
 */
export interface SmsProvider extends StandIn {
  /** What happens to the next message; then `accept` again. */
  next: 'accept' | 'acceptThenDrop' | 'dropUnread' | { refuse: string }
  accepted: { id: string; phone: string; template: string; params: string; providerId: string; day?: string }[]
  /** What the operator reported, by our message id; without an entry the report is still out. */
  reports: Map<string, 'delivered' | 'failed'>
}

const hex = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')

type Core = Pick<SmsProvider, 'next' | 'accepted' | 'reports'>

function turn(core: Core): SmsProvider['next'] {
  const next = core.next
  core.next = 'accept'
  return next
}

const strict = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** Checks an ACS3-HMAC-SHA256 signature as the published rules say; undefined when it fits, else the error code. */
function aliyunComplaint(request: SeenRequest, secret: string, nonces: Set<string>): string | undefined {
  const { headers } = request
  const match = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? '',
  )
  if (!match) return 'IncompleteSignature'
  const [, , signedHeaders = '', signature] = match
  const names = signedHeaders.split(';')
  const required = [
    'host',
    'x-acs-action',
    'x-acs-content-sha256',
    'x-acs-date',
    'x-acs-signature-nonce',
    'x-acs-version',
  ]
  if (!required.every((name) => names.includes(name)) || names.join() !== [...names].sort().join())
    return 'IncompleteSignature'
  if (headers['x-acs-content-sha256'] !== hex(request.body)) return 'InvalidContentSha256'
  const date = String(headers['x-acs-date'])
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) || Math.abs(Date.now() - Date.parse(date)) > 900_000)
    return 'InvalidTimeStamp.Expired'
  const nonce = String(headers['x-acs-signature-nonce'])
  if (nonces.has(nonce)) return 'SignatureNonceUsed'
  nonces.add(nonce)
  const pairs = [...new URLSearchParams(request.query)].map(([name, value]): [string, string] => [
    strict(name),
    strict(value),
  ])
  const query = pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')
  let canonical = `${request.method}\n${request.path}\n${query}\n`
  for (const name of names) canonical += `${name}:${String(headers[name]).trim()}\n`
  canonical += `\n${signedHeaders}\n${hex(request.body)}`
  const expected = createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${hex(canonical)}`)
    .digest('hex')
  return expected === signature ? undefined : 'SignatureDoesNotMatch'
}

/** @param clock When messages are filed; the house's own in a test whose clock stands still. */
export async function aliyunStandIn(secret: string, clock: () => Date = () => new Date()): Promise<SmsProvider> {
  const core: Core = { next: 'accept', accepted: [], reports: new Map() }
  const nonces = new Set<string>()
  const answer = (request: SeenRequest): Reply => {
    const complaint = aliyunComplaint(request, secret, nonces)
    if (complaint) return { status: 400, json: { Code: complaint, Message: 'refused', RequestId: 'R' } }
    if (request.headers['x-acs-version'] !== '2017-05-25')
      return { status: 404, json: { Code: 'InvalidVersion', RequestId: 'R' } }
    const query = Object.fromEntries(new URLSearchParams(request.query))
    const action = request.headers['x-acs-action']
    if (action === 'SendSms') return sendAliyun(core, query, beijingDay(clock()))
    if (action === 'QuerySendDetails') return queryAliyun(core, query)
    return { status: 404, json: { Code: 'InvalidAction.NotFound', RequestId: 'R' } }
  }
  return Object.assign(core, await standIn(answer))
}

const beijingDay = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')

function sendAliyun(core: Core, query: Record<string, string>, day: string): Reply {
  const mode = turn(core)
  if (mode === 'dropUnread') return 'drop'
  if (typeof mode === 'object') return { json: { Code: mode.refuse, Message: 'refused', RequestId: 'R' } }
  const providerId = `${core.accepted.length + 1}00^0`
  const { OutId = '', PhoneNumbers = '', TemplateCode = '', TemplateParam = '' } = query
  if (!/^1\d{10}$/.test(PhoneNumbers)) return { json: { Code: 'isv.MOBILE_NUMBER_ILLEGAL', RequestId: 'R' } }
  core.accepted.push({ id: OutId, phone: PhoneNumbers, template: TemplateCode, params: TemplateParam, providerId, day })
  return mode === 'acceptThenDrop' ? 'drop' : { json: { Code: 'OK', Message: 'OK', BizId: providerId, RequestId: 'R' } }
}

function queryAliyun(core: Core, query: Record<string, string>): Reply {
  const found = core.accepted.filter(
    ({ phone, providerId, day }) =>
      phone === query.PhoneNumber && day === query.SendDate && (!query.BizId || query.BizId === providerId),
  )
  const details = found.map(({ id, phone, template }) => {
    const report = core.reports.get(id)
    return {
      PhoneNum: phone,
      OutId: id,
      TemplateCode: template,
      SendStatus: report === 'delivered' ? 3 : report === 'failed' ? 2 : 1,
    }
  })
  return {
    json: { Code: 'OK', TotalCount: details.length, SmsSendDetailDTOs: { SmsSendDetailDTO: details }, RequestId: 'R' },
  }
}

/** Checks a TC3-HMAC-SHA256 signature as the published rules say. */
function tencentComplaint(request: SeenRequest, secretKey: string): string | undefined {
  const { headers } = request
  const match =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/([\d-]{10})\/(\w+)\/tc3_request, SignedHeaders=([a-z;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  if (!match) return 'AuthFailure.InvalidAuthorization'
  const [, , day = '', service = '', signedHeaders = '', signature] = match
  const timestamp = Number(headers['x-tc-timestamp'])
  if (Math.abs(Date.now() / 1000 - timestamp) > 300) return 'AuthFailure.SignatureExpire'
  if (new Date(timestamp * 1000).toISOString().slice(0, 10) !== day) return 'AuthFailure.SignatureFailure'
  const lines = signedHeaders.split(';').map((name) => `${name}:${String(headers[name]).trim().toLowerCase()}\n`)
  const canonical = `${request.method}\n/\n${request.query}\n${lines.join('')}\n${signedHeaders}\n${hex(request.body)}`
  let key: Buffer = Buffer.from(`TC3${secretKey}`)
  for (const part of [day, service, 'tc3_request']) key = createHmac('sha256', key).update(part).digest()
  const text = `TC3-HMAC-SHA256\n${timestamp}\n${day}/${service}/tc3_request\n${hex(canonical)}`
  return createHmac('sha256', key).update(text).digest('hex') === signature ? undefined : 'AuthFailure.SignatureFailure'
}

export async function tencentStandIn(secretKey: string): Promise<SmsProvider> {
  const core: Core = { next: 'accept', accepted: [], reports: new Map() }
  const answer = (request: SeenRequest): Reply => {
    const refuse = (Code: string): Reply => ({
      json: { Response: { Error: { Code, Message: 'refused' }, RequestId: 'R' } },
    })
    const complaint = tencentComplaint(request, secretKey)
    if (complaint) return refuse(complaint)
    if (request.headers['x-tc-version'] !== '2021-01-11') return refuse('InvalidParameter')
    const input = JSON.parse(request.body.toString('utf8')) as Record<string, unknown>
    const action = request.headers['x-tc-action']
    if (action === 'SendSms') return sendTencent(core, input, refuse)
    if (action === 'PullSmsSendStatusByPhoneNumber') return pullTencent(core, input)
    return refuse('InvalidAction')
  }
  return Object.assign(core, await standIn(answer))
}

function sendTencent(core: Core, input: Record<string, unknown>, refuse: (code: string) => Reply): Reply {
  const mode = turn(core)
  if (mode === 'dropUnread') return 'drop'
  const [phone = ''] = input['PhoneNumberSet'] as string[]
  if (typeof mode === 'object') {
    if (mode.refuse.startsWith('AuthFailure')) return refuse(mode.refuse)
    return {
      json: {
        Response: { SendStatusSet: [{ SerialNo: '', PhoneNumber: phone, Fee: 0, Code: mode.refuse }], RequestId: 'R' },
      },
    }
  }
  const providerId = `5000:${core.accepted.length + 1}`
  const params = JSON.stringify(input['TemplateParamSet'])
  core.accepted.push({
    id: String(input['SessionContext']),
    phone,
    template: String(input['TemplateId']),
    params,
    providerId,
  })
  const status = {
    SerialNo: providerId,
    PhoneNumber: phone,
    Fee: 1,
    SessionContext: input['SessionContext'],
    Code: 'Ok',
    Message: 'send success',
  }
  return mode === 'acceptThenDrop' ? 'drop' : { json: { Response: { SendStatusSet: [status], RequestId: 'R' } } }
}

/** Only what the operator has reported is told, as the provider does. */
function pullTencent(core: Core, input: Record<string, unknown>): Reply {
  const reported = core.accepted.filter(({ id, phone }) => phone === input['PhoneNumber'] && core.reports.has(id))
  const PullSmsSendStatusSet = reported.map(({ id, phone, providerId }) => ({
    PhoneNumber: phone,
    SerialNo: providerId,
    ReportStatus: core.reports.get(id) === 'delivered' ? 'SUCCESS' : 'FAIL',
  }))
  return { json: { Response: { PullSmsSendStatusSet, RequestId: 'R' } } }
}
