import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify, type ECDH } from 'node:crypto'
import { standIn, type Reply, type SeenRequest, type StandIn } from './stand-in.ts'

/** A browser's subscription, with the private half that only the browser has. */
export interface TestBrowser {
  subscription: { endpoint: string; keys: { p256dh: string; auth: string } }
  /** What arrived, decrypted by RFC 8291 with code of our own. */
  received: { text: string; topic: string; urgency: string; ttl: string }[]
}

export interface PushService extends StandIn {
  /** What the next push is answered with; then 201 again. */
  next: number | 'drop'
  browser(): TestBrowser
}

const hmac = (key: Buffer, ...parts: (Buffer | string)[]) => {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

function decrypt(body: Buffer, keys: ECDH, auth: Buffer): string {
  const salt = body.subarray(0, 16)
  const senderKey = body.subarray(21, 21 + (body[20] ?? 0))
  const cipherText = body.subarray(21 + senderKey.length)
  const shared = hmac(auth, keys.computeSecret(senderKey))
  const input = hmac(shared, 'WebPush: info\0', keys.getPublicKey(), senderKey, '\x01')
  const secret = hmac(salt, input)
  const key = hmac(secret, 'Content-Encoding: aes128gcm\0\x01').subarray(0, 16)
  const nonce = hmac(secret, 'Content-Encoding: nonce\0\x01').subarray(0, 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce)
  decipher.setAuthTag(cipherText.subarray(-16))
  const padded = Buffer.concat([decipher.update(cipherText.subarray(0, -16)), decipher.final()])
  return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8')
}

/** Checks the VAPID token (RFC 8292) as a push service does. */
function isVapid(request: SeenRequest, origin: string): boolean {
  const match = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)$/.exec(request.headers.authorization ?? '')
  if (!match) return false
  const [, head = '', claims = '', signature = '', key = ''] = match
  const point = Buffer.from(key, 'base64url')
  const x = point.subarray(1, 33).toString('base64url')
  const y = point.subarray(33).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const signed = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
    aud: string
    exp: number
    sub: string
  }
  const now = Date.now() / 1000
  return signed && aud === origin && exp > now && exp <= now + 86_400 && /^(mailto:|https:)/.test(sub)
}

export async function pushService(): Promise<PushService> {
  const browsers = new Map<string, { keys: ECDH; auth: Buffer; browser: TestBrowser }>()
  const state: { next: PushService['next'] } = { next: 201 }
  const server = await standIn((request): Reply => {
    const known = browsers.get(request.path)
    const next = state.next
    state.next = 201
    if (next === 'drop') return 'drop'
    if (next !== 201) return { status: next, text: '' }
    if (!known) return { status: 404, text: '' }
    const { headers } = request
    if (!isVapid(request, server.url) || headers['content-encoding'] !== 'aes128gcm' || !headers.ttl)
      return { status: 403, text: '' }
    const text = decrypt(request.body, known.keys, known.auth)
    const { topic = '', urgency = '', ttl } = headers as Record<string, string>
    known.browser.received.push({ text, topic, urgency, ttl: ttl ?? '' })
    return { status: 201, text: '' }
  })
  return Object.assign(state, server, {
    browser() {
      const keys = createECDH('prime256v1')
      keys.generateKeys()
      const auth = randomBytes(16)
      const path = `/push/${randomBytes(12).toString('base64url')}`
      const given = { p256dh: keys.getPublicKey().toString('base64url'), auth: auth.toString('base64url') }
      const browser: TestBrowser = { subscription: { endpoint: `${server.url}${path}`, keys: given }, received: [] }
      browsers.set(path, { keys, auth, browser })
      return browser
    },
  })
}
