import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { certificatesOf, localNames } from './https-certificates.ts'
import { serveHttps } from './https.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'tongxin-https-'))
const start = new Date()
const lines: string[] = []
let house: FastifyInstance
let served: Awaited<ReturnType<typeof serveHttps>>
let port: number
let helpPort: number

beforeAll(async () => {
  house = fastify({ forceCloseConnections: 'idle' })
  house.get('/who', (req) => ({ protocol: req.protocol }))
  await house.ready()
  served = await serveHttps({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    helpPort: 0,
    now: () => start,
    handle: (req, res) => house.routing(req, res),
    tell: (line) => void lines.push(line),
  })
  port = Number(new URL(served.url).port)
  helpPort = Number(new URL(served.helpUrl).port)
})
afterAll(async () => {
  await served.stop()
  await house.close()
  rmSync(dataDir, { recursive: true })
})

interface Got {
  status: number
  headers: Record<string, unknown>
  body: Buffer
}
function get(secure: boolean, path: string, options: object = {}): Promise<Got> {
  return new Promise((done, fail) => {
    const ask = secure ? request : httpRequest
    const at = { host: '127.0.0.1', port: secure ? port : helpPort, path, agent: false, ...options }
    ask(at, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () =>
        done({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
      )
    })
      .on('error', fail)
      .end()
  })
}

test('whoever trusts the authority gets a TLS answer that the house knows to be secure; nobody else gets any', async () => {
  const { ca } = await certificatesOf(dataDir, localNames(), start)
  const trusted = await get(true, '/who', { ca, servername: 'localhost' })
  expect([trusted.status, trusted.body.toString()]).toEqual([200, '{"protocol":"https"}'])
  await expect(get(true, '/who')).rejects.toThrow(/certificate|self.signed|unable/i)
  await expect(get(true, '/who', { ca, servername: 'elsewhere.example' })).rejects.toThrow(/altname|does not match/i)
})

test('the page without TLS gives the certificate, says how to trust it, and leads everything else to https', async () => {
  const certificate = await get(false, '/tongxin-ca.crt')
  const authority = new X509Certificate(certificate.body)
  expect(authority.ca).toBe(true)
  expect(lines.join('\n')).toContain(authority.fingerprint256)
  const page = (await get(false, '/trust')).body.toString()
  expect(page).toContain(authority.fingerprint256)
  expect(page).toContain('证书信任设置')
  const moved = await get(false, '/h5/tasks?x=1', { headers: { host: `localhost:${helpPort}` } })
  expect([moved.status, moved.headers['location']]).toEqual([307, `https://localhost:${port}/h5/tasks?x=1`])
  const lured = await get(false, '/r', { headers: { host: 'evil.example' } })
  expect(lured.headers['location']).toMatch(new RegExp(`^${served.url}/r$`))
})

test('keys are for the owner alone; the server’s certificate is renewed in time or for another address, the authority stays', async () => {
  for (const name of ['authority.key', 'server.key'])
    expect(statSync(join(dataDir, 'https', name)).mode & 0o777).toBe(0o600)
  const names = localNames()
  const first = await certificatesOf(dataDir, names, start)
  expect((await certificatesOf(dataDir, names, start)).cert).toBe(first.cert)
  const wider = await certificatesOf(dataDir, [...names, '192.168.7.7'], start)
  expect(wider.cert).not.toBe(first.cert)
  expect(new X509Certificate(wider.cert).checkIP('192.168.7.7')).toBe('192.168.7.7')
  expect(wider.ca).toBe(first.ca)
  const later = new Date(first.until.getTime() - 20 * 86_400_000)
  const renewed = await certificatesOf(dataDir, names, later)
  expect(renewed.until > wider.until).toBe(true)
  expect(renewed.ca).toBe(first.ca)
  expect(new X509Certificate(renewed.cert).verify(new X509Certificate(renewed.ca).publicKey)).toBe(true)
})

test('a certificate that cannot be renewed, on a full disk say, is told of and stops nobody', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const folder = mkdtempSync(join(tmpdir(), 'tongxin-https-full-'))
  const told: string[] = []
  const own = await serveHttps({
    dataDir: folder,
    host: '127.0.0.1',
    port: 0,
    helpPort: 0,
    now: () => start,
    handle: (req, res) => house.routing(req, res),
    tell: (line) => void told.push(line),
  })
  rmSync(join(folder, 'https'), { recursive: true })
  writeFileSync(join(folder, 'https'), 'no folder any more')
  vi.advanceTimersByTime(13 * 3_600_000)
  await vi.waitFor(() => expect(told.at(-1)).toContain('证书未能更新'))
  vi.useRealTimers()
  await own.stop()
  rmSync(folder, { recursive: true })
})
