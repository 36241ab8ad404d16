import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { hasGrant } from '../../kernel/grants.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import type { Question } from '../../kernel/ports.ts'
import { listFiles } from '../../files/index.ts'
import { areaNames } from '../../grid/index.ts'
import { namesOf } from '../../identity/index.ts'
import type { ListVisits, PersonFate, VisitBrief, VisitPage, VisitResult, VisitView } from './contract.ts'
import { dutyName, keptUntil, maskNumbers } from './rules.ts'
import { requireDoor, scopeOfDoors } from './scope.ts'
import { keepDaysOf } from './setting.ts'
import { findVisit, listAddresses, listCampaignWords, listVisits as listRows, type VisitRow } from './store.ts'

/** The words of a visit as they are sealed. */
export interface VisitWords {
  text: string
  people: { personId: string; name: string; fate: PersonFate }[]
  answers: { campaignId: string; values: Record<string, unknown> }[]
  corrections: { kind: string; outcome: string }[]
}

const noWords: VisitWords = { text: '', people: [], answers: [], corrections: [] }

const openWords = (cmd: Command, row: VisitRow): VisitWords =>
  row.wordsSealed ? (JSON.parse(cmd.vault.open(cmd.county, row.wordsSealed)) as VisitWords) : noWords

/** Rows in the reader's language; addresses, places, names and cases are asked for at once. */
async function present(cmd: Command, rows: readonly VisitRow[]): Promise<VisitBrief[]> {
  const premises = [...new Set(rows.map(({ premisesId }) => premisesId))]
  const accounts = [...new Set(rows.map(({ byAccount }) => byAccount))]
  const paths = rows.map(({ areaPath }) => areaPath)
  const matters = rows.flatMap(({ matterId }) => (matterId ? [matterId] : []))
  const [addresses, names, areas, cases] = await Promise.all([
    listAddresses(cmd.tx, cmd.county, premises),
    namesOf(cmd, accounts),
    areaNames(cmd, paths),
    cmd.ports.cases.states(cmd, matters),
  ])
  const addressOf = new Map(addresses.map(({ id, address }) => [id, address]))
  return rows.map((row) => {
    const mine = row.byAccount === cmd.actor.id
    const { text } = openWords(cmd, row)
    return {
      id: row.id,
      version: row.version,
      subjectId: row.subjectId,
      premisesId: row.premisesId,
      householdId: row.householdId,
      areaPath: row.areaPath,
      areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
      address: addressOf.get(row.premisesId) ?? '',
      metAt: row.metAt.toISOString(),
      writtenAt: row.writtenAt.toISOString(),
      result: row.result as VisitResult,
      force: row.force,
      byLabel: row.byLabel,
      byName: names.get(row.byAccount) ?? '',
      mine,
      duties: row.duties.map((code) => ({ code, name: dutyName(code, cmd.locale) })),
      text: mine ? text : maskNumbers(text),
      nextOn: row.nextOn,
      photos: row.photos,
      campaigns: row.campaigns,
      corrections: row.corrections,
      conflicts: row.conflicts,
      forgotten: row.wordsSealed === null,
      matter: (row.matterId && cases.get(row.matterId)) || null,
    }
  })
}

/**
 * A visit with what its page needs: whoever of the three forces may see the door sees it.
 *
 * @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function showVisit(cmd: Command, id: string): Promise<VisitView> {
  const row = await findVisit(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireDoor(cmd, row.areaPath)
  const words = openWords(cmd, row)
  const asked = words.answers.map(({ campaignId }) => campaignId)
  const [[brief], files, campaigns, keepDays] = await Promise.all([
    present(cmd, [row]),
    row.photos > 0 && row.wordsSealed ? listFiles(cmd, 'visit', id) : [],
    listCampaignWords(cmd.tx, cmd.county, asked),
    keepDaysOf(cmd),
  ])
  const campaignOf = new Map(campaigns.map((one) => [one.id, one]))
  return {
    ...brief!,
    fileIds: files.map((file) => file.id),
    people: words.people.map(({ name, fate }) => ({ name, fate })),
    answers: words.answers.map(({ campaignId, values }) => {
      const campaign = campaignOf.get(campaignId)
      const said = cmd.ports.questions.describe((campaign?.questions ?? []) as Question[], values, cmd.locale)
      return { campaign: campaign?.name ?? '', values: said }
    }),
    keptUntil: keptUntil(row.writtenAt, keepDays),
    mayFile: brief!.mine && !row.matterId && row.wordsSealed !== null && hasGrant(cmd, 'registry.visit', row.areaPath),
  }
}

/** Whether the actor may see the photos of a visit; for the files' gate, which asks and does not refuse. */
export async function maySeeVisit(cmd: Command, id: string): Promise<boolean> {
  const row = await findVisit(cmd.tx, cmd.county, id)
  if (!row || cmd.purpose === 'statistics') return false
  return ['registry.visit', 'registry.campaign', 'registry.read'].some((action) => hasGrant(cmd, action, row.areaPath))
}

const LIMIT = 20

/** Visits at a door or in the actor's places, by all three forces, the latest first. */
export async function listVisits(cmd: Command, query: ListVisits): Promise<VisitPage> {
  const { low, high } = scopeOfDoors(cmd, query.area)
  const limit = query.limit ?? LIMIT
  const rows = await listRows(cmd.tx, {
    county: cmd.county,
    low,
    high,
    premises: query.premises,
    subject: query.subject,
    after: cursorOf(query.after),
    limit: limit + 1,
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await present(cmd, shown),
    next: rows.length > limit && last ? encodeCursor([last.metAt.toISOString(), last.id]) : null,
  }
}

/** @throws kernel.bad_request */
export function cursorOf(after: string | undefined): [Date, string] | null {
  if (after === undefined) return null
  const [at, id] = decodeCursor(after, 2)
  const instant = new Date(String(at))
  if (Number.isNaN(instant.getTime())) throw new Fault('kernel.bad_request', { field: 'after' })
  return [instant, String(id)]
}
