import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { correctPremises } from '../addresses/service.ts'
import { endResidence, fixPhone, movePersonHere, registerPerson } from '../people/service.ts'
import type { Correction, PremisesUse } from './contract.ts'
import { dayOf } from './rules.ts'
import { listAddresses, listPeopleNow, lockHome } from './store.ts'

/** Why the registry changed, as its history says it. */
const reasonOf = (cmd: Command): string => (cmd.locale === 'en' ? 'Seen at the door' : '上门走访时核对')
const source = 'visit' as const

/** The version that stands now: the row is locked, and a visit may correct it twice. */
async function versionNow(cmd: Command, personId: string): Promise<number> {
  const [person] = await listPeopleNow(cmd.tx, cmd.county, [personId], 'look')
  if (!person) throw new Fault('kernel.not_found')
  return person.version
}

export async function changePhone(cmd: Command, personId: string, phone: string): Promise<void> {
  const version = await versionNow(cmd, personId)
  await fixPhone(cmd, personId, { phone, version, source, reason: reasonOf(cmd) })
}

/** Ends living there on a day; a day that cannot be becomes the nearest that can. */
export async function endStay(
  cmd: Command,
  personId: string,
  stay: { id: string; fromOn: string },
  on: string,
): Promise<void> {
  const today = dayOf(cmd.now)
  const untilOn = on < stay.fromOn ? stay.fromOn : on > today ? today : on
  const version = await versionNow(cmd, personId)
  await endResidence(cmd, personId, stay.id, { untilOn, version, source, reason: reasonOf(cmd) })
}

interface Here {
  householdId: string | null
  premises: { id: string }
}

/** Where somebody who moved in belongs; a household that has left meanwhile takes nobody in. */
async function homeOf(cmd: Command, at: Here): Promise<{ premisesId: string; householdId?: string }> {
  const { id: premisesId } = at.premises
  const home = at.householdId ? await lockHome(cmd.tx, cmd.county, at.householdId) : undefined
  return home && !home.closed && home.premisesId === premisesId ? { premisesId, householdId: home.id } : { premisesId }
}

type Joined = Extract<Correction, { kind: 'joined' }>

const written = ({ phone, citizenId }: Joined): { phone?: string; citizenId?: string } => ({
  ...(phone?.trim() ? { phone } : {}),
  ...(citizenId?.trim() ? { citizenId } : {}),
})

export async function registerHere(cmd: Command, joined: Joined, at: Here): Promise<void> {
  const { id, name, relation } = joined
  const home = await homeOf(cmd, at)
  const who = { id, name, relation, ...written(joined), ...home, livesHere: true }
  await registerPerson(cmd, { ...who, source, reason: reasonOf(cmd) })
}

/** Somebody of this ID number is registered elsewhere in the county and lives here now. */
export async function moveHere(cmd: Command, joined: Joined, at: Here): Promise<void> {
  const { name, relation, citizenId = '', phone } = joined
  const home = await homeOf(cmd, at)
  const who = { name, relation, citizenId, ...(phone?.trim() ? { phone } : {}), ...home, livesHere: true }
  await movePersonHere(cmd, { ...who, source, reason: reasonOf(cmd) })
}

export async function changeUse(cmd: Command, premisesId: string, use: PremisesUse): Promise<void> {
  const [premises] = await listAddresses(cmd.tx, cmd.county, [premisesId])
  if (!premises) throw new Fault('kernel.not_found')
  await correctPremises(cmd, premisesId, { use, version: premises.version, source, reason: reasonOf(cmd) })
}
