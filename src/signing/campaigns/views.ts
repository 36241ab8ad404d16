import type { Command } from '../../kernel/command.ts'
import { faultSentence } from '../../kernel/faults.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, hasGrant, isWithin, requireGrant } from '../../kernel/grants.ts'
import { decodeCursor, pageOf } from '../../kernel/pages.ts'
import { areaNames } from '../../grid/index.ts'
import { namesOf } from '../../identity/index.ts'
import { linkedFile, type ShownFile } from '../../files/index.ts'
import { findEnvelope, linkHash, listEvidence, note, whoOf, type Found } from '../envelopes/index.ts'
import type { EnvelopeState } from '../envelopes/contract.ts'
import { getLetter, type EvidenceRow } from '../envelopes/store.ts'
import { mayManage, visible } from './access.ts'
import type {
  CampaignBrief,
  CampaignPage,
  CampaignView,
  EnvelopeBrief,
  EnvelopePage,
  EnvelopeView,
  Figures,
  ListCampaigns,
  ListEnvelopes,
  ListWork,
  Rates,
  SigningTerms,
  WorkPage,
} from './contract.ts'
import type { Problem } from './preflight.ts'
import { maskName, maskNumber } from './recipients.ts'
import * as store from './store.ts'

const LIMIT = 20

async function briefs(cmd: Command, rows: readonly store.CampaignRow[]): Promise<CampaignBrief[]> {
  const areas = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  const figures = await store.sumTallies(
    cmd.tx,
    cmd.county,
    rows.map(({ id }) => id),
  )
  const letters = new Map<string, string>()
  for (const letterId of new Set(rows.map((row) => row.letterId)))
    letters.set(letterId, (await getLetter(cmd.tx, cmd.county, letterId)).name)
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    title: row.title,
    letterId: row.letterId,
    letterName: letters.get(row.letterId) ?? '',
    areaPath: row.areaPath,
    areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
    organiser: row.organiser,
    identityLevel: row.identityLevel as CampaignBrief['identityLevel'],
    state: row.state as CampaignBrief['state'],
    deadline: row.deadline.toISOString(),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    byLabel: row.byLabel,
    figures: figures.get(row.id) ?? store.noFigures(),
  }))
}

/** Campaigns below one's places, those over them, and those shared with one. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listCampaigns(cmd: Command, query: ListCampaigns): Promise<CampaignPage> {
  const paths = grantedPaths(cmd, 'signing.read')
  const above = paths.flatMap((path) => path.split('/').map((_, at, codes) => codes.slice(0, at).join('/')))
  const limit = query.limit ?? LIMIT
  const rows = await store.listCampaigns(cmd.tx, cmd.county, {
    paths,
    above: above.filter((path) => path !== ''),
    account: cmd.actor.id,
    state: query.state ?? null,
    before: query.after ? String(decodeCursor(query.after, 1)[0]) : null,
    limit: limit + 1,
  })
  const page = pageOf(rows, limit, (row) => [row.id])
  return { ...page, items: await briefs(cmd, page.items) }
}

export async function campaignView(cmd: Command, row: store.CampaignRow): Promise<CampaignView> {
  const [brief] = await briefs(cmd, [row])
  const collaborators = await store.listCollaborators(cmd.tx, cmd.county, row.id)
  const names = await namesOf(
    cmd,
    collaborators.map(({ accountId }) => accountId),
  )
  const seal = row.sealId ? await store.findSeal(cmd.tx, cmd.county, row.sealId) : undefined
  const waits = row.sealState === 'asked' && row.state !== 'closed'
  return {
    ...brief!,
    letterHash: row.letterHash,
    signingOrder: row.signingOrder as CampaignView['signingOrder'],
    reminders: row.reminders,
    source: row.source,
    sealId: row.sealId,
    sealName: seal?.name ?? null,
    sealState: row.sealState as CampaignView['sealState'],
    sealLabel: row.sealLabel,
    collaborators: collaborators.map(({ accountId, part }) => ({
      accountId,
      name: names.get(accountId) ?? '',
      part: part as 'manage' | 'follow',
    })),
    mayManage: await mayManage(cmd, row),
    mayDecideSeal: waits && row.byAccount !== cmd.actor.id && !!seal && hasGrant(cmd, 'signing.seal', seal.areaPath),
  }
}

export async function showCampaign(cmd: Command, id: string): Promise<CampaignView> {
  return campaignView(cmd, (await visible(cmd, id)).campaign)
}

interface Names {
  areas: Awaited<ReturnType<typeof areaNames>>
  plain: boolean
}

function present(cmd: Command, row: store.EnvelopeRow, { areas, plain }: Names): EnvelopeBrief {
  const { name, phone } = whoOf(cmd, row.recipientSealed)
  const at = (date: Date | null): string | null => date?.toISOString() ?? null
  return {
    id: row.id,
    version: row.version,
    row: row.rowNumber,
    name: plain ? name : maskName(name),
    phone: maskNumber(phone),
    areaPath: row.areaPath,
    areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
    address: row.address,
    state: row.state as EnvelopeState,
    trouble: row.trouble,
    problems: (row.problems as unknown as Problem[]).map(({ code, detail }) => faultSentence(code, detail, cmd.locale)),
    signers: row.signers,
    signed: row.signed,
    sentAt: at(row.sentAt),
    openedAt: at(row.openedAt),
    signedAt: at(row.signedAt),
    sealedAt: at(row.sealedAt),
    reminded: row.reminded,
  }
}

const areasOf = (cmd: Command, rows: readonly { areaPath: string }[]) =>
  areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )

export async function listEnvelopes(cmd: Command, id: string, query: ListEnvelopes): Promise<EnvelopePage> {
  const { campaign, places } = await visible(cmd, id)
  const { area } = query
  if (area !== undefined && !places.some((place) => isWithin(area, place))) requireGrant(cmd, 'signing.read', area)
  const limit = query.limit ?? LIMIT
  const after = query.after ? decodeCursor(query.after, 2) : null
  const rows = await store.listEnvelopes(cmd.tx, cmd.county, id, {
    places: area === undefined ? places : [area],
    state: query.state ?? null,
    faulty: query.faulty ?? false,
    after: after && [Number(after[0]), String(after[1])],
    limit: limit + 1,
  })
  const page = pageOf(rows, limit, (row) => [row.rowNumber, row.id])
  const names = { areas: await areasOf(cmd, page.items), plain: await mayManage(cmd, campaign) }
  return { ...page, items: page.items.map((row) => present(cmd, row, names)) }
}

/** Whether each event is still bound to the one before, as the rows stand now. */
export function chainHolds(
  envelope: { id: string; chainSeq: number; chainHash: Buffer },
  events: readonly EvidenceRow[],
): boolean {
  let previous = '0'.repeat(64)
  for (const [at, row] of events.entries()) {
    const link = { envelope: envelope.id, seq: row.seq, kind: row.kind, at: row.at.toISOString(), by: row.byLabel }
    const hash = linkHash({ ...link, body: row.body as Record<string, unknown>, previous }).toString('hex')
    if (row.seq !== at + 1 || hash !== row.hash.toString('hex')) return false
    previous = hash
  }
  return events.length === envelope.chainSeq && previous === envelope.chainHash.toString('hex')
}

const detailOf = (body: unknown): string =>
  Object.entries(body as Record<string, unknown>)
    .map(([name, value]) => `${name} ${String(value).slice(0, 80)}`)
    .join(' · ')

export async function envelopeView(cmd: Command, found: Found): Promise<EnvelopeView> {
  const { envelope, campaign, letter, signers } = found
  const manage = await mayManage(cmd, campaign)
  const events = await listEvidence(cmd.tx, cmd.county, envelope.id)
  return {
    ...present(cmd, envelope, { areas: await areasOf(cmd, [envelope]), plain: manage }),
    campaignId: campaign.id,
    campaignTitle: campaign.title,
    letterName: letter.name,
    letterHash: envelope.letterHash,
    verifyCode: envelope.verifyCode,
    expiresAt: envelope.expiresAt.toISOString(),
    documentSha256: envelope.documentSha256,
    fileId: envelope.fileId,
    supersedes: envelope.supersedes,
    supersededBy: envelope.supersededBy,
    chainHolds: chainHolds(envelope, events),
    evidence: events.map(({ seq, kind, at, byLabel: by, body, hash }) => ({
      seq,
      kind,
      at: at.toISOString(),
      by,
      detail: detailOf(body),
      hash: hash.toString('hex'),
    })),
    parties: signers.map((one) => ({
      position: one.position,
      role: one.role,
      name: manage ? whoOf(cmd, one.whoSealed).name : maskName(whoOf(cmd, one.whoSealed).name),
      state: one.state,
      identifiedBy: one.identifiedBy,
      signedAt: one.signedAt?.toISOString() ?? null,
      helper: one.helper,
    })),
    mayManage: manage,
  }
}

/** An envelope that the caller may read. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
async function readable(cmd: Command, id: string): Promise<Found> {
  const found = await findEnvelope(cmd, id)
  const { places } = await visible(cmd, found.campaign.id)
  if (!places.some((place) => isWithin(found.envelope.areaPath, place)))
    requireGrant(cmd, 'signing.read', found.envelope.areaPath)
  return found
}

export const showEnvelope = async (cmd: Command, id: string): Promise<EnvelopeView> =>
  envelopeView(cmd, await readable(cmd, id))

/** The sealed document. @throws kernel.not_found while there is none */
export async function sealedDocument(cmd: Command, id: string): Promise<ShownFile> {
  const { envelope } = await readable(cmd, id)
  if (!envelope.fileId) throw new Fault('kernel.not_found')
  return linkedFile(cmd, { subjectKind: 'envelope', subjectId: id, fileId: envelope.fileId, what: 'content' })
}

/** A sealed letter's hash and what it is called, for whoever may read its envelope. @throws as `sealedDocument` */
export async function readableLetter(cmd: Command, id: string): Promise<{ sha256: string; title: string }> {
  const { envelope, letter } = await readable(cmd, id)
  if (!envelope.documentSha256) throw new Fault('kernel.not_found')
  return { sha256: envelope.documentSha256, title: letter.name }
}

const add = (one: Figures, other: Figures): Figures =>
  Object.fromEntries(
    (Object.keys(one) as (keyof Figures)[]).map((name) => [name, one[name] + other[name]]),
  ) as unknown as Figures

/** Who signed where, and hour by hour, out of what is kept by micro-grid. @throws kernel.forbidden, kernel.wrong_purpose */
export async function showRates(cmd: Command, id: string, area: string | undefined): Promise<Rates> {
  const { campaign, places } = await visible(cmd, id)
  const place = area ?? (places.length === 1 ? places[0]! : campaign.areaPath)
  if (area !== undefined && !places.some((one) => isWithin(area, one))) requireGrant(cmd, 'signing.read', area)
  const rows = await store.listTallies(cmd.tx, cmd.county, id, area === undefined ? places : [area])
  const parts = new Map<string, Figures>()
  const depth = place.split('/').length
  let total = store.noFigures()
  for (const { areaPath, ...figures } of rows) {
    const part = areaPath
      .split('/')
      .slice(0, depth + 1)
      .join('/')
    parts.set(part, add(parts.get(part) ?? store.noFigures(), figures))
    total = add(total, figures)
  }
  const areas = await areaNames(cmd, [place, ...parts.keys()])
  const nameOf = (path: string): string => areas.get(path)?.shortName ?? path
  const hours = places.length === 1 || area !== undefined ? await store.listHours(cmd.tx, cmd.county, id, place) : []
  let signed = 0
  return {
    areaPath: place,
    areaName: nameOf(place),
    total,
    parts: [...parts].map(([areaPath, figures]) => ({ areaPath, areaName: nameOf(areaPath), figures })),
    curve: hours.map((one) => ({ hour: one.hour.toISOString(), signed: (signed += one.signed) })),
  }
}

/** What waits at the doors of whoever helps there, whichever campaign asks. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listWork(cmd: Command, query: ListWork): Promise<WorkPage> {
  const granted = grantedPaths(cmd, 'signing.help')
  if (query.area !== undefined) requireGrant(cmd, 'signing.help', query.area)
  const limit = query.limit ?? LIMIT
  const after = query.after ? decodeCursor(query.after, 2) : null
  const rows = await store.listOpen(cmd.tx, cmd.county, {
    places: query.area === undefined ? granted : [query.area],
    after: after && [String(after[0]), String(after[1])],
    limit: limit + 1,
  })
  const page = pageOf(rows, limit, (row) => [row.areaPath, row.id])
  const areas = await areasOf(cmd, page.items)
  return {
    ...page,
    items: page.items.map((row) => {
      const { name, phone } = whoOf(cmd, row.recipientSealed)
      return {
        id: row.id,
        campaignId: row.campaignId,
        title: row.title,
        name,
        phone: maskNumber(phone),
        areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
        address: row.address,
        state: row.state as EnvelopeState,
        expiresAt: row.expiresAt.toISOString(),
        reminded: row.reminded,
      }
    }),
  }
}

/** The number of somebody who has not signed, for whoever calls them; the envelope's evidence says who asked for it. */
export async function showNumber(cmd: Command, id: string): Promise<{ phone: string }> {
  const found = await findEnvelope(cmd, id)
  requireGrant(cmd, 'signing.help', found.envelope.areaPath)
  await note(cmd, found, 'called', {})
  return { phone: whoOf(cmd, found.envelope.recipientSealed).phone }
}

/** What the caller may do here for the stated purpose. */
export async function signingTerms(cmd: Command): Promise<SigningTerms> {
  const may = (action: string): boolean =>
    cmd.grants.some((grant) => grant.action === action && grant.purpose === cmd.purpose)
  const own = cmd.grants.filter(
    ({ action, purpose }) => ['signing.manage', 'signing.seal'].includes(action) && purpose === cmd.purpose,
  )
  const paths = [...new Set(own.map(({ path }) => path))].toSorted()
  const names = await areaNames(cmd, paths)
  return {
    mayRead: may('signing.read'),
    mayManage: may('signing.manage'),
    mayApprove: may('signing.approve'),
    maySeal: may('signing.seal'),
    mayHelp: may('signing.help'),
    places: paths.map((areaPath) => ({ areaPath, areaName: names.get(areaPath)?.name ?? areaPath })),
  }
}
