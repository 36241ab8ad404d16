import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listZip, readZipEntry } from '../../src/kernel/sheet-zip.ts'
import { workshopOf } from '../../src/signing/workshop.ts'
import { county, testApp, type TestApp } from '../support/app.ts'
import { layGround, paths } from '../support/ground.ts'
import { sealLetter } from '../support/signed-letter.ts'

/*
 * The package for a court, checked by its own script: needs openssl 3; qpdf and pdfsig are used where they are. A machine
 * without openssl fails here, which is why it lies among the long ones.
 */

let house: TestApp
const folder = mkdtempSync(join(tmpdir(), 'tongxin-court-'))
beforeAll(async () => {
  house = await testApp({ now: new Date(Math.floor(Date.now() / 1000) * 1000).toISOString() })
  await layGround(house)
})
afterAll(async () => {
  await workshopOf(house.app.ports).stop()
  await house.close()
  rmSync(folder, { recursive: true })
})

async function unpacked(id: string): Promise<string> {
  const { token } = house.as({ grants: [{ action: 'signing.read', path: paths.right }] })
  const answer = await house.http.inject({
    url: `/api/v1/signing/envelopes/${id}/evidence-package`,
    headers: { 'tongxin-county': county, authorization: `Bearer ${token}` },
  })
  expect(answer.statusCode, answer.statusCode === 200 ? '' : answer.body).toBe(200)
  const zip = answer.rawPayload
  const bytes = {
    sizeBytes: zip.length,
    read: async (from: number, to: number) => zip.subarray(from, to),
    stream: (from: number, to: number) => Readable.from([zip.subarray(from, to)]),
  }
  const to = join(folder, id)
  for (const [name, entry] of await listZip(bytes)) {
    const pieces: Buffer[] = []
    for await (const piece of readZipEntry(bytes, entry, 10_000_000)) pieces.push(piece)
    mkdirSync(dirname(join(to, name)), { recursive: true })
    writeFileSync(join(to, name), Buffer.concat(pieces))
  }
  return to
}
const check = (at: string): { status: number | null; stdout: string } => {
  const { status, stdout, stderr } = spawnSync('sh', [join(at, 'verify.sh')], { encoding: 'utf8' })
  return { status, stdout: stdout + stderr }
}
const flip = (path: string, at: number): void => {
  const bytes = readFileSync(path)
  bytes[at] = bytes[at]! ^ 1
  writeFileSync(path, bytes)
}

test('holds by stock tools alone, and not with a changed byte in the letter, an event or a leaf', async () => {
  const { id } = await sealLetter(house)
  const at = await unpacked(id)
  const good = check(at)
  expect(good.stdout).not.toContain('WRONG')
  expect(good.stdout).toContain('第 2 个签名的时间戳成立')
  expect(good.stdout).toContain('账本记下的就是这个文件')
  expect(good.status).toBe(0)
  expect(readFileSync(join(at, '说明.html'), 'utf8')).toContain('签名真实，内容未被改动')
  for (const [file, place] of [
    ['document.pdf', 3000],
    ['evidence/0002.json', 40],
    ['ledger/1.leaf', 60],
    ['ledger/head.sig', 5],
    ['signatures/2.p7s', 900],
  ] as const) {
    flip(join(at, file), place)
    expect(check(at).status, file).toBe(1)
    flip(join(at, file), place)
  }
  expect(check(at).status).toBe(0)
})

test('reports an event that somebody changed in the database', async () => {
  const { id } = await sealLetter(house)
  const client = new pg.Client({ connectionString: house.database.superuserUrl })
  await client.connect()
  await client
    .query(`update signing_evidence set by_label = 'x' where county = $1 and envelope_id = $2 and seq = 2`, [
      county,
      id,
    ])
    .finally(() => client.end())
  const at = await unpacked(id)
  expect(check(at)).toMatchObject({ status: 1, stdout: expect.stringContaining('与签署过程相符') })
  expect(readFileSync(join(at, '说明.html'), 'utf8')).toContain('对不上')
})
