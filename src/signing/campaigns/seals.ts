import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, hasGrant, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf, type PageQuery } from '../../kernel/pages.ts'
import { cleanText } from '../../kernel/text.ts'
import { areaNames } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { actingLabel } from '../letters/service.ts'
import { workshopOf } from '../workshop.ts'
import {
  CampaignChanged,
  SealChanged,
  type CampaignView,
  type DecideSeal,
  type MakeSeal,
  type SealPage,
  type SealView,
} from './contract.ts'
import { visible } from './access.ts'
import { campaignView } from './views.ts'
import * as store from './store.ts'

const LIMIT = 20

async function present(cmd: Command, rows: readonly store.SealRow[]): Promise<SealView[]> {
  const areas = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    name: row.name,
    areaPath: row.areaPath,
    areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
    state: row.state as SealView['state'],
    validUntil: row.validUntil.toISOString(),
    byLabel: row.byLabel,
    mayDecide: hasGrant(cmd, 'signing.seal', row.areaPath),
  }))
}

/** Seals of the county: whoever sends letters must find the one to ask for. */
export async function listSeals(cmd: Command, query: PageQuery): Promise<SealPage> {
  grantedPaths(cmd, 'signing.read')
  const limit = query.limit ?? LIMIT
  const before = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const rows = await store.listSeals(cmd.tx, cmd.county, { before, limit: limit + 1 })
  const page = pageOf(rows, limit, (row) => [row.id])
  return { ...page, items: await present(cmd, page.items) }
}

/** A new seal with a certificate of its own; its key lies sealed in the installation's secrets. */
export async function makeSeal(cmd: Command, input: MakeSeal): Promise<SealView> {
  requireGrant(cmd, 'signing.seal', input.areaPath)
  const name = cleanText(input.name, { minLength: 2, maxLength: 40, path: 'name' })
  const id = uuidv7(cmd.now)
  const desk = await workshopOf(cmd.ports).desk({ id, organisation: name })
  const { x509 } = await import('../../kernel/x509.ts')
  const { notAfter } = new x509.X509Certificate(desk.seal.cert)
  const row: store.SealRow = {
    county: cmd.county,
    id,
    version: 1,
    name,
    organisationId: null,
    areaPath: input.areaPath,
    state: 'active',
    certificate: desk.seal.cert,
    validUntil: notAfter,
    picture: null,
    byAccount: cmd.actor.id,
    byLabel: await actingLabel(cmd),
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
  await store.insertSeal(cmd.tx, row)
  await record(cmd, SealChanged, row, { act: 'made', areaPath: row.areaPath })
  return (await present(cmd, [row]))[0]!
}

/** A seal that can be asked for. @throws kernel.not_found */
export async function requireSeal(cmd: Command, id: string): Promise<store.SealRow> {
  const seal = await store.findSeal(cmd.tx, cmd.county, id)
  if (seal?.state !== 'active' || seal.validUntil <= cmd.now) throw new Fault('kernel.not_found')
  return seal
}

/** No new letter carries it; what it sealed stands. */
export async function retireSeal(cmd: Command, id: string, version: number): Promise<SealView> {
  const seal = await store.findSeal(cmd.tx, cmd.county, id)
  if (!seal) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'signing.seal', seal.areaPath)
  if (seal.version !== version) throw new Fault('kernel.stale', { version: seal.version })
  const next = await store.saveSeal(cmd.tx, seal, { state: 'retired', updatedAt: cmd.now })
  if (!next) throw new Fault('kernel.stale', { version })
  await record(cmd, SealChanged, next, { act: 'retired', areaPath: next.areaPath })
  return (await present(cmd, [next]))[0]!
}

/**
 * Whoever keeps the seal agrees to its use in a campaign, or does not.
 *
 * @throws signing.own_approval for the campaign's author, signing.campaign_fixed where nothing is asked, kernel.forbidden
 */
export async function decideSeal(cmd: Command, id: string, input: DecideSeal): Promise<CampaignView> {
  const { campaign } = await visible(cmd, id)
  const seal = campaign.sealId ? await store.findSeal(cmd.tx, cmd.county, campaign.sealId) : undefined
  requireGrant(cmd, 'signing.seal', seal?.areaPath ?? campaign.areaPath)
  if (!seal || campaign.state === 'running' || campaign.state === 'closed') throw new Fault('signing.campaign_fixed')
  if (campaign.byAccount === cmd.actor.id) throw new Fault('signing.own_approval')
  if (campaign.version !== input.version) throw new Fault('kernel.stale', { version: campaign.version })
  const sealState = input.approve ? 'approved' : 'refused'
  const by = { sealBy: cmd.actor.id, sealLabel: await actingLabel(cmd), sealAt: cmd.now }
  const next = await store.saveCampaign(cmd.tx, campaign, { sealState, ...by })
  if (!next) throw new Fault('kernel.stale', { version: campaign.version })
  const { areaPath, letterHash } = next
  await record(cmd, CampaignChanged, next, { act: `seal_${sealState}`, areaPath, letterHash, recipients: null })
  return campaignView(cmd, next)
}
