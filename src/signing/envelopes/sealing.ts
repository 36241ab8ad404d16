import { countiesOf, type App } from '../../kernel/app.ts'
import { runRead, runSystem, systemActor, type Command } from '../../kernel/command.ts'
import { uuidv5 } from '../../kernel/ids.ts'
import { errorKind, type Sweep } from '../../kernel/jobs.ts'
import { keepDocument, storeDocument } from '../../files/index.ts'
import { workshopOf } from '../workshop.ts'
import { sealOf } from './seals.ts'
import { advance, findEnvelope } from './service.ts'
import * as store from './store.ts'

/** Longer than any sealing takes; after it the worker counts as dead. */
const CLAIM_SECONDS = 120
const PAUSE_SECONDS = [10, 30, 60, 120, 300]
const FILE_SPACE = '0d8a4e1c-6a53-5d0e-9a53-3f6a8f1f2c60'

const later = (at: Date, seconds: number): Date => new Date(at.getTime() + seconds * 1000)

/** What staff read of it; anything else is a fault of ours and is logged. */
async function troubleOf(error: unknown): Promise<string> {
  const { ProofError } = await import('../proof/cms.ts')
  if (error instanceof ProofError) return error.code
  // What the network says where an authority is not there at all.
  return error instanceof TypeError || (error as Error).name === 'TimeoutError' ? 'stamp_down' : 'unexpected'
}

interface Signed {
  pdf: Uint8Array
  seal: { id: string; organisation: string }
}

async function signedDocument(cmd: Command, row: store.EnvelopeRow): Promise<Signed> {
  const document = await store.findDocument(cmd.tx, cmd.county, row.id, 0)
  if (!document) throw new Error('the signed document is not there')
  const campaign = await store.getCampaign(cmd.tx, cmd.county, row.campaignId)
  return { pdf: new Uint8Array(document.pdf), seal: await sealOf(cmd, campaign) }
}

const asSystem = (county: string) =>
  ({
    county,
    actor: systemActor,
    grants: [],
    purpose: 'handling',
    requestId: 'system',
    locale: 'zh-CN',
  }) as const

async function seal(app: App, county: string, row: store.EnvelopeRow): Promise<void> {
  const signed = await runRead(app, asSystem(county), (cmd) => signedDocument(cmd, row))
  const desk = await workshopOf(app.ports).desk(signed.seal)
  const { sealSigned } = await import('../pipeline.ts')
  const { pdf, stamp } = await sealSigned(desk, signed.pdf)
  const stored = await storeDocument(app, county, pdf)
  await runSystem(app, county, async (cmd) => {
    const locked = await store.lockEnvelope(cmd.tx, county, row.id)
    // Revoked meanwhile, or sealed by whoever took the claim over: this one was in vain.
    if (locked?.state !== 'sealing') return
    const found = await findEnvelope(cmd, row.id)
    const id = uuidv5(FILE_SPACE, `${county}|${row.id}`)
    const { areaPath } = row
    const name = `${found.envelope.verifyCode}.pdf`
    const file = { ...stored, id, ownerId: found.campaign.byAccount, name, mediaType: 'application/pdf' }
    await keepDocument(cmd, { kind: 'envelope', id: row.id, areaPath, purpose: 'handling' }, file)
    const envelope = { documentSha256: stored.sha256, fileId: id, trouble: null, tryAt: null, claimedUntil: null }
    const body = { sha256: stored.sha256, stampedBy: stamp.authority, stampedAt: stamp.at.toISOString() }
    await advance(cmd, found, 'sealed', body, { envelope })
    await store.dropDocuments(cmd.tx, county, row.id)
  })
}

/**
 * Seals one envelope that waits for it.
 *
 * Nothing leaves without a time stamp that holds: what fails stays `sealing`, staff see why, and it is tried again. Whoever
 * dies on the way leaves a claim that runs out and an object that nobody names: one seal, one entry.
 * @returns whether there was one.
 */
export async function sealNext(app: App, county: string): Promise<boolean> {
  const row = await runSystem(app, county, (cmd) =>
    store.claimSealing(cmd.tx, county, cmd.now, later(cmd.now, CLAIM_SECONDS)),
  )
  if (!row) return false
  try {
    await seal(app, county, row)
  } catch (error) {
    const pause = PAUSE_SECONDS[Math.min(row.tries, PAUSE_SECONDS.length) - 1] ?? 10
    const trouble = await troubleOf(error)
    app.log.warn({ envelope: row.id, kind: errorKind(error), trouble }, 'letter not sealed yet')
    await runSystem(app, county, (cmd) => store.postponeSealing(cmd.tx, row, trouble, later(cmd.now, pause)))
  }
  return true
}

/** Seals all that waits, in every county. */
export async function sealWaiting(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) while (await sealNext(app, code));
}

export const sealingSweeps: Sweep[] = [{ name: 'signing.seal_letters', everySeconds: 1, run: sealWaiting }]
