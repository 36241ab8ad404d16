import { randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor, requireGrant, type Grant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { attachFiles, listFiles } from '../../files/index.ts'
import { ancestorsOf, postLabel, postsHeld } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { addToServiceFile } from '../households/service.ts'
import {
  VisitFiled,
  VisitRecorded,
  type Correction,
  type FileVisit,
  type Force,
  type PersonFate,
  type RecordVisit,
  type VisitFiledAs,
  type VisitResult,
  type VisitView,
} from './contract.ts'
import { keepConflicts, takeCorrections, type AtDoor, type Fate } from './corrections.ts'
import { bestResult, caseCategory, dayOf, dutyName, fatesOf, forceOf, knownDuties, requireDates } from './rules.ts'
import {
  findVisit,
  insertVisit,
  listPeopleNow,
  listTied,
  lockHome,
  lockVisit,
  saveVisit,
  type VisitRow,
} from './store.ts'
import { areasOf, bringUpAt } from './targets.ts'
import {
  findCampaign,
  listSubjectsOf,
  listWanting,
  lockPremises,
  lockTargets,
  saveFates,
  saveTarget,
  type CampaignRow,
} from './target-store.ts'
import { showVisit, type VisitWords } from './views.ts'

export const SUBJECT = 'visit'
const SALT_BYTES = 16

/** The post by whose grant somebody goes to doors, in words, and the force it belongs to. */
async function goesAs(cmd: Command, grant: Grant): Promise<{ label: string; force: Force }> {
  const post = (await postsHeld(cmd)).find(({ postId }) => postId === grant.postId)
  return { label: post ? await postLabel(cmd, post) : cmd.actor.label, force: forceOf(post?.role) }
}

function accountOf(cmd: Command): string {
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  return cmd.actor.id
}

/**
 * Records a visit. Its id may be the phone's own: handed in again, by whatever way and however late, it stays one visit. It
 * fills every campaign that wants the door, whoever of the three forces went, and brings what was found there into the
 * registry or keeps it for a person to decide.
 *
 * @throws registry.met_later, registry.next_past, kernel.not_found for premises that never were, kernel.forbidden,
 *   kernel.wrong_purpose, kernel.invalid_input for answers; kernel.conflict for an id that somebody else has used.
 */
export async function recordVisit(cmd: Command, input: RecordVisit): Promise<VisitView> {
  requireActor(cmd, 'staff')
  const account = accountOf(cmd)
  const [premises] = await lockPremises(cmd.tx, cmd.county, [input.premisesId])
  if (!premises) throw new Fault('kernel.not_found')
  const grant = requireGrant(cmd, 'registry.visit', premises.areaPath)
  const householdId = input.householdId ?? null
  const home = householdId === null ? null : await lockHome(cmd.tx, cmd.county, householdId)
  if (householdId !== null && home?.premisesId !== premises.id) throw new Fault('kernel.not_found')
  const metAt = input.metAt === undefined ? cmd.now : new Date(input.metAt)
  const nextOn = input.nextOn ?? null
  requireDates(cmd.now, metAt, nextOn)
  const fileIds = [...new Set(input.fileIds ?? [])]
  const { label, force } = await goesAs(cmd, grant)
  const row: VisitRow = {
    county: cmd.county,
    id: input.id ?? uuidv7(cmd.now),
    version: 1,
    subjectId: householdId ?? premises.id,
    premisesId: premises.id,
    householdId,
    areaPath: premises.areaPath,
    result: input.result,
    force,
    duties: knownDuties(input.duties ?? []),
    byAccount: account,
    byLabel: label,
    metAt: metAt > cmd.now ? cmd.now : metAt,
    writtenAt: cmd.now,
    nextOn: input.result === 'visited' ? null : nextOn,
    wordsSealed: null,
    salt: null,
    photos: fileIds.length,
    campaigns: 0,
    corrections: input.corrections?.length ?? 0,
    conflicts: 0,
    matterId: null,
  }
  if (!(await insertVisit(cmd.tx, row))) return earlier(cmd, row.id)
  await fill(cmd, row, { ...premises, dissolved: home?.closed === true }, input)
  const subject = { kind: SUBJECT, id: row.id, areaPath: row.areaPath, purpose: 'handling' }
  await attachFiles(
    cmd,
    subject,
    fileIds.map((id) => ({ id, role: 'before' as const })),
  )
  return showVisit(cmd, row.id)
}

/** The visit that stands under an id; somebody else's is none of ours. */
async function earlier(cmd: Command, id: string): Promise<VisitView> {
  const standing = await findVisit(cmd.tx, cmd.county, id)
  if (standing?.byAccount !== cmd.actor.id) throw new Fault('kernel.conflict', { visit: id })
  return showVisit(cmd, id)
}

/** What follows from a visit, in its own transaction: corrections, campaigns, words, entry. */
async function fill(
  cmd: Command,
  row: VisitRow,
  premises: AtDoor['premises'] & { dissolved: boolean },
  input: RecordVisit,
): Promise<void> {
  const corrections = input.corrections ?? []
  const { id: visitId, areaPath, householdId, byAccount: account } = row
  const at: AtDoor = { visitId, areaPath, householdId, premises, account }
  const fates = await takeCorrections(cmd, corrections, at)
  await keepConflicts(cmd, corrections, fates, at)
  const wanting = await listWanting(cmd.tx, cmd.county, ancestorsOf(areaPath), { on: dayOf(row.metAt), at: row.metAt })
  const answers = await checkedAnswers(cmd, wanting, input)
  const people = fatesAtDoor(input, corrections, fates)
  const filled = await fillTargets(cmd, row, { wanting, answers, people, dissolved: premises.dissolved })
  const words = await wordsOf(cmd, input, { answers, fates })
  const salt = randomBytes(SALT_BYTES)
  const commitment = cmd.vault.commitment(salt, canonicalize(words) ?? '').toString('hex')
  const conflicts = fates.filter(({ outcome }) => outcome === 'conflict').length
  const wordsSealed = cmd.vault.seal(cmd.county, JSON.stringify(words))
  await saveVisit(cmd.tx, cmd.county, row.id, { wordsSealed, salt, campaigns: filled.length, conflicts })
  const { premisesId, result, force, duties, photos } = row
  const told = { premisesId, householdId, areaPath, result, force, duties, photos, conflicts, commitment }
  await record(cmd, VisitRecorded, row, { ...told, campaigns: filled })
  await tellServiceFile(cmd, row)
}

/**
 * A visit at which somebody was met becomes a line of the household's service file: what it was for, by which post. What was
 * said there stays with the visit, for those who may read visits.
 */
async function tellServiceFile(cmd: Command, row: VisitRow): Promise<void> {
  if (row.householdId === null || row.result !== 'visited') return
  const what = row.duties.map((code) => dutyName(code, cmd.locale)).join(cmd.locale === 'en' ? ', ' : '、')
  const visited = cmd.locale === 'en' ? 'Visited at home' : '上门走访'
  const summary = what === '' ? visited : cmd.locale === 'en' ? `${visited}: ${what}` : `${visited}：${what}`
  const { householdId, byLabel, metAt } = row
  await addToServiceFile(cmd, {
    householdId,
    personId: null,
    kind: 'visit',
    refId: row.id,
    at: metAt,
    byLabel,
    summary,
  })
}

/** Whose fate the visit tells, those who have moved in among them. */
function fatesAtDoor(
  input: RecordVisit,
  corrections: readonly Correction[],
  fates: readonly Fate[],
): Map<string, PersonFate> {
  const people = fatesOf(input.result, input.people ?? [])
  for (const [at, one] of corrections.entries()) {
    if (one.kind === 'joined' && fates[at]?.outcome !== 'conflict') people.set(one.id, 'met')
    if (one.kind === 'left') people.set(one.personId, 'left')
  }
  return people
}

/** Answers as they are kept, by campaign; each is checked against the questions of its own campaign. */
async function checkedAnswers(
  cmd: Command,
  wanting: readonly CampaignRow[],
  input: RecordVisit,
): Promise<Map<string, Record<string, unknown>>> {
  const kept = new Map<string, Record<string, unknown>>()
  if (input.result !== 'visited') return kept
  for (const { campaignId, values } of input.answers ?? []) {
    const campaign = wanting.find(({ id }) => id === campaignId) ?? (await findCampaign(cmd.tx, cmd.county, campaignId))
    if (campaign) kept.set(campaignId, cmd.ports.questions.check(campaign.questions, values))
  }
  return kept
}

/** Fills the door in every campaign that wants it. @returns the campaigns filled. */
async function fillTargets(
  cmd: Command,
  row: VisitRow,
  told: {
    wanting: readonly CampaignRow[]
    answers: ReadonlyMap<string, unknown>
    people: ReadonlyMap<string, PersonFate>
    /** Whether the household was dissolved before the visit came in: then its people are behind other doors here. */
    dissolved: boolean
  },
): Promise<string[]> {
  const ids = told.wanting.map(({ id }) => id)
  const areas = await areasOf(cmd, ids)
  for (const campaign of told.wanting) await bringUpAt(cmd, campaign, areas.get(campaign.id) ?? [], [row.premisesId])
  const asked = { premisesId: row.premisesId, campaignIds: ids, people: [...told.people.keys()] }
  const subjects = told.dissolved ? await listSubjectsOf(cmd.tx, cmd.county, asked) : [row.subjectId]
  const targets = await lockTargets(cmd.tx, cmd.county, subjects, ids)
  const campaignIds = [...new Set(targets.map(({ campaignId }) => campaignId))]
  const fates = { campaignIds, visitId: row.id, at: row.metAt, fates: told.people }
  for (const subject of subjects) await saveFates(cmd.tx, cmd.county, subject, fates)
  for (const target of targets) {
    const latest = target.visitedAt === null || row.metAt >= target.visitedAt
    const before = target.result as VisitResult | null
    const result = latest || row.result === 'visited' ? bestResult(before, row.result as VisitResult) : before
    await saveTarget(cmd.tx, target, {
      result,
      answered: target.answered || told.answers.has(target.campaignId),
      tries: target.tries + 1,
      visitId: latest || target.visitId === null ? row.id : target.visitId,
      visitedAt: latest ? row.metAt : target.visitedAt,
      nextOn: result === 'visited' ? null : latest ? row.nextOn : target.nextOn,
    })
  }
  return campaignIds
}

/** What is sealed of a visit: the words, who was met, what was answered, what became of corrections. */
async function wordsOf(
  cmd: Command,
  input: RecordVisit,
  { answers, fates }: { answers: ReadonlyMap<string, Record<string, unknown>>; fates: readonly Fate[] },
): Promise<VisitWords> {
  const people = input.people ?? []
  const ids = people.map(({ personId }) => personId)
  const tied = (await listTied(cmd.tx, cmd.county, [input.premisesId], ids)).map(({ personId }) => personId)
  const named = await listPeopleNow(cmd.tx, cmd.county, tied, 'look')
  const names = new Map(named.map(({ id, name }) => [id, name]))
  return {
    text: cleanText(input.text ?? '', { maxLength: 2000, multiline: true, path: 'text' }),
    people: people.map(({ personId, fate }) => ({ personId, fate, name: names.get(personId) ?? '' })),
    answers: [...answers].map(([campaignId, values]) => ({ campaignId, values })),
    corrections: (input.corrections ?? []).map(({ kind }, at) => ({ kind, outcome: fates[at]?.outcome ?? 'taken' })),
  }
}

/**
 * Makes a case of what was found at a door, its photos with it; however often it is asked, there is one.
 *
 * @throws registry.not_your_visit, registry.visit_forgotten, kernel.not_found, kernel.forbidden, and what a report throws.
 */
export async function fileVisit(cmd: Command, id: string, input: FileVisit): Promise<VisitFiledAs> {
  const row = await lockVisit(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'registry.visit', row.areaPath)
  if (row.byAccount !== cmd.actor.id) throw new Fault('registry.not_your_visit')
  if (row.matterId) {
    const standing = (await cmd.ports.cases.states(cmd, [row.matterId])).get(row.matterId)
    if (!standing) throw new Fault('kernel.not_found')
    return { id: standing.id, number: standing.number }
  }
  if (!row.wordsSealed) throw new Fault('registry.visit_forgotten')
  const [premises] = await lockPremises(cmd.tx, cmd.county, [row.premisesId])
  const files = await listFiles(cmd, SUBJECT, id)
  const { areaPath } = row
  const address = premises?.address ?? ''
  const fileIds = files.map((file) => file.id)
  const words = JSON.parse(cmd.vault.open(cmd.county, row.wordsSealed)) as VisitWords
  const category = input.category ?? caseCategory(row.duties)
  const text = input.text ?? (words.text || row.duties.map((code) => dutyName(code, cmd.locale)).join('、') || address)
  const filed = await cmd.ports.cases.open(cmd, { category, text, areaPath, address, fileIds })
  const version = row.version + 1
  await saveVisit(cmd.tx, cmd.county, id, { matterId: filed.id, version })
  await record(cmd, VisitFiled, { id, version }, { matterId: filed.id, areaPath, category })
  return filed
}
