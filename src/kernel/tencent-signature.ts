import { createHash, createHmac } from 'node:crypto'

/** A request to Tencent Cloud, as far as its signature covers it. */
export interface Tc3Request {
  service: string
  host: string
  contentType: string
  body: string
  timestamp: number
}

const ALGORITHM = 'TC3-HMAC-SHA256'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** The `Authorization` header of a POST; signed are content type and host, as in the published example. */
export function signTencent(request: Tc3Request, secretId: string, secretKey: string): string {
  const day = new Date(request.timestamp * 1000).toISOString().slice(0, 10)
  const signedHeaders = 'content-type;host'
  const canonicalHeaders = `content-type:${request.contentType}\nhost:${request.host}\n`
  const canonical = ['POST', '/', '', canonicalHeaders, signedHeaders, sha256(request.body)].join('\n')
  const scope = `${day}/${request.service}/tc3_request`
  const text = [ALGORITHM, String(request.timestamp), scope, sha256(canonical)].join('\n')
  const key = hmac(hmac(hmac(`TC3${secretKey}`, day), request.service), 'tc3_request')
  const signature = createHmac('sha256', key).update(text).digest('hex')
  return `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
}
