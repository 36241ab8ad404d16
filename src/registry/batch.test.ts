import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../test/support/app.ts'
import { layGround, paths } from '../../test/support/ground.ts'
import { runSystem, type Command } from '../kernel/command.ts'
import { hot } from '../kernel/db.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { merkleRoot } from '../ledger/index.ts'
import { desks } from './fixtures.ts'
import { savePeople, type PersonStep } from './people/saving.ts'
import { sealedPhone } from './people/service.ts'
import { batchLeaf } from './writing.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

const newcomer = (cmd: Command, n: number): PersonStep => ({
  act: 'registered',
  before: null,
  after: {
    row: {
      id: uuidv7(cmd.now),
      version: 1,
      name: `批量${n}`,
      sex: null,
      bornOn: '1950-01-01',
      citizenIdSealed: null,
      citizenIdBlind: null,
      ...sealedPhone(cmd, `138${String(n).padStart(8, '0')}`),
      detailsSealed: null,
      registration: 'floating',
      areaPath: paths.right,
      premisesId: null,
      householdId: null,
      headRelation: null,
      state: 'present',
      mergedInto: null,
      source: 'sheet',
      checkedAt: cmd.now,
      checkedBy: null,
      createdAt: cmd.now,
      updatedAt: cmd.now,
    },
    ties: [],
    tags: [],
  },
})

interface Kept {
  id: string
  version: number
  batchId: string
  salt: Buffer
  sealed: Buffer
}

it('thousands saved at once have one entry each 5,000, whose root holds every one of them', async () => {
  const { premisesId } = await (async () => {
    const desk = desks(app)
    return { premisesId: (await desk.premises((await desk.building()).id)).id }
  })()
  await runSystem(app.app, county, async (cmd) => {
    const steps = Array.from({ length: 5_200 }, (_, n) => newcomer(cmd, n))
    const tie = { premisesId, householdId: null, areaPath: paths.right, relation: 'tenant', livesHere: true }
    const held = steps.map((step): PersonStep => {
      const more = {
        headRelation: null,
        fromOn: '2026-01-01',
        untilOn: null,
        source: 'sheet',
        byAccount: null,
        at: cmd.now,
      }
      const ties = [{ id: uuidv7(cmd.now), personId: step.after.row.id, ...tie, ...more }]
      return { ...step, after: { ...step.after, ties } }
    })
    const saved = await savePeople(cmd, held, { source: 'sheet', reason: '名册导入' }, true)
    expect(saved[0]!.row.premisesId).toBe(premisesId)
    expect(saved[0]!.tags.map(({ tag }) => tag)).toEqual(['over60', 'newResident'])
  })
  const batches = await app.db.reading(county, (tx) =>
    hot<{ id: string; body: string }>(
      tx,
      'test_batches',
      `select subject_id as id, convert_from(bytes, 'UTF8') as body from ledger_entry
       where county = $1 and event = 'registry.batch_saved' order by length(convert_from(bytes, 'UTF8')), id`,
      [county],
    ),
  )
  const bodies = batches.map(({ id, body }) => ({
    id,
    ...(JSON.parse(body) as { body: { records: number; root: string } }).body,
  }))
  expect(bodies.map(({ records }) => records).toSorted()).toEqual([200, 5_000])
  for (const { id, root } of bodies) {
    const rows = await app.db.reading(county, (tx) =>
      hot<Kept>(
        tx,
        'test_batch_rows',
        `select subject_id as id, version, batch_id as "batchId", salt, changes_sealed as sealed from registry_change
         where county = $1 and batch_id = $2 order by batch_position`,
        [county, id],
      ),
    )
    const { vault } = app.app
    const leaves = rows.map(({ id: subject, version, salt, sealed }) => {
      const commitment = vault.commitment(salt, vault.open(county, sealed)).toString('hex')
      return batchLeaf({ kind: 'person', id: subject, version, commitment })
    })
    expect(merkleRoot(leaves).toString('hex')).toBe(root)
  }
}, 60_000)
