import type { Command } from '../../kernel/command.ts'
import { hasGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { normaliseCode, normaliseMobile } from '../../kernel/codes.ts'
import type { Correction } from './contract.ts'
import { touches } from './rules.ts'
import { changePhone, changeUse, endStay, registerHere } from './registry-writes.ts'
import {
  findByCitizenId,
  insertConflict,
  listChangesSince,
  listPeopleNow,
  listStays,
  listTied,
  type ConflictRow,
  type PersonNow,
} from './store.ts'
import { dayOf } from './rules.ts'

/** Where and by which visit something was found to be otherwise. */
export interface AtDoor {
  visitId: string
  areaPath: string
  householdId: string | null
  premises: { id: string; version: number; use: string; address: string }
  account: string
}

type Reason = 'changed' | 'gone' | 'known' | 'noRight'
/** What became of a correction: in the registry, there already, or kept for a person to decide. */
export type Fate =
  | { outcome: 'taken' | 'already' }
  | { outcome: 'conflict'; reason: Reason; recordId: string; basedOn: number; found: number }

const taken: Fate = { outcome: 'taken' }
const already: Fate = { outcome: 'already' }

/**
 * Whether a field has been changed by somebody else since the version that was read at the door. A change of other fields is
 * no conflict.
 */
async function changedSince(cmd: Command, id: string, field: Correction['kind'], basedOn: number): Promise<boolean> {
  const changes = await listChangesSince(cmd.tx, cmd.county, id, basedOn)
  return changes.some(({ changesSealed }) => {
    if (changesSealed === null) return true
    return touches(field, Object.keys(JSON.parse(cmd.vault.open(cmd.county, changesSealed)) as object))
  })
}

const lives = ({ state }: PersonNow): boolean => state === 'present' || state === 'away'

async function correctPhone(
  cmd: Command,
  { personId, basedOn, phone }: Extract<Correction, { kind: 'phone' }>,
  person: PersonNow | undefined,
): Promise<Fate> {
  if (!person || !lives(person)) return conflict('gone', personId, basedOn, person?.version ?? 0)
  const known = person.phoneSealed ? cmd.vault.open(cmd.county, person.phoneSealed) : ''
  if (known !== '' && known === normaliseMobile(phone)) return already
  if (person.version !== basedOn && (await changedSince(cmd, personId, 'phone', basedOn)))
    return conflict('changed', personId, basedOn, person.version)
  if (!hasGrant(cmd, 'registry.write', person.areaPath)) return conflict('noRight', personId, basedOn, person.version)
  await changePhone(cmd, personId, phone)
  return taken
}

async function correctLeft(
  cmd: Command,
  { personId, basedOn, on }: Extract<Correction, { kind: 'left' }>,
  person: PersonNow | undefined,
  at: AtDoor,
): Promise<Fate> {
  if (!person || !lives(person)) return already
  const stays = await listStays(cmd.tx, cmd.county, personId, at.premises.id, dayOf(cmd.now))
  if (stays.length === 0) return already
  if (person.version !== basedOn && (await changedSince(cmd, personId, 'left', basedOn)))
    return conflict('changed', personId, basedOn, person.version)
  if (!hasGrant(cmd, 'registry.write', at.areaPath)) return conflict('noRight', personId, basedOn, person.version)
  for (const stay of stays) await endStay(cmd, personId, stay, on)
  return taken
}

async function correctJoined(cmd: Command, joined: Extract<Correction, { kind: 'joined' }>, at: AtDoor): Promise<Fate> {
  const [standing] = await listPeopleNow(cmd.tx, cmd.county, [joined.id], 'look')
  if (standing) return already
  if (joined.citizenId !== undefined && joined.citizenId.trim() !== '') {
    const blind = cmd.vault.blind(cmd.county, 'citizenId', normaliseCode(joined.citizenId))
    const known = await findByCitizenId(cmd.tx, cmd.county, blind)
    if (known) {
      const stays = await listStays(cmd.tx, cmd.county, known.id, at.premises.id, dayOf(cmd.now))
      return stays.length > 0 ? already : conflict('known', known.id, 0, known.version)
    }
  }
  if (!hasGrant(cmd, 'registry.write', at.areaPath)) return conflict('noRight', joined.id, 0, 0)
  await registerHere(cmd, joined, at)
  return taken
}

async function correctUse(
  cmd: Command,
  { use, basedOn }: Extract<Correction, { kind: 'use' }>,
  at: AtDoor,
): Promise<Fate> {
  const { id, version } = at.premises
  if (at.premises.use === use) return already
  if (version !== basedOn && (await changedSince(cmd, id, 'use', basedOn)))
    return conflict('changed', id, basedOn, version)
  if (!hasGrant(cmd, 'registry.write', at.areaPath)) return conflict('noRight', id, basedOn, version)
  await changeUse(cmd, id, use)
  return taken
}

const conflict = (reason: Reason, recordId: string, basedOn: number, found: number): Fate => ({
  outcome: 'conflict',
  reason,
  recordId,
  basedOn,
  found,
})

/**
 * Takes what was found at the door into the registry, each against the version that was read there. What somebody else has
 * changed meanwhile is kept beside it, for a person to decide: nothing is lost, and nothing written over unseen.
 *
 * @returns one fate for each correction, in their order.
 */
export async function takeCorrections(cmd: Command, corrections: readonly Correction[], at: AtDoor): Promise<Fate[]> {
  if (corrections.length === 0) return []
  const ids = corrections.flatMap((one) => (one.kind === 'phone' || one.kind === 'left' ? [one.personId] : []))
  const tied = (await listTied(cmd.tx, cmd.county, [at.premises.id], [...new Set(ids)])).map(({ personId }) => personId)
  const people = new Map((await listPeopleNow(cmd.tx, cmd.county, tied.toSorted(), 'lock')).map((row) => [row.id, row]))
  const fates: Fate[] = []
  for (const one of corrections) {
    const fate =
      one.kind === 'phone'
        ? await correctPhone(cmd, one, people.get(one.personId))
        : one.kind === 'left'
          ? await correctLeft(cmd, one, people.get(one.personId), at)
          : one.kind === 'joined'
            ? await correctJoined(cmd, one, at)
            : await correctUse(cmd, one, at)
    fates.push(fate)
  }
  return fates
}

/** Keeps the corrections that wait for a decision. */
export async function keepConflicts(
  cmd: Command,
  corrections: readonly Correction[],
  fates: readonly Fate[],
  at: AtDoor,
): Promise<void> {
  for (const [index, fate] of fates.entries()) {
    const correction = corrections[index]
    if (fate.outcome !== 'conflict' || !correction) continue
    const row: ConflictRow = {
      county: cmd.county,
      id: uuidv7(cmd.now),
      version: 1,
      visitId: at.visitId,
      areaPath: at.areaPath,
      premisesId: at.premises.id,
      recordId: fate.recordId,
      kind: correction.kind,
      reason: fate.reason,
      proposedSealed: cmd.vault.seal(cmd.county, JSON.stringify({ ...correction, householdId: at.householdId })),
      basedOn: fate.basedOn,
      found: fate.found,
      state: 'open',
      byAccount: at.account,
      madeAt: cmd.now,
      decidedBy: null,
      decidedAt: null,
    }
    await insertConflict(cmd.tx, row)
  }
}
