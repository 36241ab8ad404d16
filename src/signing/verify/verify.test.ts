import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround } from '../../../test/support/ground.ts'
import { sealLetter } from '../../../test/support/signed-letter.ts'
import { runSystem } from '../../kernel/command.ts'
import { settleLedger } from '../../ledger/index.ts'
import { verifyProof } from '../../ledger/verify-proof.ts'
import { advance, findEnvelope } from '../envelopes/index.ts'
import { examineLetter } from '../proof/examine.ts'
import { readPdfProof } from '../proof/pdf.ts'
import { headlineOf } from '../proof/words.ts'
import { workshopOf } from '../workshop.ts'
import type { LetterLookup, Trust } from './contract.ts'

let house: TestApp
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
})
afterAll(async () => {
  await workshopOf(house.app.ports).stop()
  await house.close()
})

const headers = { 'tongxin-county': county }
async function lookUp(sha256: string): Promise<LetterLookup> {
  const answer = await house.http.inject({
    method: 'POST',
    url: '/api/v1/signing/lookups',
    headers,
    payload: { sha256 },
  })
  expect(answer.statusCode).toBe(200)
  return answer.json()
}
async function trust(): Promise<Trust> {
  return (await house.http.inject({ url: '/api/v1/signing/trust', headers })).json()
}
async function bySuperuser(statement: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: house.database.superuserUrl })
  await client.connect()
  const { rowCount } = await client.query(statement, values).finally(() => client.end())
  expect(rowCount).toBe(1)
}

test('a file that somebody holds: in force, with proofs that hold, and nothing of a person', async () => {
  const { sha256, pdf } = await sealLetter(house)
  const answer = await lookUp(sha256)
  expect(answer).toMatchObject({ state: 'latest', title: '返乡承诺书', at: null, evidence: 'intact' })
  expect(answer.proofs).toHaveLength(1)
  expect((await verifyProof(answer.proofs[0])).holds).toBe(true)
  const text = JSON.stringify(answer) + Buffer.from(answer.proofs[0]!.leaf, 'base64').toString('utf8')
  for (const personal of ['张伟', '13857300001', '0002']) expect(text).not.toContain(personal)
  expect(await examineLetter(pdf, await trust())).toMatchObject({ state: 'holds', expected: 2, sha256 })
})

test('a copy from before the seal is an older revision, by its bytes and by its hash', async () => {
  const { pdf } = await sealLetter(house)
  const roots = (await workshopOf(house.app.ports).desk({ id: 'platform', organisation: '' })).roots
  const { signatures } = await readPdfProof(pdf, { roots, stampRoots: roots })
  const cut = await examineLetter(pdf.subarray(0, signatures[0]!.end), await trust())
  expect(cut.state).toBe('olderRevision')
  expect(await lookUp(cut.sha256)).toMatchObject({ state: 'older', proofs: [] })
})

test('one that was taken back says so, whatever its row says afterwards', async () => {
  const { id, sha256 } = await sealLetter(house)
  await runSystem(house.app, county, async (cmd) => advance(cmd, await findEnvelope(cmd, id), 'revoked'))
  await settleLedger(house.app, county)
  expect(await lookUp(sha256)).toMatchObject({ state: 'revoked', evidence: 'intact', at: expect.any(String) })
  await bySuperuser(`update signing_envelope set state = 'sealed' where county = $1 and id = $2`, [county, id])
  expect(await lookUp(sha256)).toMatchObject({ state: 'revoked', evidence: 'changed' })
})

test('an event of the signing changed by whoever holds the database is reported', async () => {
  const { id, sha256, pdf } = await sealLetter(house)
  await bySuperuser(
    `update signing_evidence set body = '{"by":"face"}' where county = $1 and envelope_id = $2 and kind = 'identified'`,
    [county, id],
  )
  const answer = await lookUp(sha256)
  expect(answer).toMatchObject({ state: 'latest', evidence: 'changed' })
  const report = await examineLetter(pdf, await trust())
  expect(headlineOf(report, answer)).toMatchObject({ mood: 'bad', zh: expect.stringContaining('对不上') })
})

test('an event left out is reported as well', async () => {
  const { id, sha256 } = await sealLetter(house)
  await bySuperuser(`delete from signing_evidence where county = $1 and envelope_id = $2 and kind = 'consented'`, [
    county,
    id,
  ])
  expect((await lookUp(sha256)).evidence).toBe('changed')
})

test('what nobody knows, and what is no hash', async () => {
  expect(await lookUp('0'.repeat(64))).toMatchObject({ state: 'unknown', title: null, proofs: [] })
  for (const sha256 of ['', 'xyz', 'A'.repeat(64), `${'0'.repeat(63)}'`]) {
    const answer = await house.http.inject({
      method: 'POST',
      url: '/api/v1/signing/lookups',
      headers,
      payload: { sha256 },
    })
    expect(answer.statusCode).toBe(400)
  }
})

test('who tries hashes at random is slowed down', async () => {
  const answers = await Promise.all(
    Array.from({ length: 70 }, () =>
      house.http.inject({
        method: 'POST',
        url: '/api/v1/signing/lookups',
        headers,
        remoteAddress: '203.0.113.9',
        payload: { sha256: '1'.repeat(64) },
      }),
    ),
  )
  expect(answers.some(({ statusCode }) => statusCode === 429)).toBe(true)
})
