import { sayWhen } from '../kernel/calendar.ts'
import { normaliseMobile } from '../kernel/codes.ts'
import { type Command } from '../kernel/command.ts'
import { constraintOf } from '../kernel/db.ts'
import { Fault } from '../kernel/faults.ts'
import { hasGrant, requireActor, requireGrant, type Grant } from '../kernel/grants.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { cleanText } from '../kernel/text.ts'
import { attachFiles, type FileRole } from '../files/index.ts'
import { areaNameOf, postLabel, postsHeld } from '../grid/index.ts'
import { namesOf, phoneOf, requireSecondFactor, unmask } from '../identity/index.ts'
import { asStale, entryOf, record, type EntryRow } from '../ledger/index.ts'
import {
  clockBegins,
  currentKind,
  dueFor,
  duplicateNumberIn,
  findCategory,
  firstAssign,
  firstStep,
  guardAllows,
  guardSentence,
  isEnd,
  isUrgentCategory,
  mayBeginKind,
  packOf,
  movesFrom,
  nextSentence,
  opensAt,
  photoRule,
  reasonIn,
  stateName,
  stateOf,
  stepFor,
  validateForm,
  type PackKind,
  type Step,
} from '../packs/index.ts'
import { assignTo, firstHolder, isInHands, type Holder } from './assignment.ts'
import {
  MatterMoved,
  MatterReported,
  MatterUnmasked,
  type Contact,
  type MakeMove,
  type Moved,
  type Receipt,
  type ReportMatter,
  type Unmask,
} from './contract.ts'
import {
  briefDeadline,
  countDeadline,
  explainedDeadline,
  extendClock,
  noClock,
  pauseClock,
  resumeClock,
  startClock,
  type Clock,
} from './deadline.ts'
import { guardFacts, knownIn } from './facts.ts'
import { nextNumber } from './numbers.ts'
import { placeOf } from './place.ts'
import { commitTo, keep } from './written.ts'
import { hashProgressCode, newProgressCode, normaliseProgressCode } from './rules.ts'
import { earlier, firstSweep, nextTimedStep, timedStepsFrom } from './waking.ts'
import {
  findByNumber,
  findMatter,
  insertReport,
  insertUnmasking,
  listSteps,
  saveMove,
  type MatterRow,
  type StepRow,
} from './store.ts'
import { holderLabel } from './labels.ts'

/**
 * Whom to tell. Only staff and other systems may name somebody else's number: a resident's or guest's own is proven, and
 * messages to numbers that a stranger types would be an open purse.
 */
/** Whom staff report for. Residents and guests stay in their account: what is there is not copied into the matter. */
function contactOf(input: ReportMatter): { name: string; phone: string } | null {
  if (!input.contact) return null
  const name = cleanText(input.contact.name ?? '', { maxLength: 60, path: 'contact.name' })
  const typed = input.contact.phone?.trim()
  if (!typed) return name ? { name, phone: '' } : null
  const phone = normaliseMobile(typed)
  if (phone) return { name, phone }
  const words = { zh: '手机号应为 11 位数字', en: 'A mobile number has 11 digits' }
  throw new Fault('kernel.invalid_input', { fields: [{ path: 'contact.phone', message: words.zh, ...words }] })
}

/** The number and code by SMS, to whoever has no account to look it up in. */
async function sendCode(
  cmd: Command,
  contact: { phone: string } | null,
  params: { number: string; code: string },
): Promise<void> {
  const guest = cmd.actor.kind === 'guest' && cmd.actor.id ? await phoneOf(cmd, cmd.actor.id) : null
  const phone = contact?.phone || guest
  if (phone) await cmd.ports.smsQueue.queue(cmd, { template: 'loop.report_received', phone, params, urgent: false })
}

/** The clock and deadline of a state that begins now. */
function clockFor(cmd: Command, clock: Clock): Pick<MatterRow, 'clock' | 'dueAt' | 'dueProvisional'> {
  const counted = countDeadline(cmd.calendar, clock)
  return {
    clock,
    dueAt: counted && !counted.paused ? counted.dueAt : null,
    dueProvisional: counted?.provisional ?? false,
  }
}

/**
 * Takes a report in: one statement writes matter, first step, ledger entry, to-do and the kept answer.
 *
 * Staff who report for somebody else (`contact`) need loop.report at the place; everybody may report what they see.
 * @param how.alone The command does nothing else: a report without photos is then one statement and needs no transaction.
 * @param how.quiet Whoever called was answered by somebody else: no message with number and code.
 * @throws loop.outside_area, loop.place_needed, loop.unknown_category, kernel.invalid_input, kernel.conflict for an id in use.
 */
export async function reportMatter(
  cmd: Command,
  input: ReportMatter,
  how: { alone?: boolean; quiet?: boolean } = {},
): Promise<Receipt> {
  requireActor(cmd, 'staff', 'resident', 'guest', 'token')
  const pack = await currentKind(cmd, input.kind)
  const category = findCategory(pack, input.category)
  if (!category) throw new Fault('loop.unknown_category')
  const staff = cmd.actor.kind === 'staff' || cmd.actor.kind === 'token'
  if (!(await mayBeginKind(cmd, pack))) throw new Fault('kernel.forbidden')
  const place = await placeOf(cmd, input)
  const onBehalf = staff && input.contact !== undefined
  const grant = onBehalf || cmd.actor.kind === 'token' ? requireGrant(cmd, 'loop.report', place.areaPath) : null
  const contact = onBehalf ? contactOf(input) : null
  if (onBehalf && !contact && input.contact?.channel !== 'patrol') throw new Fault('loop.contact_needed')
  const first = firstStep(pack.kind)
  const form = validateForm(pack.content, first.form, input.form, { now: cmd.now })
  const [holder, number] = await Promise.all([
    firstHolder(cmd, place.areaPath, firstAssign(pack, category.code)),
    nextNumber(cmd),
  ])
  const urgent = isUrgentCategory(pack, category.code)
  const limit = dueFor(pack, first, { category: category.code, urgent })
  const timed = clockFor(cmd, limit ? startClock(clockBegins(first, form, cmd.now), limit.amount, limit.unit) : noClock)
  const code = newProgressCode(cmd.county)
  const matter: MatterRow = {
    county: cmd.county,
    id: input.id ?? uuidv7(cmd.now),
    number,
    kind: pack.kind.name,
    packVersion: pack.version,
    category: category.code,
    urgent,
    text: cleanText(input.text, { maxLength: 2000, minLength: 1, multiline: true, path: 'text' }),
    form,
    address: cleanText(input.address ?? '', { maxLength: 200, path: 'address' }),
    longitude: place.longitude,
    latitude: place.latitude,
    accuracyMetres: place.accuracyMetres,
    positionSource: place.source,
    areaPath: category.first ? holder.path : place.areaPath,
    areaChosen: place.chosen,
    channel: staff ? (input.contact?.channel ?? 'patrol') : cmd.actor.kind,
    reporterKind: onBehalf ? 'onBehalf' : cmd.actor.kind,
    reporterId: onBehalf ? null : cmd.actor.id,
    contactSealed: contact ? cmd.vault.seal(cmd.county, JSON.stringify(contact)) : null,
    contactBlind: contact?.phone ? cmd.vault.blind(cmd.county, 'phone', contact.phone) : null,
    state: first.to,
    tone: stateOf(pack.kind, first.to).tone,
    ...columnsOf(holder),
    handledBy: null,
    stateEnteredAt: cmd.now,
    ...timed,
    sweepAt: null,
    overdueLevel: 0,
    progressHash: hashProgressCode(normaliseProgressCode(code)!),
    duplicateOf: null,
    ratingScore: null,
    ratingComment: null,
    ratedAt: null,
    version: 1,
    movedVersion: 1,
    reportedAt: cmd.now,
    closedAt: null,
  }
  matter.sweepAt = wakeAt(cmd, pack, matter, form)
  // Who files for somebody with a phone does not see the code that speaks for them: it goes to that phone alone.
  const receipt = await receiptOf(cmd, pack, matter, contact?.phone ? null : code)
  const { text, address, longitude, latitude } = matter
  const { salt, commitment } = commitTo(cmd, { text, form, address, longitude, latitude })
  const entry = entryOf(cmd, MatterReported, matter, {
    kind: matter.kind,
    packVersion: pack.version,
    number,
    category: matter.category,
    areaPath: matter.areaPath,
    channel: matter.channel,
    state: matter.state,
    dueAt: matter.dueAt?.toISOString() ?? null,
    commitment,
    ...(pack.kind.links?.length ? { links: true } : {}),
    ...holderIn(matter),
  })
  const step = stepRow(cmd, matter, {
    entry,
    step: first,
    from: null,
    form,
    fileIds: input.fileIds ?? [],
    salt,
    grant,
    by: await actorLabel(cmd, grant),
  })
  const whole = (how.alone ?? false) && step.fileIds.length === 0 && !contact && cmd.actor.kind !== 'guest'
  await insertReport(cmd.tx, matter, step, { entry, kept: keep(cmd, receipt), whole }).catch((error: unknown) => {
    throw takenIds.has(constraintOf(error) ?? '') ? new Fault('kernel.conflict', {}, { cause: error }) : error
  })
  if (whole) return receipt
  await attach(cmd, matter, step.fileIds, 'before')
  if (!how.quiet) await sendCode(cmd, contact, { number, code })
  return receipt
}

/** Which of them is met first, when an id is in use already, is up to the database. */
const takenIds = new Set(['matter_pkey', 'matter_step_pkey', 'ledger_entry_subject_key', 'ledger_todo_pkey'])

const columnsOf = (holder: Holder): Pick<MatterRow, 'holderRole' | 'holderUnit' | 'holderPath' | 'holderAccount'> => ({
  holderRole: holder.role,
  holderUnit: holder.unit,
  holderPath: holder.path,
  holderAccount: holder.account,
})
const holderIn = ({ holderRole, holderUnit, holderPath }: MatterRow) => ({ holderRole, holderUnit, holderPath })

export async function receiptOf(
  cmd: Command,
  pack: PackKind,
  matter: MatterRow,
  code: string | null,
): Promise<Receipt> {
  return {
    id: matter.id,
    number: matter.number,
    progressCode: code,
    state: matter.state,
    stateName: stateName(pack, matter.state, cmd.locale),
    areaPath: matter.areaPath,
    areaName: await areaNameOf(cmd, matter.areaPath),
    due: explainedDeadline(cmd.calendar, matter, cmd.now, cmd.locale),
    next: nextSentence(pack, matter.state, cmd.locale),
  }
}

/** The post by whose grant the actor acts; for others what their session says. */
export async function actorLabel(cmd: Command, grant: Grant | null): Promise<string> {
  const post = grant && (await postsHeld(cmd)).find(({ postId }) => postId === grant.postId)
  return post ? postLabel(cmd, post) : cmd.actor.label
}

interface StepParts {
  entry: EntryRow
  step: Step
  from: string | null
  form: Record<string, unknown>
  fileIds: string[]
  salt: Buffer
  grant: Grant | null
  /** Post of whoever acts, as people say it. */
  by: string
  moveId?: string | undefined
}

function stepRow(cmd: Command, matter: MatterRow, parts: StepParts): StepRow {
  return {
    county: cmd.county,
    matterId: matter.id,
    version: matter.version,
    entryId: parts.entry.id,
    event: parts.entry.event,
    move: parts.step.move,
    fromState: parts.from,
    toState: matter.state,
    actorId: cmd.actor.id,
    actorLabel: parts.by,
    deputyFor: parts.grant?.deputyFor ?? null,
    form: parts.form,
    fileIds: parts.fileIds,
    ...holderIn(matter),
    salt: parts.salt,
    at: cmd.now,
    moveId: parts.moveId ?? null,
  }
}

export function attach(cmd: Command, matter: MatterRow, ids: string[], role: FileRole): Promise<void> {
  if (ids.length === 0) return Promise.resolve()
  const subject = { kind: 'matter', id: matter.id, areaPath: matter.areaPath, purpose: 'handling' }
  return attachFiles(
    cmd,
    subject,
    ids.map((id) => ({ id, role })),
  )
}

/**
 * Makes a legal move: the pack says who may, what must be filled in, who has it next and by when.
 *
 * @throws kernel.stale when somebody else moved it first; packs.no_such_move, loop.not_holder, loop.same_person,
 *   loop.guard_refused, loop.photo_needed, loop.bad_target, kernel.invalid_input.
 * @param alone The command does nothing else: without photos it needs no transaction, for the write checks the version again.
 */
export async function makeMove(cmd: Command, id: string, input: MakeMove, alone = false): Promise<Moved> {
  const row = await findMatter(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'loop.read', row.areaPath)
  return moveMatter(cmd, row, input, { alone })
}

/** The move itself, once it is known that the actor may see the matter: staff by grant, the reporter by code or session. */
export async function moveMatter(
  cmd: Command,
  row: MatterRow,
  input: MakeMove,
  how: { asReporter?: boolean; alone?: boolean } = {},
): Promise<Moved> {
  if (input.version < row.movedVersion || input.version > row.version)
    throw new Fault('kernel.stale', { version: row.version })
  const pack = await packOf(cmd, row.kind, row.packVersion)
  const step = stepFor(pack.kind, row.state, input.move)
  const grant = await requireMayStep(cmd, row, step, how.asReporter ?? false)
  const fileIds = input.fileIds ?? []
  if (photoRule(pack, step, row.category) === 'needed' && fileIds.length === 0) throw new Fault('loop.photo_needed')
  const steps = once(() => listSteps(cmd.tx, cmd.county, row.id))
  const known = looksBack(pack, step) ? knownIn(await steps()) : {}
  requireOpen(cmd, step, known)
  const form = validateForm(pack.content, step.form, input.form, { now: cmd.now, known })
  if (step.guard !== undefined) {
    const facts = guardFacts(pack, row, await steps(), { now: cmd.now, photos: fileIds.length })
    if (!guardAllows(step, facts, { form, known, now: cmd.now }))
      throw new Fault('loop.guard_refused', { reason: guardSentence(pack, step.move, cmd.locale) })
  }
  const holder = await assignTo(cmd, row, { assign: step.assign, target: input.target, steps })
  const moved: MatterRow = {
    ...row,
    state: step.to,
    tone: stateOf(pack.kind, step.to).tone,
    ...columnsOf(holder),
    handledBy: step.handles && cmd.actor.id ? cmd.actor.id : row.handledBy,
    stateEnteredAt: step.to === row.state ? row.stateEnteredAt : cmd.now,
    ...clockFor(cmd, nextClock(cmd, row, { pack, step, form, known })),
    overdueLevel: step.clock === 'start' ? 0 : row.overdueLevel,
    duplicateOf: (await duplicateIn(cmd, pack, step, form)) ?? row.duplicateOf,
    version: row.version + 1,
    movedVersion: row.version + 1,
    closedAt: isEnd(pack.kind, step.to) ? cmd.now : null,
    ...(isEnd(pack.kind, step.to) ? unrated : {}),
  }
  moved.sweepAt = wakeAt(cmd, pack, moved, { ...known, ...form })
  const answer = await movedAnswer(cmd, pack, moved)
  const { salt, commitment } = commitTo(cmd, form)
  const entry = entryOf(cmd, MatterMoved, moved, {
    kind: moved.kind,
    packVersion: moved.packVersion,
    move: step.move,
    from: row.state,
    to: moved.state,
    areaPath: moved.areaPath,
    deputyFor: grant?.deputyFor ?? null,
    dueAt: moved.dueAt?.toISOString() ?? null,
    commitment,
    closed: moved.closedAt !== null,
    effects: step.effects?.length ?? 0,
    ...holderIn(moved),
  })
  const saved = saveMove(
    cmd.tx,
    moved,
    stepRow(cmd, moved, {
      entry,
      step,
      from: row.state,
      form,
      fileIds,
      salt,
      grant,
      by: await actorLabel(cmd, grant),
      moveId: input.id,
    }),
    { entry, kept: keep(cmd, answer), whole: (how.alone ?? false) && fileIds.length === 0 },
  )
  if (!(await saved.catch((error: unknown) => Promise.reject(staleOrNot(error, row.version)))))
    throw new Fault('kernel.stale', { version: row.version })
  await attach(cmd, moved, fileIds, step.handles ? 'after' : 'evidence')
  return answer
}

/** Closed again, it is for the reporter to judge anew; what they said before stays among the steps. */
const unrated = { ratingScore: null, ratingComment: null, ratedAt: null } as const

/** Whether the step needs what was filled in before: only then are the earlier steps read. */
const looksBack = (pack: PackKind, step: Step): boolean =>
  step.guard !== undefined ||
  step.opens !== undefined ||
  step.clockFrom !== undefined ||
  (step.form !== undefined && pack.content.forms[step.form]?.checks !== undefined) ||
  timedStepsFrom(pack, step.to).length > 0

/** @throws loop.too_early with the time from which it is possible, as people say it. */
function requireOpen(cmd: Command, step: Step, known: Record<string, unknown>): void {
  const at = opensAt(cmd.calendar, step, known)
  if (at && cmd.now < at) throw new Fault('loop.too_early', { at: sayWhen(at, cmd.locale, cmd.now) })
}

/** When the sweep looks at a state that has just begun: for its deadline or for a step that the system makes. */
function wakeAt(cmd: Command, pack: PackKind, row: MatterRow, known: Record<string, unknown>): Date | null {
  const timed = row.closedAt === null ? nextTimedStep(cmd.calendar, timedStepsFrom(pack, row.state), known) : null
  return earlier(firstSweep(cmd.calendar, pack, row, cmd.now), timed?.at ?? null)
}

/** Two at once: the loser meets the winner's step or entry of the same version. */
export function staleOrNot(error: unknown, version: number): unknown {
  return constraintOf(error) === 'matter_step_pkey'
    ? new Fault('kernel.stale', { version }, { cause: error })
    : asStale(error, version)
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

async function requireMayStep(cmd: Command, row: MatterRow, step: Step, asReporter: boolean): Promise<Grant | null> {
  if (step.by === 'reporter') {
    if (!asReporter) throw new Fault('kernel.forbidden')
    return null
  }
  if (step.by === 'system' || step.grant === null) {
    if (cmd.actor.kind !== 'system') throw new Fault('kernel.forbidden')
    return null
  }
  const grant = requireGrant(cmd, step.grant, row.areaPath)
  if (step.by === 'holder' && !(await isInHands(cmd, row))) throw new Fault('loop.not_holder')
  if (step.differentPersonFrom === 'handler' && row.handledBy !== null && row.handledBy === cmd.actor.id)
    throw new Fault('loop.same_person')
  return grant
}

/** Whether a step would be offered to the actor now; `makeMove` checks the same again. */
export async function mayStep(cmd: Command, row: MatterRow, step: Step, inHands: boolean): Promise<boolean> {
  if (step.by === 'reporter' || step.by === 'system' || step.grant === null) return false
  if (!hasGrant(cmd, step.grant, row.areaPath)) return false
  if (step.by === 'holder' && !inHands) return false
  return !(step.differentPersonFrom === 'handler' && row.handledBy !== null && row.handledBy === cmd.actor.id)
}

/** Workdays that an approved extension adds; the form's field is `days`. */
const extensionDays = (form: Record<string, unknown>): number => (typeof form['days'] === 'number' ? form['days'] : 0)

function nextClock(
  cmd: Command,
  row: MatterRow,
  made: { pack: PackKind; step: Step; form: Record<string, unknown>; known: Record<string, unknown> },
): Clock {
  const { pack, step, form, known } = made
  const reason = reasonIn(pack.content, step.form, form)
  switch (step.clock) {
    case 'start': {
      const limit = dueFor(pack, step, row)
      if (!limit) return noClock
      return startClock(clockBegins(step, { ...known, ...form }, cmd.now), limit.amount, limit.unit)
    }
    case 'keep':
      return row.clock
    case 'pause':
      return pauseClock(row.clock, cmd.now, reason)
    case 'resume':
      return resumeClock(row.clock, cmd.now)
    case 'extend':
      return extendClock(resumeClock(row.clock, cmd.now), { amount: extensionDays(form), unit: 'workday', reason })
    case 'stop':
      return noClock
  }
}

async function duplicateIn(
  cmd: Command,
  pack: PackKind,
  step: Step,
  form: Record<string, unknown>,
): Promise<string | null> {
  const number = duplicateNumberIn(pack.content, step.form, form)
  if (number === undefined) return null
  const other = await findByNumber(cmd.tx, cmd.county, number)
  if (!other || !hasGrant(cmd, 'loop.read', other.areaPath))
    throw new Fault('kernel.invalid_input', {
      fields: [
        {
          path: 'form.duplicateOf',
          message: '没有这个编号的事项',
          zh: '没有这个编号的事项',
          en: 'There is no matter with this number',
        },
      ],
    })
  return other.id
}

export async function movedAnswer(cmd: Command, pack: PackKind, moved: MatterRow): Promise<Moved> {
  const inHands = await isInHands(cmd, moved)
  const offered = await Promise.all(
    movesFrom(pack.kind, moved.state).map(async (step) =>
      (await mayStep(cmd, moved, step, inHands)) ? step.move : null,
    ),
  )
  return {
    id: moved.id,
    version: moved.version,
    state: moved.state,
    stateName: stateName(pack, moved.state, cmd.locale),
    tone: moved.tone as Moved['tone'],
    holder: await holderLabel(cmd, moved),
    due: briefDeadline(cmd.calendar, { ...moved, unit: moved.clock.unit }, cmd.now, cmd.locale),
    moves: offered.filter((move) => move !== null),
  }
}

/**
 * Shows the reporter's name and number, asks why, and leaves an entry.
 *
 * @throws identity.second_factor_needed where the county asks for one before personal data is shown.
 */
export async function unmaskReporter(cmd: Command, id: string, input: Unmask): Promise<Contact> {
  const row = await findMatter(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireGrant(cmd, 'loop.unmask', row.areaPath)
  await requireSecondFactor(cmd)
  const reason = cleanText(input.reason, { maxLength: 200, minLength: 4, path: 'reason' })
  const opening = uuidv7(cmd.now)
  const { salt, commitment } = commitTo(cmd, { reason })
  const { county, purpose, now: at } = cmd
  await insertUnmasking(cmd.tx, {
    county,
    id: opening,
    matterId: id,
    byAccount: cmd.actor.id,
    purpose,
    reason,
    salt,
    at,
  })
  await record(cmd, MatterUnmasked, { id: opening, version: 1 }, { matterId: id, areaPath: row.areaPath, commitment })
  if (!row.contactSealed) {
    const account = row.reporterKind === 'token' ? null : row.reporterId
    const stillHere = account !== null && (await namesOf(cmd, [account])).has(account)
    if (!stillHere) return { name: null, phone: null }
    const seen = await unmask(cmd, account, { fields: ['name', 'phone'], reason })
    return { name: seen.name || null, phone: seen.phone || null }
  }
  const { name, phone } = JSON.parse(cmd.vault.open(cmd.county, row.contactSealed)) as { name: string; phone: string }
  return { name: name || null, phone: phone || null }
}
