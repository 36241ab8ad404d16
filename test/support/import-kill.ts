import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { citizenIds } from '../../src/registry/seed-names.ts'
import { hotRead } from '../../src/kernel/db.ts'
import { readWholeSheets } from '../../src/kernel/sheets.ts'
import { merkleRoot, settleLedger, verifyLedger } from '../../src/ledger/index.ts'
import type { Counts } from '../../src/registry/sheets/contract.ts'
import { batchLeaf } from '../../src/registry/writing.ts'
import { county, type TestApp } from './app.ts'
import { paths } from './ground.ts'
import { HandIn } from './hand-in.ts'

const MINUTE_MS = 60_000

export interface PlainRoster {
  bytes: Buffer
  /** ID numbers of everybody who can be taken in, in the sheet's order. */
  people: string[]
  /** Rows of the sheet, from 1, whose ID number is wrong by a digit. */
  wrong: number[]
}

/** A roster of so many rows, three people a home; every 97th has a digit of the ID number wrong. */
export function plainRoster(rows: number): PlainRoster {
  const next = citizenIds()
  const lines = ['姓名,身份证号,与户主关系,小区,幢,单元,室,微网格']
  const roster: PlainRoster = { bytes: Buffer.alloc(0), people: [], wrong: [] }
  for (let at = 0; at < rows; at++) {
    const home = Math.floor(at / 3)
    const bornOn = new Date(Date.UTC(1940, 0, 1 + Math.floor(at / 4))).toISOString().slice(0, 10)
    const id = next('330411', bornOn, at % 2 === 0 ? 'male' : 'female')
    const isWrong = at % 97 === 50
    const written = isWrong ? `${id.slice(0, 17)}${id.endsWith('1') ? '2' : '1'}` : id
    if (isWrong) roster.wrong.push(at + 2)
    else roster.people.push(id)
    const [block, inBlock] = [Math.floor(home / 48) + 1, home % 48]
    const room = `${Math.floor((inBlock % 12) / 2) + 1}0${(inBlock % 2) + 1}`
    const relation = ['户主', '配偶', '子女'][at % 3]
    lines.push(
      `王${'甲乙丙丁'[at % 4]},${written},${relation},银杏苑,${block},${Math.floor(inBlock / 12) + 1},${room},一组`,
    )
  }
  roster.bytes = Buffer.from(lines.join('\n'))
  return roster
}

/** Works the import off in a process of its own, and kills it without warning once it has sealed so often. */
async function workAndKill(house: TestApp, batchRows: number | undefined, afterSeals: number): Promise<boolean> {
  const file = fileURLToPath(new URL('./import-child.ts', import.meta.url))
  const batch = batchRows === undefined ? [] : [String(batchRows)]
  const { appUrl } = house.database
  const { dataDir } = house.app.config
  const child = spawn(process.execPath, [file, appUrl, dataDir, county, house.clock.now().toISOString(), ...batch], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  let sealed = 0
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
    sealed = Number(
      said
        .trimEnd()
        .split('\n')
        .findLast((line) => line.startsWith('sealed '))
        ?.slice(7) ?? 0,
    )
    if (sealed >= afterSeals) child.kill('SIGKILL')
  })
  const end = await new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)))
  // Who fell over by itself was not killed by us.
  expect(['SIGKILL', 0]).toContain(end)
  // Whoever comes next finds the claim of the dead one run out.
  house.clock.advance(2 * MINUTE_MS)
  return !said.includes('nothing left')
}

const rowsOf = <Row>(house: TestApp, text: string): Promise<Row[]> =>
  house.db.reading(county, (tx) => hotRead<Row>(tx, '', text, [county]))
const countOf = async (house: TestApp, table: string, where = 'true'): Promise<number> =>
  (await rowsOf<{ n: number }>(house, `select count(*)::int as n from ${table} where county = $1 and ${where}`))[0]!.n

/** Each batch of the import has one entry, and its root is that of the records that stand there now. */
async function expectRoots(house: TestApp): Promise<void> {
  const entries = await rowsOf<{ id: string; body: string }>(
    house,
    `select subject_id as id, convert_from(bytes, 'UTF8') as body from ledger_entry where county = $1 and event = 'registry.batch_saved'`,
  )
  const batches = await rowsOf<{ records: string[] }>(
    house,
    'select record_batches as records from registry_import_batch where county = $1 order by number',
  )
  const named = batches.flatMap(({ records }) => records)
  expect(batches.map(({ records }) => records.length)).toEqual(batches.map(() => 1))
  expect(new Set(entries.map(({ id }) => id))).toEqual(new Set(named))
  expect(entries).toHaveLength(named.length)
  const { vault } = house.app
  for (const { id, body } of entries) {
    const changes = await rowsOf<{ kind: string; id: string; version: number; salt: Buffer; sealed: Buffer }>(
      house,
      `select subject_kind as kind, subject_id as id, version, salt, changes_sealed as sealed from registry_change
       where county = $1 and batch_id = '${id}' order by batch_position`,
    )
    const leaves = changes.map(({ kind, id: subject, version, salt, sealed }) => {
      const commitment = vault.commitment(salt, vault.open(county, sealed)).toString('hex')
      return batchLeaf({ kind, id: subject, version, commitment })
    })
    expect(body).toContain(merkleRoot(leaves).toString('hex'))
  }
  expect(await countOf(house, 'registry_change', 'batch_id is null')).toBe(0)
}

/**
 * Hands a roster in, kills whoever takes it in again and again in the middle of a batch, and expects it whole in the end:
 * every row in once, none twice, one entry a batch, the sheet of errors complete, the ledger sound.
 *
 * @param kills After how many sealings each process dies.
 * @returns what the import says that it took in.
 */
export async function killTheImport(
  house: TestApp,
  roster: PlainRoster,
  { batchRows, kills }: { batchRows?: number; kills: readonly number[] },
): Promise<Counts> {
  const hands = new HandIn(house)
  const handed = await hands.handIn(roster.bytes, '名册.csv')
  const checked = await hands.map(handed)
  expect(checked?.state, checked?.trouble ?? '').toBe('checked')
  await hands.act(handed.id, 'run')

  const progress: number[] = []
  for (const afterSeals of kills) {
    expect(await workAndKill(house, batchRows, afterSeals), 'killed before it was done').toBe(true)
    const now = await hands.look(handed.id)
    expect(now.state).toBe('running')
    // Nothing of the batch that was under way: what is there is what whole batches left.
    expect(await countOf(house, 'person')).toBe(now.taken?.fresh ?? 0)
    expect(await countOf(house, 'ledger_entry', "event = 'registry.batch_saved'")).toBe(
      await countOf(house, 'registry_import_batch'),
    )
    progress.push(now.rowsDone)
  }
  // Whoever came later went on behind the last whole batch.
  expect(progress.at(-1)).toBeGreaterThan(0)
  expect(progress).toEqual(progress.toSorted((one, other) => one - other))
  expect(await workAndKill(house, batchRows, Infinity)).toBe(false)

  const done = await hands.look(handed.id)
  const { people, wrong } = roster
  expect(done.state, done.trouble ?? '').toBe('done')
  const blinds = await rowsOf<{ blind: string }>(
    house,
    `select encode(citizen_id_blind, 'hex') as blind from person where county = $1`,
  )
  const expected = people.map((id) => house.app.vault.blind(county, 'citizenId', id).toString('hex'))
  expect(blinds.map(({ blind }) => blind).toSorted()).toEqual(expected.toSorted())
  expect(await countOf(house, 'residence', 'until_on is null')).toBe(people.length)
  const wrongCounts = `select h.id from household h left join residence r on r.county = $1 and r.household_id = h.id and r.lives_here
    and r.until_on is null where h.county = $1 group by h.id, h.members having h.members <> count(r.id)`
  expect(await rowsOf(house, wrongCounts)).toEqual([])
  expect(await countOf(house, 'person', `area_path = '${paths.right}'`)).toBe(people.length)
  await expectRoots(house)
  await expectMarked(house, hands, { id: handed.id, wrong })
  await settleLedger(house.app, county)
  const report = await verifyLedger(house.db, county, { dataDir: house.app.config.dataDir })
  expect(report.findings).toEqual([])
  return done.taken!
}

/** The sheet of errors names each wrong row once. */
async function expectMarked(house: TestApp, hands: HandIn, of: { id: string; wrong: number[] }): Promise<void> {
  const problems = await rowsOf<{ row: number }>(
    house,
    'select row_number as row from registry_import_problem where county = $1 order by row_number',
  )
  expect(problems.map(({ row }) => row)).toEqual(of.wrong)
  const answer = await house.http.inject({
    method: 'GET',
    url: `/api/v1/registry/imports/${of.id}/marked`,
    headers: { authorization: `Bearer ${hands.secretary().token}` },
  })
  const [sheet] = await readWholeSheets(answer.rawPayload)
  expect(sheet!.rows).toHaveLength(of.wrong.length + 1)
}
