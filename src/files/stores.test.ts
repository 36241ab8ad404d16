import { execFileSync } from 'node:child_process'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObjectStore } from '../kernel/ports.ts'
import { diskStore } from './disk-store.ts'
import { s3Store } from './s3-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'tongxin-stores-'))
const partBytes = 5 * 1024 * 1024
const server = new S3rver({
  port: 0,
  address: '127.0.0.1',
  silent: true,
  directory: join(folder, 's3'),
  configureBuckets: [{ name: 'evidence', configs: [] }],
})
let endpoint = ''
let innerPort = 0

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest()

/**
 * The signature that a request must carry, from its own words and the secret S3RVER; s3rver itself checks none of version 4.
 *
 * @source AWS Signature Version 4: canonical request, string to sign, signing key.
 */
function expectedSignature(req: IncomingMessage, signedHeaders: string, scope: string): string {
  const url = new URL(req.url ?? '', 'http://x')
  const encode = (text: string) => encodeURIComponent(text)
  const query = [...url.searchParams]
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .sort()
    .join('&')
  const headers = signedHeaders
    .split(';')
    .map((name) => `${name}:${String(req.headers[name]).trim()}\n`)
    .join('')
  const hash = String(req.headers['x-amz-content-sha256'])
  const canonical = [req.method, url.pathname, query, headers, signedHeaders, hash].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', req.headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = scope.split('/').reduce<Buffer | string>((secret, part) => hmac(secret, part), 'AWS4S3RVER') as Buffer
  return hmac(key, toSign).toString('hex')
}

/** Stands before s3rver and lets through only what is rightly signed, body included, as S3 itself does. */
const guard = createServer(async (req, res) => {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const [, keyId, scope, signed, given] =
    /Credential=(\w+)\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)/.exec(req.headers.authorization ?? '') ?? []
  const rightly =
    keyId && req.headers['x-amz-content-sha256'] === sha256(body) && expectedSignature(req, signed!, scope!) === given
  if (!rightly) {
    res.writeHead(403, { 'content-type': 'application/xml' }).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
    return
  }
  const inner = request(
    { port: innerPort, host: '127.0.0.1', method: req.method, path: req.url, headers: req.headers },
    (answer) => {
      res.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(res)
    },
  )
  inner.end(body)
})

beforeAll(async () => {
  innerPort = (await server.run()).port
  await new Promise<void>((done) => guard.listen(0, '127.0.0.1', done))
  endpoint = `http://127.0.0.1:${(guard.address() as AddressInfo).port}`
})
afterAll(async () => {
  guard.closeAllConnections()
  guard.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const s3 = (change: Partial<Parameters<typeof s3Store>[0]> = {}): ObjectStore =>
  s3Store({
    endpoint,
    region: 'us-east-1',
    bucket: 'evidence',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    partBytes,
    ...change,
  })
const disk = (): ObjectStore => diskStore(join(folder, 'disk'))
const inPieces = (bytes: Buffer, size = 64 * 1024) =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    })(),
  )
const filesUnder = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))

describe.each([
  ['disk', disk],
  ['s3', s3],
])('%s', (_name, make) => {
  it('gives back what it was given, whole and in part', async () => {
    const store = make()
    const bytes = randomBytes(200_000)
    expect(await store.put('330411/aa/small', inPieces(bytes))).toEqual({ sizeBytes: 200_000 })
    expect(await store.head('330411/aa/small')).toEqual({ sizeBytes: 200_000 })
    expect(bytes.equals(await buffer(await store.get('330411/aa/small')))).toBe(true)
    expect(
      bytes.subarray(1000, 2001).equals(await buffer(await store.get('330411/aa/small', { from: 1000, to: 2000 }))),
    ).toBe(true)
    await store.put('330411/aa/small', inPieces(bytes))
    await store.delete('330411/aa/small')
    await store.delete('330411/aa/small')
    expect(await store.head('330411/aa/small')).toBeUndefined()
    await expect(store.get('330411/aa/small')).rejects.toMatchObject({ code: 'kernel.not_found' })
  })

  it('takes a large object in parts, odd sizes of chunks included', async () => {
    const store = make()
    const bytes = randomBytes(partBytes * 2 + 12_345)
    await store.put('330411/bb/large', inPieces(bytes, 300_007))
    expect(await store.head('330411/bb/large')).toEqual({ sizeBytes: bytes.length })
    expect(bytes.equals(await buffer(await store.get('330411/bb/large')))).toBe(true)
    await store.put('330411/bb/exact', inPieces(bytes.subarray(0, partBytes * 2)))
    expect(await store.head('330411/bb/exact')).toEqual({ sizeBytes: partBytes * 2 })
  })

  it('leaves nothing behind when the sender breaks off', async () => {
    const store = make()
    const broken = Readable.from(
      (async function* () {
        yield randomBytes(partBytes + 1)
        throw new Error('line lost')
      })(),
    )
    await expect(store.put('330411/cc/broken', broken)).rejects.toThrow('line lost')
    expect(await store.head('330411/cc/broken')).toBeUndefined()
  })

  it('takes no key that climbs out', async () => {
    const store = make()
    for (const key of ['../secret', '/etc/passwd', '330411/../x', 'a//b', '']) {
      await expect(store.put(key, inPieces(Buffer.from('x')))).rejects.toThrow('not a key of ours')
      await expect(store.get(key)).rejects.toThrow('not a key of ours')
    }
  })
})

describe('disk', () => {
  it('tells a full disk and leaves nothing behind', async () => {
    const full = Readable.from(
      (async function* () {
        yield randomBytes(1000)
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      })(),
    )
    const place = join(folder, 'full')
    await expect(diskStore(place).put('330411/dd/full', full)).rejects.toMatchObject({ code: 'kernel.storage_full' })
    expect(filesUnder(place)).toEqual([])
  })

  it('tells a disk that is really full', async (context) => {
    const place = mkdtempSync(join(tmpdir(), 'tongxin-tiny-'))
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' })
    } catch {
      rmSync(place, { recursive: true })
      context.skip('a tiny file system can only be mounted as root')
    }
    try {
      const store = diskStore(place)
      await store.put('330411/dd/fits', inPieces(randomBytes(100_000)))
      await expect(store.put('330411/dd/not', inPieces(randomBytes(3_000_000)))).rejects.toMatchObject({
        code: 'kernel.storage_full',
      })
      expect(filesUnder(place)).toEqual(['fits'])
    } finally {
      execFileSync('umount', [place])
      rmSync(place, { recursive: true })
    }
  })
})

describe('s3', () => {
  it('is refused with a wrong key or secret, and says which in the cause only', async () => {
    for (const wrong of [{ secretAccessKey: 'wrong' }, { accessKeyId: 'NOBODY' }]) {
      const refused = s3(wrong).put('330411/ee/x', inPieces(Buffer.from('x')))
      await expect(refused).rejects.toMatchObject({
        code: 'kernel.unavailable',
        cause: { message: expect.stringMatching(/S3: \w+/) },
      })
    }
    expect(await s3().head('330411/ee/x')).toBeUndefined()
  })

  it('says so when the service or the bucket is not there', async () => {
    const nobodyHome = s3({ endpoint: 'http://127.0.0.1:9' })
    await expect(nobodyHome.head('330411/ee/x')).rejects.toMatchObject({ code: 'kernel.unavailable' })
    const noBucket = s3({ bucket: 'elsewhere' })
    await expect(noBucket.put('330411/ee/x', inPieces(Buffer.from('x')))).rejects.toMatchObject({
      code: 'kernel.unavailable',
    })
  })
})
