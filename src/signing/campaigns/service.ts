import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { areaNames } from '../../grid/index.ts'
import { findStaff } from '../../identity/index.ts'
import { record } from '../../ledger/index.ts'
import { advance, findEnvelope, templateOf, valuesOf, whoOf, type Found, type Move } from '../envelopes/index.ts'
import { isOpen } from '../envelopes/rules.ts'
import type { EnvelopeState } from '../envelopes/contract.ts'
import { addTally, getLetter } from '../envelopes/store.ts'
import { actingLabel } from '../letters/service.ts'
import type { LetterTemplate, Values } from '../letters/template.ts'
import { managed } from './access.ts'
import {
  CampaignChanged,
  type CampaignView,
  type Collaborate,
  type Correct,
  type EndEnvelope,
  type EnvelopeView,
  type OpenCampaign,
} from './contract.ts'
import { checkRows } from './preflight.ts'
import { envelopeOf } from './recipients.ts'
import { requireSeal } from './seals.ts'
import { campaignView, envelopeView } from './views.ts'
import * as store from './store.ts'

const HALF_YEAR_MS = 183 * 86_400_000

/** @throws signing.letter_not_approved, signing.deadline_past, signing.seal_needed, kernel.forbidden */
export async function openCampaign(cmd: Command, input: OpenCampaign): Promise<CampaignView> {
  requireActor(cmd, 'staff')
  requireGrant(cmd, 'signing.manage', input.areaPath)
  const letter = await getLetter(cmd.tx, cmd.county, input.letterId).catch(() => undefined)
  if (letter?.state !== 'approved') throw new Fault('signing.letter_not_approved')
  const deadline = new Date(input.deadline)
  const ahead = deadline.getTime() - cmd.now.getTime()
  if (!(ahead > 0 && ahead <= HALF_YEAR_MS)) throw new Fault('signing.deadline_past')
  const template = letter.template as LetterTemplate
  if (template.seal && !input.sealId) throw new Fault('signing.seal_needed', { role: template.seal })
  if (input.sealId) await requireSeal(cmd, input.sealId)
  const area = (await areaNames(cmd, [input.areaPath])).get(input.areaPath)
  if (!area) throw new Fault('kernel.not_found')
  const row: store.CampaignRow = {
    county: cmd.county,
    id: uuidv7(cmd.now),
    version: 1,
    title: cleanText(input.title, { minLength: 2, maxLength: 60, path: 'title' }),
    letterId: letter.id,
    letterHash: letter.hash,
    areaPath: input.areaPath,
    organiser: area.shortName,
    identityLevel: input.identityLevel,
    signingOrder: input.signingOrder ?? 'sequence',
    minorAllowed: input.minorAllowed ?? false,
    fixed: fixedFor(template, input.fixed),
    deadline,
    reminders: [...new Set(input.reminders)].toSorted((one, other) => one - other),
    state: 'draft',
    source: '',
    sealId: input.sealId ?? null,
    sealState: input.sealId ? 'asked' : 'none',
    sealBy: null,
    sealLabel: null,
    sealAt: null,
    byAccount: cmd.actor.id!,
    byLabel: await actingLabel(cmd),
    createdAt: cmd.now,
    checkedAt: null,
    startedAt: null,
    closedAt: null,
  }
  await store.insertCampaign(cmd.tx, { ...row, fixed: JSON.stringify(row.fixed) })
  await changed(cmd, row, 'opened', null)
  return campaignView(cmd, row)
}

/** Only what the letter asks of its sender. */
const fixedFor = (template: LetterTemplate, fixed: Values): Record<string, string | number | boolean> =>
  Object.fromEntries(
    template.variables.flatMap(({ name, from }) => (from === 'sender' && name in fixed ? [[name, fixed[name]!]] : [])),
  )

const changed = (cmd: Command, row: store.CampaignRow, act: string, recipients: number | null): Promise<string> =>
  record(cmd, CampaignChanged, row, { act, areaPath: row.areaPath, letterHash: row.letterHash, recipients })

async function saved(
  cmd: Command,
  row: store.CampaignRow,
  act: string,
  change: Parameters<typeof store.saveCampaign>[2],
  recipients: number | null = null,
): Promise<CampaignView> {
  const next = await store.saveCampaign(cmd.tx, row, change)
  if (!next) throw new Fault('kernel.stale', { version: row.version })
  await changed(cmd, next, act, recipients)
  return campaignView(cmd, next)
}

async function managedVersion(cmd: Command, id: string, version: number): Promise<store.CampaignRow> {
  const row = await managed(cmd, id)
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/**
 * The one press: everybody on the list without a problem gets a message, in office hours.
 *
 * @throws signing.campaign_fixed, signing.seal_waits, signing.nobody_to_send, signing.deadline_past, kernel.stale
 */
export async function startCampaign(cmd: Command, id: string, version: number): Promise<CampaignView> {
  const row = await managedVersion(cmd, id, version)
  if (row.state !== 'checked')
    throw new Fault(row.state === 'draft' ? 'signing.nobody_to_send' : 'signing.campaign_fixed')
  if (row.sealState !== 'none' && row.sealState !== 'approved') throw new Fault('signing.seal_waits')
  if (row.deadline <= cmd.now) throw new Fault('signing.deadline_past')
  const released = await store.releaseDrafts(cmd.tx, cmd.county, id)
  if (released === 0) throw new Fault('signing.nobody_to_send')
  return saved(cmd, row, 'started', { state: 'running', startedAt: cmd.now }, released)
}

/** Nothing is sent and nothing can be signed until it goes on. @throws signing.campaign_fixed */
export async function pauseCampaign(cmd: Command, id: string, version: number): Promise<CampaignView> {
  const row = await managedVersion(cmd, id, version)
  if (row.state !== 'running') throw new Fault('signing.campaign_fixed')
  return saved(cmd, row, 'paused', { state: 'paused' })
}

export async function resumeCampaign(cmd: Command, id: string, version: number): Promise<CampaignView> {
  const row = await managedVersion(cmd, id, version)
  if (row.state !== 'paused') throw new Fault('signing.campaign_fixed')
  return saved(cmd, row, 'resumed', { state: 'running' })
}

/** Ends it: what is signed stands, what is open expires. */
export async function closeCampaign(cmd: Command, id: string, version: number): Promise<CampaignView> {
  const row = await managedVersion(cmd, id, version)
  if (row.state === 'closed') return campaignView(cmd, row)
  await store.expireOpen(cmd.tx, cmd.county, id, cmd.now)
  return saved(cmd, row, 'closed', { state: 'closed', closedAt: cmd.now })
}

/** A and B: somebody who runs it too, or only follows. @throws kernel.not_found where there is no such colleague */
export async function collaborate(cmd: Command, id: string, input: Collaborate): Promise<CampaignView> {
  const row = await managed(cmd, id)
  if (!(await findStaff(cmd, input.accountId))) throw new Fault('kernel.not_found')
  const { county, now: at } = cmd
  if (input.part === 'none') await store.dropCollaborator(cmd.tx, county, id, input.accountId)
  else {
    const { accountId, part } = input
    await store.putCollaborator(cmd.tx, { county, campaignId: id, accountId, part, byAccount: cmd.actor.id, at })
  }
  return saved(cmd, row, input.part === 'none' ? 'collaboratorLeft' : 'collaboratorAdded', {})
}

async function managedEnvelope(cmd: Command, id: string, version: number): Promise<Found> {
  const found = await findEnvelope(cmd, id)
  await managed(cmd, found.campaign.id)
  if (found.envelope.version !== version) throw new Fault('kernel.stale', { version: found.envelope.version })
  return found
}

const sealedReason = (cmd: Command, text: string): Buffer =>
  cmd.vault.seal(cmd.county, cleanText(text, { minLength: 2, maxLength: 200, path: 'reason' }))

/** Takes a letter back, signed or not; a sealed one is shown as revoked wherever it is checked. @throws signing.not_now */
export async function revokeEnvelope(cmd: Command, id: string, input: EndEnvelope): Promise<EnvelopeView> {
  return ended(cmd, await managedEnvelope(cmd, id, input.version), 'revoked', input.reason)
}

async function ended(cmd: Command, found: Found, move: Move, reason: string): Promise<EnvelopeView> {
  const done = await advance(cmd, found, move, {}, { envelope: { reasonSealed: sealedReason(cmd, reason) } })
  return envelopeView(cmd, done)
}

/**
 * Puts a corrected letter in the place of one that was wrong: the old one says so wherever it is checked, the new one is sent.
 *
 * @throws kernel.invalid_input-like faults of the row, signing.not_now
 */
export async function supersedeEnvelope(cmd: Command, id: string, input: Correct): Promise<EnvelopeView> {
  const found = await managedEnvelope(cmd, id, input.version)
  const { campaign, envelope } = found
  if (campaign.state === 'closed' || campaign.deadline <= cmd.now) throw new Fault('signing.campaign_fixed')
  const template = templateOf(found)
  const people = found.signers.map(({ whoSealed }) => whoOf(cmd, whoSealed))
  const [first] = people
  const corrected = {
    ...first!,
    ...(input.name ? { name: input.name } : {}),
    ...(input.phone ? { phone: input.phone } : {}),
  }
  const { identityLevel, minorAllowed } = campaign
  const values: Values = { ...valuesOf(cmd, found), ...input.values }
  const today = new Date(cmd.now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
  const given = { number: envelope.rowNumber, people: [corrected, ...people.slice(1)], values: {} }
  const [row] = checkRows({ template, fixed: values, minorAllowed, identityLevel, today }, [given], new Map())
  const [problem] = row!.problems
  if (problem) throw new Fault(problem.code, problem.detail)
  const made = envelopeOf(cmd, campaign, template, row!)
  const { areaPath, address, subjectKind, subjectId } = envelope
  const next = { ...made.envelope, areaPath, address, subjectKind, subjectId, state: 'waiting', supersedes: id }
  await store.insertEnvelope(cmd.tx, next, made.signers)
  await addTally(cmd.tx, { county: cmd.county, campaignId: campaign.id, areaPath }, { waiting: 1 })
  const change = { supersededBy: next.id, reasonSealed: sealedReason(cmd, input.reason) }
  await advance(cmd, found, 'superseded', { by: next.id }, { envelope: change })
  return envelopeView(cmd, await findEnvelope(cmd, next.id))
}

/** Tells somebody once more now; sets a document that could not be sealed to be tried at once. @throws signing.not_now */
export async function nudgeEnvelope(cmd: Command, id: string, version: number): Promise<EnvelopeView> {
  const found = await managedEnvelope(cmd, id, version)
  const { envelope } = found
  if (envelope.state === 'sealing') await store.retrySealing(cmd.tx, envelope, cmd.now)
  else if (isOpen(envelope.state as EnvelopeState)) await store.setReminder(cmd.tx, envelope, cmd.now)
  else throw new Fault('signing.not_now')
  return envelopeView(cmd, await findEnvelope(cmd, id))
}

/** Failures only: whatever could not be sealed is tried at once. @returns how many. */
export async function retryFailures(cmd: Command, id: string): Promise<{ retried: number }> {
  const campaign = await managed(cmd, id)
  return { retried: await store.retryTroubled(cmd.tx, cmd.county, campaign.id, cmd.now) }
}
