import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { AwsClient } from 'aws4fetch'
import { Fault } from '../kernel/faults.ts'
import type { ObjectStore } from '../kernel/ports.ts'
import { requireKey } from './disk-store.ts'

export interface S3Options {
  endpoint: string
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  /** Bytes of one part, 5 MiB at least except the last (S3's own limit); this much memory per upload under way. */
  partBytes?: number
}

const PART_BYTES = 8 * 1024 * 1024
/** How long we wait for an answer to begin; how long a slow reader then takes is his own affair. */
const ANSWER_SECONDS_MAX = 60

/** A stream cut into parts of the same size, the last one smaller. */
async function* partsOf(body: Readable, partBytes: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let heldBytes = 0
  for await (const piece of body) {
    let chunk = piece as Buffer
    while (heldBytes + chunk.length >= partBytes) {
      const rest = partBytes - heldBytes
      yield Buffer.concat([...held, chunk.subarray(0, rest)])
      chunk = chunk.subarray(rest)
      held = []
      heldBytes = 0
    }
    if (chunk.length > 0) held.push(chunk)
    heldBytes += chunk.length
  }
  if (heldBytes > 0) yield Buffer.concat(held)
}

const tagOf = (xml: string, tag: string): string | undefined => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1]

/**
 * Objects in a bucket of any S3 service, path-style, every request signed (SigV4) with the hash of its body.
 *
 * Small objects go in one request, larger ones in parts; a broken upload is aborted, so nothing is left to be paid for.
 * @throws kernel.storage_full when the service says so, kernel.unavailable when it refuses us or cannot be reached.
 * @source Amazon S3 API reference: PutObject, CreateMultipartUpload, UploadPart, CompleteMultipartUpload.
 */
export function s3Store(options: S3Options): ObjectStore {
  const { accessKeyId, secretAccessKey, region, partBytes = PART_BYTES } = options
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 3 })
  const base = `${options.endpoint.replace(/\/+$/, '')}/${options.bucket}`

  async function call(
    method: string,
    path: string,
    body: Buffer | string | null,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    const giveUp = new AbortController()
    const timer = setTimeout(() => giveUp.abort(), ANSWER_SECONDS_MAX * 1000)
    try {
      const answer = await client.fetch(`${base}/${path}`, {
        method,
        body: body as BodyInit | null,
        headers: { ...headers, 'x-amz-content-sha256': hash },
        signal: giveUp.signal,
      })
      if (answer.ok || answer.status === 404) return answer
      const said = tagOf(await answer.text(), 'Code') ?? `status ${answer.status}`
      const full = answer.status === 507 || /StorageFull|InsufficientStorage|QuotaExceeded/i.test(said)
      throw new Fault(full ? 'kernel.storage_full' : 'kernel.unavailable', {}, { cause: new Error(`S3: ${said}`) })
    } catch (cause) {
      throw cause instanceof Fault ? cause : new Fault('kernel.unavailable', {}, { cause, retryAfterSeconds: 5 })
    } finally {
      clearTimeout(timer)
    }
  }

  const must = (answer: Response): Response => {
    if (answer.status === 404)
      throw new Fault('kernel.unavailable', {}, { cause: new Error('S3: no such bucket or upload') })
    return answer
  }

  async function putParts(key: string, first: Buffer, rest: AsyncGenerator<Buffer>): Promise<number> {
    const uploadId = tagOf(await must(await call('POST', `${key}?uploads`, null)).text(), 'UploadId')
    if (!uploadId) throw new Fault('kernel.unavailable', {}, { cause: new Error('S3 began no upload') })
    const query = `uploadId=${encodeURIComponent(uploadId)}`
    try {
      const etags: string[] = []
      let sizeBytes = 0
      let part: Buffer | undefined = first
      while (part) {
        const answer = must(await call('PUT', `${key}?partNumber=${etags.length + 1}&${query}`, part))
        etags.push(answer.headers.get('etag') ?? '')
        sizeBytes += part.length
        const next: IteratorResult<Buffer> = await rest.next()
        part = next.done ? undefined : next.value
      }
      const list = etags
        .map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
        .join('')
      const document = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`
      const said = await must(
        await call('POST', `${key}?${query}`, document, { 'content-type': 'application/xml' }),
      ).text()
      if (tagOf(said, 'Code'))
        throw new Fault('kernel.unavailable', {}, { cause: new Error(`S3: ${tagOf(said, 'Code')}`) })
      return sizeBytes
    } catch (error) {
      await call('DELETE', `${key}?${query}`, null).catch(() => {})
      throw error
    }
  }

  return {
    name: 's3',
    async put(key, body) {
      requireKey(key)
      const parts = partsOf(body, partBytes)
      const first: IteratorResult<Buffer> = await parts.next()
      const start: Buffer = first.done ? Buffer.alloc(0) : first.value
      let sizeBytes = start.length
      if (start.length < partBytes) must(await call('PUT', key, start))
      else sizeBytes = await putParts(key, start, parts)
      return { sizeBytes }
    },
    async get(key, range) {
      const headers: Record<string, string> = range ? { range: `bytes=${range.from}-${range.to}` } : {}
      const answer = await call('GET', requireKey(key), null, headers)
      if (answer.status === 404 || !answer.body) throw new Fault('kernel.not_found')
      return Readable.fromWeb(answer.body as ReadableStream)
    },
    async head(key) {
      const answer = await call('HEAD', requireKey(key), null)
      return answer.status === 404 ? undefined : { sizeBytes: Number(answer.headers.get('content-length')) }
    },
    async delete(key) {
      await call('DELETE', requireKey(key), null)
    },
  }
}
