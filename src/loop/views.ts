import type { Command } from '../kernel/command.ts'
import { Fault } from '../kernel/faults.ts'
import { grantedPaths, hasGrant, isWithin, requireGrant } from '../kernel/grants.ts'
import { decodeCursor, encodeCursor } from '../kernel/pages.ts'
import { listFiles } from '../files/index.ts'
import { areaNames, postsHeld } from '../grid/index.ts'
import { namesOf, phoneOf, saidLabel } from '../identity/index.ts'
import { proofsOfSubject, type Proof } from '../ledger/index.ts'
import {
  describeForm,
  dutyBasis,
  guardAllows,
  moveDone,
  moveHint,
  moveName,
  movesFrom,
  opensAt,
  packOf,
  photoRule,
  presentForm,
  stateName,
  type Around,
  type Assign,
  type GuardFacts,
  type PackKind,
  type Step,
} from '../packs/index.ts'
import { choicesFor, isInHands } from './assignment.ts'
import type { ListMatters, Matter, MatterFile, MatterPage, MoveOffer, Target, TimelineItem } from './contract.ts'
import { explainedDeadline } from './deadline.ts'
import { guardFacts, knownIn } from './facts.ts'
import { presentBriefs, roleWord } from './labels.ts'
import { presentLinked } from './links.ts'
import { maskName, maskPhone } from './rules.ts'
import { mayStep } from './service.ts'
import {
  findByNumber,
  findMatter,
  findMatterPage,
  listInHands,
  listNewest,
  listOverdue,
  listReported,
  type BriefRow,
  type Hands,
  type MatterRow,
  type StepRow,
} from './store.ts'

const LIMIT = 20

/** The posts in whose hands something can be for the actor. */
export async function handsOf(cmd: Command): Promise<Hands> {
  const held = await postsHeld(cmd)
  return {
    roles: held.map((post) => post.role),
    units: held.map((post) => post.unit),
    paths: held.map((post) => post.areaPath),
    account: cmd.actor.id ?? '00000000-0000-0000-0000-000000000000',
  }
}

/** Where the actor may look; an area asked for must lie inside. @throws kernel.forbidden, kernel.wrong_purpose */
export function pathsFor(cmd: Command, area: string | undefined): string[] {
  const granted = grantedPaths(cmd, 'loop.read')
  if (area === undefined) return granted
  if (granted.some((root) => isWithin(area, root))) return [area]
  requireGrant(cmd, 'loop.read', area)
  return [area]
}

async function pageFrom(
  cmd: Command,
  rows: BriefRow[],
  limit: number,
  cursorOf: (row: BriefRow) => (string | null)[],
): Promise<MatterPage> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await presentBriefs(cmd, shown),
    next: rows.length > limit && last ? encodeCursor(cursorOf(last)) : null,
  }
}

const byDue = (row: BriefRow): (string | null)[] => [row.dueAt?.toISOString() ?? null, row.id]

function dueCursor(after: string | undefined): [dueAt: Date | null, id: string] | null {
  if (after === undefined) return null
  const [dueAt, id] = decodeCursor(after, 2)
  const at = dueAt === null ? null : new Date(String(dueAt))
  if (at && Number.isNaN(at.getTime())) throw new Fault('kernel.bad_request', { field: 'after' })
  return [at, String(id)]
}

/** A page of one of the plain work lists, inside what the actor may read. */
export async function listMatters(cmd: Command, query: ListMatters): Promise<MatterPage> {
  const paths = pathsFor(cmd, query.area)
  const limit = query.limit ?? LIMIT
  if (query.number !== undefined) {
    const found = await findByNumber(cmd.tx, cmd.county, query.number)
    const visible = found && paths.some((path) => isWithin(found.areaPath, path)) ? [found] : []
    return pageFrom(cmd, visible, limit, byDue)
  }
  const scope = query.scope ?? 'open'
  if (scope === 'mine') {
    const rows = await listInHands(cmd.tx, cmd.county, await handsOf(cmd), {
      after: dueCursor(query.after),
      limit: limit + 1,
    })
    return pageFrom(cmd, rows, limit, byDue)
  }
  const open = scope === 'all' ? undefined : scope !== 'closed'
  const filter = { county: cmd.county, paths, state: query.state, category: query.category, open, limit: limit + 1 }
  if (scope === 'overdue') {
    const after = dueCursor(query.after)
    const rows = await listOverdue(cmd.tx, filter, cmd.now, after && [after[0] ?? cmd.now, after[1]])
    return pageFrom(cmd, rows, limit, byDue)
  }
  const after = query.after === undefined ? null : String(decodeCursor(query.after, 1)[0])
  return pageFrom(cmd, await listNewest(cmd.tx, filter, after), limit, (row) => [row.id])
}

/** What the signed-in person reported, or what was reported with their phone number. */
export async function listReportedByMe(cmd: Command, query: ListMatters): Promise<MatterPage> {
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  const phone = cmd.actor.kind === 'resident' || cmd.actor.kind === 'guest' ? await phoneOf(cmd, cmd.actor.id) : null
  const contact = phone ? cmd.vault.blind(cmd.county, 'phone', phone) : null
  const limit = query.limit ?? LIMIT
  const after = query.after === undefined ? null : String(decodeCursor(query.after, 1)[0])
  const rows = await listReported(cmd.tx, cmd.county, { id: cmd.actor.id, contact }, { after, limit: limit + 1 })
  return pageFrom(cmd, rows, limit, (row) => [row.id])
}

/** The matter's own page. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function showMatter(cmd: Command, id: string): Promise<Matter> {
  const found = await findMatterPage(cmd.tx, cmd.county, id)
  if (!found) throw new Fault('kernel.not_found')
  const { row, steps } = found
  requireGrant(cmd, 'loop.read', row.areaPath)
  const pack = await packOf(cmd, row.kind, row.packVersion)
  const people = steps.map((step) => step.actorId).filter((account) => account !== null)
  const staff =
    row.reporterKind === 'resident' || row.reporterKind === 'guest'
      ? people.filter((account) => account !== row.reporterId)
      : people
  const hasFiles = steps.some((step) => step.fileIds.length > 0)
  const [[brief], names, areas, moves, linked, files] = await Promise.all([
    presentBriefs(cmd, [{ ...row, unit: row.clock.unit }]),
    namesOf(cmd, staff),
    areaNames(cmd, [row.areaPath]),
    offers(cmd, pack, row, steps),
    presentLinked(cmd, steps),
    hasFiles ? listFiles(cmd, 'matter', id) : [],
  ])
  const timeline = await Promise.all(steps.map((step) => timelineItem(cmd, pack, step, names)))
  return {
    ...brief!,
    due: explainedDeadline(cmd.calendar, row, cmd.now, cmd.locale),
    packVersion: row.packVersion,
    text: row.text,
    address: row.address,
    position:
      row.longitude === null || row.latitude === null
        ? null
        : { longitude: row.longitude, latitude: row.latitude, accuracyMetres: row.accuracyMetres },
    areaNames: areas.get(row.areaPath)?.names ?? [],
    reporter: reporterOf(cmd, row),
    dutyBasis: dutyBasis(pack, row.category, cmd.locale),
    handledBy: row.handledBy ? (names.get(row.handledBy) ?? null) : null,
    duplicateOf: row.duplicateOf,
    linked,
    rating: ratingOf(row),
    moves,
    timeline,
    files: files.map(presentFile),
  }
}

const presentFile = (file: Awaited<ReturnType<typeof listFiles>>[number]): MatterFile => ({
  id: file.id,
  role: file.role,
  mediaType: file.mediaType,
  name: file.name,
  state: file.state,
  at: file.createdAt,
})

export const ratingOf = (row: MatterRow): Matter['rating'] =>
  row.ratingScore === null
    ? null
    : { score: row.ratingScore, comment: row.ratingComment ?? '', at: row.ratedAt!.toISOString() }

const reporterWords: Record<string, [zh: string, en: string]> = {
  resident: ['居民', 'Resident'],
  guest: ['居民（手机验证）', 'Resident (phone checked)'],
  staff: ['工作人员巡查发现', 'Found by staff on patrol'],
  onBehalf: ['工作人员代为登记', 'Entered by staff on somebody’s behalf'],
  token: ['外部系统', 'Another system'],
}

function reporterOf(cmd: Command, row: MatterRow): Matter['reporter'] {
  const [zh, en] = reporterWords[row.reporterKind] ?? [row.reporterKind, row.reporterKind]
  // Who counts things needs no numbers of people, not even masked ones.
  const contact =
    row.contactSealed && cmd.purpose !== 'statistics'
      ? (JSON.parse(cmd.vault.open(cmd.county, row.contactSealed)) as { name: string; phone: string })
      : null
  return {
    label: cmd.locale === 'en' ? en : zh,
    name: contact?.name ? maskName(contact.name) : null,
    phone: contact?.phone ? maskPhone(contact.phone) : null,
    mayUnmask: (contact !== null || row.reporterId !== null) && hasGrant(cmd, 'loop.unmask', row.areaPath),
  }
}

async function offers(cmd: Command, pack: PackKind, row: MatterRow, steps: readonly StepRow[]): Promise<MoveOffer[]> {
  const inHands = await isInHands(cmd, row)
  return offersIf(cmd, pack, { row, steps }, (step) => mayStep(cmd, row, step, inHands))
}

/** The moves that lead on from here, those that `may` lets through, each with its form in the reader's language. */
export async function offersIf(
  cmd: Command,
  pack: PackKind,
  { row, steps }: { row: MatterRow; steps: readonly StepRow[] },
  may: (step: Step) => boolean | Promise<boolean>,
): Promise<MoveOffer[]> {
  const facts = guardFacts(pack, row, steps, { now: cmd.now, photos: 9 })
  const around = { known: knownIn(steps), now: cmd.now }
  const offered: MoveOffer[] = []
  const choices = new Map<string, Promise<Target[]>>()
  const targetsOf = (assign: Assign): Promise<Target[]> => {
    const key = JSON.stringify(assign)
    const asked = choices.get(key) ?? choicesFor(cmd, row.areaPath, assign)
    choices.set(key, asked)
    return asked
  }
  for (const step of movesFrom(pack.kind, row.state)) {
    if (!(await may(step)) || !guardHolds(step, facts, around)) continue
    const opens = opensAt(cmd.calendar, step, around.known)
    offered.push({
      move: step.move,
      name: moveName(pack, step.move, cmd.locale),
      hint: moveHint(pack, step.move, cmd.locale),
      emphasis: step.emphasis ?? 'normal',
      form: presentForm(pack.content, step.form, cmd.locale),
      targets: await targetsOf(step.assign),
      photoNeeded: photoRule(pack, step, row.category) === 'needed',
      opensAt: opens && opens > cmd.now ? opens.toISOString() : null,
    })
  }
  return offered
}

/** A guard that asks for fields of the form cannot be decided before it is filled in: the move is offered. */
function guardHolds(step: Step, facts: GuardFacts, around: Around): boolean {
  try {
    return guardAllows(step, facts, around)
  } catch {
    return true
  }
}

const systemTitles: Record<string, [zh: string, en: string]> = {
  'matter.reminded': ['系统提醒：快到期了', 'Reminded: due soon'],
  'matter.overdue': ['超期，已提级督促', 'Overdue: escalated'],
  'matter.rated': ['反映人作出评价', 'Rated by the reporter'],
  'matter.linked': ['关联到另一件事项', 'Tied to another matter'],
  'matter.remarked': ['补记', 'Remark'],
}

const scoreWords: Record<string, [zh: string, en: string]> = {
  satisfied: ['满意', 'Satisfied'],
  fair: ['基本满意', 'Fairly satisfied'],
  unsatisfied: ['不满意', 'Not satisfied'],
}

async function timelineItem(
  cmd: Command,
  pack: PackKind,
  step: StepRow,
  names: ReadonlyMap<string, string>,
): Promise<TimelineItem> {
  const english = cmd.locale === 'en'
  const words = systemTitles[step.event]
  const title = step.move !== null ? moveDone(pack, step.move, cmd.locale) : words ? words[english ? 1 : 0] : step.event
  return {
    entryId: step.entryId,
    version: step.version,
    at: step.at.toISOString(),
    event: step.event,
    title,
    by: saidLabel(step.actorLabel, english),
    byName: (step.actorId && names.get(step.actorId)) || null,
    from: step.fromState === null ? null : stateName(pack, step.fromState, cmd.locale),
    to: stateName(pack, step.toState, cmd.locale),
    details: await detailsOf(cmd, pack, step),
    fileIds: step.fileIds,
  }
}

async function detailsOf(cmd: Command, pack: PackKind, step: StepRow): Promise<{ label: string; value: string }[]> {
  const english = cmd.locale === 'en'
  if (step.event === 'matter.rated') {
    const [zh, en] = scoreWords[String(step.form['score'])] ?? ['', '']
    const comment = String(step.form['comment'] ?? '')
    return [
      {
        label: english ? 'Rating' : '评价',
        value: [english ? en : zh, comment].filter(Boolean).join(english ? ': ' : '：'),
      },
    ]
  }
  if (step.event === 'matter.linked')
    return [{ label: english ? 'Number' : '办件编号', value: String(step.form['number'] ?? '') }]
  if (step.event === 'matter.remarked')
    return [{ label: english ? 'Remark' : '补记', value: String(step.form['text'] ?? '') }]
  if (step.move === null) {
    const role = await roleWord(cmd, String(step.form['role'] ?? ''))
    return step.event === 'matter.overdue' ? [{ label: english ? 'Told' : '告知', value: role }] : []
  }
  const form = pack.kind.steps.find(
    (candidate) => candidate.move === step.move && candidate.from === step.fromState,
  )?.form
  return describeForm(pack.content, form, step.form, cmd.locale)
}

export async function proofsOfMatter(cmd: Command, id: string): Promise<{ items: Proof[] }> {
  const row = await findMatter(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'loop.read', row.areaPath)
  return { items: await proofsOfSubject(cmd, row.id) }
}
