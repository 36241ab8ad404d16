import type { Vault } from '../../src/kernel/crypto.ts'
import type { Tx } from '../../src/kernel/db.ts'
import { uuidv7 } from '../../src/kernel/ids.ts'
import { saveAllTokens } from '../../src/registry/search/token-store.ts'
import type { Findable } from '../../src/registry/search/store.ts'
import {
  tokensOfBuilding,
  tokensOfOrganisation,
  tokensOfPerson,
  tokensOfPremises,
} from '../../src/registry/search/index.ts'
import { county } from './app.ts'

/** Makes something new found. */
const findable = (tx: Tx, subjectId: string, after: Findable): Promise<void> =>
  saveAllTokens(tx, county, [{ subjectId, before: null, after }])

const at = new Date('2026-11-01T02:00:00Z')
const kept = { county, version: 1, createdAt: at, updatedAt: at }
const seen = { source: 'visit', checkedAt: at, checkedBy: null }

export interface KnownPerson {
  id?: string
  name: string
  areaPath: string
  /** Other places, as owner or tenant of premises there. */
  alsoAt?: string[]
  phone?: string
  citizenId?: string
  bornOn?: string
  sex?: 'male' | 'female'
  premisesId?: string | null
  state?: string
}

/** A person as the registry keeps one, with what they are found by; for tests of what reads them. */
export async function enterPerson(tx: Tx, vault: Vault, person: KnownPerson): Promise<string> {
  const id = person.id ?? uuidv7(at)
  const sealed = (text: string | undefined): Buffer | null => (text === undefined ? null : vault.seal(county, text))
  const blind = (kind: string, text: string | undefined): Buffer | null =>
    text === undefined ? null : vault.blind(county, kind, text)
  await tx
    .insertInto('person')
    .values({
      ...kept,
      ...seen,
      id,
      name: person.name,
      sex: person.sex ?? null,
      bornOn: person.bornOn ?? null,
      citizenIdSealed: sealed(person.citizenId),
      citizenIdBlind: blind('citizenId', person.citizenId),
      phoneSealed: sealed(person.phone),
      phoneBlind: blind('phone', person.phone),
      detailsSealed: null,
      registration: 'registered',
      areaPath: person.areaPath,
      premisesId: person.premisesId ?? null,
      householdId: null,
      headRelation: null,
      state: person.state ?? 'present',
      mergedInto: null,
    })
    .execute()
  for (const areaPath of person.alsoAt ?? []) {
    const premisesId = await enterPremises(tx, { areaPath, houseNumber: id.slice(-6) })
    await enterResidence(tx, { personId: id, premisesId, areaPath, relation: 'owner' })
  }
  const tokens = tokensOfPerson(vault, county, { name: person.name, phone: person.phone ?? null })
  const paths = [person.areaPath, ...(person.alsoAt ?? [])]
  await findable(tx, id, { tokens, paths })
  return id
}

export async function enterResidence(
  tx: Tx,
  lives: { personId: string; premisesId: string; areaPath: string; relation: string; livesHere?: boolean },
): Promise<string> {
  const id = uuidv7(at)
  await tx
    .insertInto('residence')
    .values({
      county,
      id,
      livesHere: false,
      ...lives,
      householdId: null,
      headRelation: null,
      fromOn: '2026-01-01',
      untilOn: null,
      source: 'visit',
      byAccount: null,
      at,
    })
    .execute()
  return id
}

export interface KnownDoor {
  areaPath: string
  estate?: string
  street?: string
  houseNumber?: string
  name?: string
  unit?: string
  room?: string
}

/** A building with one door, both found by what people type. @returns the premises' id. */
export async function enterPremises(tx: Tx, door: KnownDoor): Promise<string> {
  const words = {
    estate: door.estate ?? '',
    street: door.street ?? '',
    houseNumber: door.houseNumber ?? '',
    name: door.name ?? '',
  }
  const inside = { unit: door.unit ?? '', room: door.room ?? '' }
  const buildingId = uuidv7(at)
  const address = Object.values(words).join('')
  const { areaPath } = door
  const keys = { sortKey: address, addressKey: `${areaPath} ${address}` }
  await tx
    .insertInto('building')
    .values({
      ...kept,
      ...words,
      ...keys,
      id: buildingId,
      areaPath,
      kind: 'estateBlock',
      address,
      longitude: null,
      latitude: null,
      positionSource: null,
      floors: null,
      closedAt: null,
    })
    .execute()
  const id = uuidv7(at)
  const whole = `${address}${inside.unit}${inside.room}`
  await tx
    .insertInto('premises')
    .values({
      ...kept,
      ...seen,
      ...inside,
      id,
      buildingId,
      areaPath,
      floor: null,
      address: whole,
      addressKey: `${areaPath} ${whole}`,
      sortKey: whole,
      use: 'let',
      planSealed: null,
      planReviewOn: null,
      closedAt: null,
    })
    .execute()
  const places = [areaPath]
  await findable(tx, buildingId, { tokens: tokensOfBuilding(words), paths: places })
  const tokens = tokensOfPremises(words, inside)
  await findable(tx, id, { tokens, paths: places })
  return id
}

export async function enterOrganisation(
  tx: Tx,
  unit: { name: string; areaPath: string; code?: string },
): Promise<string> {
  const id = uuidv7(at)
  const { name, areaPath, code = null } = unit
  await tx
    .insertInto('organisation')
    .values({
      ...kept,
      ...seen,
      id,
      name,
      areaPath,
      code,
      kind: 'enterprise',
      trade: '纺织',
      premisesId: null,
      address: '工业区1号',
      phoneSealed: null,
      headcount: null,
      detailsSealed: null,
      closedAt: null,
    })
    .execute()
  await findable(tx, id, { tokens: tokensOfOrganisation({ name }), paths: [areaPath] })
  return id
}
