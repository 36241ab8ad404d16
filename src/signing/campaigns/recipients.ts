import { randomBytes } from 'node:crypto'
import type { Command } from '../../kernel/command.ts'
import { Fault, faultSentence } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { deskLimits, readWholeSheets } from '../../kernel/sheets.ts'
import { XLSX_TYPE, writeSheets } from '../../kernel/sheet-writer.ts'
import { record } from '../../ledger/index.ts'
import { knownPeople, segmentIds, type KnownPerson } from '../../registry/index.ts'
import { getLetter } from '../envelopes/store.ts'
import { NO_HASH, tallyOf, type TallyColumn } from '../envelopes/rules.ts'
import type { LetterTemplate, Values } from '../letters/template.ts'
import { managed } from './access.ts'
import { CampaignChanged, type Checked } from './contract.ts'
import { checkRows, headingsOf, ROWS_MAX, rowsOf, type CheckedRow, type GivenRow, type Rules } from './preflight.ts'
import * as store from './store.ts'

const limits = { ...deskLimits, rowsMax: ROWS_MAX + 100 }
const PROBLEMS_SHOWN = 200
const SEGMENT_PAGE = 500

async function templateFor(cmd: Command, campaign: store.CampaignRow): Promise<LetterTemplate> {
  return (await getLetter(cmd.tx, cmd.county, campaign.letterId)).template as LetterTemplate
}

function requireDraft(campaign: store.CampaignRow): void {
  if (campaign.state !== 'draft' && campaign.state !== 'checked') throw new Fault('signing.campaign_fixed')
}

/** What somebody may read of a name whose row they only follow. */
export const maskName = (name: string): string => ([...name][0] ?? '') + '*'.repeat(Math.max(0, [...name].length - 1))
export const maskNumber = (phone: string): string => phone.replace(/^(.{3}).*(.{4})$/, '$1****$2')

/**
 * Takes in a list of recipients and names every problem by its row; nothing is sent yet. Another list takes its place.
 *
 * @throws signing.sheet_without_headings, signing.too_many_rows, signing.campaign_fixed, kernel.sheet_unreadable
 */
export async function takeSheet(cmd: Command, id: string, bytes: Buffer): Promise<Checked> {
  const campaign = await managed(cmd, id)
  requireDraft(campaign)
  const template = await templateFor(cmd, campaign)
  const rows = rowsOf(template, await readWholeSheets(bytes, limits))
  return takeRows(cmd, campaign, { template, rows, source: 'sheet' })
}

/** The same with the people of a segment. @throws signing.segment_people, kernel.not_found, registry.segment_sensitive */
export async function takeSegment(cmd: Command, id: string, segmentId: string): Promise<Checked> {
  const campaign = await managed(cmd, id)
  requireDraft(campaign)
  const ids: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof segmentIds>> = await segmentIds(cmd, segmentId, {
      after,
      limit: SEGMENT_PAGE,
    })
    if (page.subject !== 'person') throw new Fault('signing.segment_people')
    ids.push(...page.ids)
    if (ids.length > ROWS_MAX) throw new Fault('signing.too_many_rows', { most: ROWS_MAX, count: ids.length })
    after = page.next
  } while (after !== null)
  const people = await knownPeople(cmd, campaign.areaPath, { ids })
  const template = await templateFor(cmd, campaign)
  const rows = people.map((person, at): GivenRow => {
    const first = { name: person.name, phone: person.phone, citizenId: person.citizenId }
    const others = template.signers.slice(1).map(() => ({ name: '', phone: '', citizenId: '' }))
    return { number: at + 1, people: [first, ...others], values: {} }
  })
  return takeRows(cmd, campaign, { template, rows, source: 'segment', people })
}

/** The registry's people by citizen ID, and by phone and name. */
function index(people: readonly KnownPerson[]): Map<string, KnownPerson> {
  const found = new Map<string, KnownPerson>()
  for (const person of people) {
    if (person.citizenId) found.set(person.citizenId, person)
    if (person.phone) found.set(`${person.phone}|${person.name}`, person)
  }
  return found
}

interface Taken {
  template: LetterTemplate
  rows: readonly GivenRow[]
  source: string
  people?: readonly KnownPerson[]
}

async function takeRows(cmd: Command, campaign: store.CampaignRow, taken: Taken): Promise<Checked> {
  const { template, rows, source } = taken
  const firsts = rows.flatMap(({ people }) => people[0] ?? [])
  const people =
    taken.people ??
    (await knownPeople(cmd, campaign.areaPath, {
      citizenIds: unique(firsts.map(({ citizenId }) => citizenId.toUpperCase())),
      phones: unique(firsts.map(({ phone }) => phone)),
    }))
  const rules: Rules = {
    template,
    fixed: campaign.fixed as Values,
    minorAllowed: campaign.minorAllowed,
    identityLevel: campaign.identityLevel,
    today: new Date(cmd.now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10),
  }
  const checked = checkRows(rules, rows, index(people))
  await store.dropDrafts(cmd.tx, cmd.county, campaign.id)
  const made = checked.map((row) => envelopeOf(cmd, campaign, template, row))
  await store.insertRecipients(
    cmd.tx,
    made.map(({ envelope }) => envelope),
    made.flatMap(({ signers }) => signers),
    talliesOf(cmd.county, campaign.id, checked, campaign.areaPath),
  )
  const faulty = checked.filter(({ problems }) => problems.length > 0)
  const next = await store.saveCampaign(cmd.tx, campaign, { state: 'checked', source, checkedAt: cmd.now })
  if (!next) throw new Fault('kernel.stale', { version: campaign.version })
  const { areaPath, letterHash } = next
  await record(cmd, CampaignChanged, next, { act: 'checked', areaPath, letterHash, recipients: checked.length })
  return {
    rows: checked.length,
    good: checked.length - faulty.length,
    faulty: faulty.length,
    problems: faulty.slice(0, PROBLEMS_SHOWN).map(({ number, people: [who], problems: [first] }) => ({
      row: number,
      name: maskName(who?.name ?? ''),
      problem: faultSentence(first!.code, first!.detail, cmd.locale),
    })),
  }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter((text) => text !== ''))]

/** Eight characters that are not mistaken for each other: a person types them from paper. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
export const newCode = (): string => [...randomBytes(10)].map((byte) => LETTERS[byte % LETTERS.length]).join('')

export interface MadeEnvelope {
  envelope: Parameters<typeof store.insertEnvelope>[1]
  signers: Parameters<typeof store.insertEnvelope>[2]
}

/** The rows of one recipient. */
export function envelopeOf(
  cmd: Command,
  campaign: store.CampaignRow,
  template: LetterTemplate,
  row: CheckedRow,
): MadeEnvelope {
  const { county } = cmd
  const id = uuidv7(cmd.now)
  const seal = (value: unknown): Buffer => cmd.vault.seal(county, JSON.stringify(value))
  const blind = (phone: string): Buffer => cmd.vault.blind(county, 'phone', phone)
  const [first] = row.people
  return {
    envelope: {
      county,
      id,
      version: 1,
      campaignId: campaign.id,
      rowNumber: row.number,
      letterId: campaign.letterId,
      letterHash: campaign.letterHash,
      areaPath: row.known?.areaPath ?? campaign.areaPath,
      subjectKind: row.known ? 'person' : 'none',
      subjectId: row.known?.id ?? null,
      recipientSealed: seal(first),
      phoneBlind: blind(first!.phone),
      variablesSealed: seal(row.values),
      problems: JSON.stringify(row.problems),
      state: 'draft',
      verifyCode: newCode(),
      signers: row.people.length,
      signed: 0,
      chainSeq: 0,
      chainHash: NO_HASH,
      address: row.known?.address ?? '',
      tries: 0,
      reminded: 0,
      createdAt: cmd.now,
      expiresAt: campaign.deadline,
    },
    signers: row.people.map((who, at) => ({
      county,
      envelopeId: id,
      position: at + 1,
      role: template.signers[at]?.role ?? '',
      whoSealed: seal(who),
      phoneBlind: blind(who.phone),
      personId: at === 0 ? (row.known?.id ?? null) : null,
      state: 'waiting',
    })),
  }
}

function talliesOf(
  county: string,
  campaignId: string,
  rows: readonly CheckedRow[],
  fallback: string,
): Parameters<typeof store.insertRecipients>[3] {
  const byArea = new Map<string, Record<TallyColumn, number>>()
  for (const { known, problems } of rows) {
    const areaPath = known?.areaPath ?? fallback
    const figures = byArea.get(areaPath) ?? store.noFigures()
    byArea.set(areaPath, figures)
    figures[tallyOf('draft', problems.length > 0)]++
  }
  return [...byArea].map(([areaPath, figures]) => ({ county, campaignId, areaPath, ...figures }))
}

/** An empty list with the headings that this letter wants. */
export async function recipientTemplate(
  cmd: Command,
  id: string,
): Promise<{ type: string; bytes: NodeJS.ReadableStream }> {
  const campaign = await managed(cmd, id)
  const headings = headingsOf(await templateFor(cmd, campaign), campaign.fixed as Values)
  return { type: XLSX_TYPE, bytes: writeSheets([{ name: '名单', rows: [headings] }]) }
}
