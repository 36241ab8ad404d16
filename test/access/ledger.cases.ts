import { LedgerJobRetried, proofOf, record, settleLedger } from '../../src/ledger/index.ts'
import { runSystem } from '../../src/kernel/command.ts'
import { hot } from '../../src/kernel/db.ts'
import { uuidv7 } from '../../src/kernel/ids.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

/** The ledger is the county's: a post in a town, however mighty, is at the wrong place. */
const countyWide: Pick<AccessCase, 'actors' | 'wrongPurpose'> = {
  actors: ({ administrators }) => ({ right: administrators.audit }),
  wrongPurpose: 'header',
}
const base = '/api/v1/ledger'
const handler = 'nobody.answers_this'

/** A sealed entry. */
async function sealedEntry({ app, county }: SweepWorld): Promise<{ entry: string; subject: string }> {
  const subject = uuidv7()
  const entry = await runSystem(app.app, county, (cmd) =>
    record(cmd, LedgerJobRetried, { id: subject, version: 1 }, { entry: uuidv7(), handler }),
  )
  for (;;) {
    await settleLedger(app.app, county)
    const proof = await app.db.reading(county, (tx) => proofOf({ county, tx }, entry)).catch(() => undefined)
    if (proof) return { entry, subject }
  }
}

async function failedJob(world: SweepWorld): Promise<string> {
  const { entry, subject } = await sealedEntry(world)
  await world.app.db.transaction(world.county, (tx) =>
    hot(
      tx,
      'access_failed_job',
      `insert into ledger_job (county, handler, subject_id, leaf_index, entry, attempts, due_at, failed_at)
       values ($1, $2, $3, 0, $4, 12, $5, $5)`,
      [world.county, handler, subject, entry, world.app.clock.now()],
    ),
  )
  return entry
}

export const cases: AccessCase[] = [
  {
    route: 'GET /api/v1/ledger/entries',
    ...countyWide,
    prepare: async (world) => {
      await sealedEntry(world)
      return { url: `${base}/entries?limit=5` }
    },
  },
  {
    route: 'GET /api/v1/ledger/entries/:id/proof',
    ...countyWide,
    prepare: async (world) => ({ url: `${base}/entries/${(await sealedEntry(world)).entry}/proof` }),
  },
  ...['entries', 'proofs'].map((what): AccessCase => ({
    route: `GET /api/v1/ledger/subjects/:id/${what}`,
    ...countyWide,
    prepare: async (world) => ({ url: `${base}/subjects/${(await sealedEntry(world)).subject}/${what}` }),
  })),
  {
    route: 'GET /api/v1/ledger/failed-jobs',
    ...countyWide,
    prepare: async (world) => {
      await failedJob(world)
      return { url: `${base}/failed-jobs` }
    },
  },
  {
    route: 'POST /api/v1/ledger/failed-jobs/retries',
    ...countyWide,
    prepare: async (world) => ({
      url: `${base}/failed-jobs/retries`,
      payload: { entry: await failedJob(world), handler },
    }),
  },
  { route: 'GET /api/v1/ledger/workings', ...countyWide, prepare: async () => ({ url: `${base}/workings` }) },
  { route: 'GET /api/v1/ledger/verifications', ...countyWide, prepare: async () => ({ url: `${base}/verifications` }) },
  {
    route: 'POST /api/v1/ledger/verifications',
    ...countyWide,
    prepare: async () => ({ url: `${base}/verifications`, payload: {} }),
  },
]
