import type { Command } from '../kernel/command.ts'
import { uuidv5 } from '../kernel/ids.ts'
import { DAY } from '../kernel/calendar-days.ts'
import { addressedBuilding, addressedPremises } from './addresses/service.ts'
import { saveBuildings, savePremises } from './addresses/saving.ts'
import { listBuildingsByIds, type BuildingRow, type PremisesRow } from './addresses/store.ts'
import { saveHouseholds, type HouseholdStep } from './households/saving.ts'
import { saveOrganisations } from './organisations/saving.ts'
import { findOrganisation, insertOfficers, type OrganisationRow } from './organisations/store.ts'
import { savePeople, type PersonState } from './people/saving.ts'
import { sealedCitizenId, sealedPhone } from './people/service.ts'
import type { ResidenceRow } from './people/store.ts'
import type { Details } from './people/contract.ts'
import type { TagRow } from './tags/store.ts'
import type { HomePlan, PersonPlan, TiePlan } from './seed-families.ts'
import type { DoorPlan } from './seed-homes.ts'
import type { OrganisationPlan } from './seed-organisations.ts'

const NAMESPACE = 'b6f0c0de-7a11-5e9d-9c55-3304110063aa'
const why = { source: 'demo', reason: '' } as const
/** Somebody looked at each record within so many days; the oldest are due to be asked again. */
const CHECKED_DAYS_MAX = 460

/** The same id for the same record, whenever the seed runs. */
export const registrySeedId = (county: string, what: string): string => uuidv5(NAMESPACE, `${county}/${what}`)

/** A number in [0, 1) that hangs on a name alone. */
function shareFrom(name: string): number {
  let mixed = 2_166_136_261
  for (const letter of name) mixed = Math.imul(mixed ^ letter.codePointAt(0)!, 16_777_619)
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296
}

/**
 * Writes homes with everybody in them, as the registry's own batch writers do; those that are there are left alone.
 *
 * @returns how many buildings are new.
 */
export async function seedHomes(cmd: Command, homes: readonly HomePlan[]): Promise<number> {
  const ids = homes.map(({ building }) => registrySeedId(cmd.county, `building:${building.key}`))
  const known = new Set((await listBuildingsByIds(cmd.tx, cmd.county, ids)).map(({ id }) => id))
  const fresh = homes.filter((_home, at) => !known.has(ids[at]!))
  if (fresh.length === 0) return 0
  const laid = new Laying(cmd)
  for (const home of fresh) laid.lay(home)
  await saveBuildings(
    cmd,
    laid.buildings.map((after) => ({ act: 'registered', before: null, after })),
    why,
    true,
  )
  await savePremises(
    cmd,
    laid.premises.map(({ row, building }) => ({ act: 'registered', before: null, after: row, building })),
    why,
    true,
  )
  await saveHouseholds(cmd, laid.households, why, true)
  await savePeople(
    cmd,
    laid.people.map((after) => ({ act: 'registered', before: null, after })),
    why,
    true,
  )
  return fresh.length
}

/** Writes Honglian's organisations with who stands for them. @returns how many are new. */
export async function seedOrganisations(cmd: Command, plans: readonly OrganisationPlan[]): Promise<number> {
  const first = plans[0]
  if (!first || (await findOrganisation(cmd.tx, cmd.county, registrySeedId(cmd.county, `organisation:${first.key}`))))
    return 0
  const rows = plans.map((plan): OrganisationRow => ({
    id: registrySeedId(cmd.county, `organisation:${plan.key}`),
    version: 1,
    kind: plan.kind,
    name: plan.name,
    code: plan.code,
    trade: plan.trade,
    areaPath: plan.place,
    premisesId: null,
    address: plan.address,
    phoneSealed: cmd.vault.seal(cmd.county, phoneFor(plan.key)),
    headcount: plan.headcount,
    detailsSealed: null,
    source: shareFrom(plan.key) < 0.5 ? 'visit' : 'department',
    checkedAt: new Date(cmd.now.getTime() - shareFrom(plan.name) * CHECKED_DAYS_MAX * DAY),
    checkedBy: null,
    closedAt: null,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }))
  await saveOrganisations(
    cmd,
    rows.map((after) => ({ act: 'registered', before: null, after })),
    why,
    true,
  )
  const fromOn = new Date(cmd.now.getTime() - 700 * DAY).toISOString().slice(0, 10)
  for (const [at, plan] of plans.entries())
    for (const officer of plan.officers)
      await insertOfficers(cmd.tx, cmd.county, [
        {
          id: registrySeedId(cmd.county, `officer:${plan.key}:${officer.duty}`),
          organisationId: rows[at]!.id,
          duty: officer.duty,
          name: officer.name,
          phoneSealed: cmd.vault.seal(cmd.county, phoneFor(officer.name + plan.key)),
          personId: null,
          fromOn,
          untilOn: null,
        },
      ])
  return rows.length
}

/** Of a range that no person of the demo has. */
const phoneFor = (key: string): string =>
  `19923${String(Math.floor(shareFrom(`phone ${key}`) * 1_000_000)).padStart(6, '0')}`

/** Rows in the making. */
class Laying {
  readonly buildings: BuildingRow[] = []
  readonly premises: { row: PremisesRow; building: BuildingRow }[] = []
  readonly households: HouseholdStep[] = []
  readonly people: PersonState[] = []
  private readonly cmd: Command
  private readonly byDoor = new Map<string, PremisesRow>()

  constructor(cmd: Command) {
    this.cmd = cmd
  }

  lay({ building: plan, people }: HomePlan): void {
    const { cmd } = this
    const building: BuildingRow = {
      id: this.id(`building:${plan.key}`),
      version: 1,
      kind: plan.kind,
      ...addressedBuilding(plan.areaPath, plan),
      longitude: plan.position?.lng ?? null,
      latitude: plan.position?.lat ?? null,
      positionSource: plan.position ? 'drawn' : null,
      floors: plan.floors,
      closedAt: null,
      createdAt: cmd.now,
      updatedAt: cmd.now,
    }
    this.buildings.push(building)
    for (const door of plan.doors) this.layDoor(building, door)
    for (const person of people) this.layPerson(person)
  }

  private layDoor(building: BuildingRow, door: DoorPlan): void {
    const { cmd } = this
    const plan = planFor(door)
    const row: PremisesRow = {
      id: this.id(`premises:${door.key}`),
      version: 1,
      ...addressedPremises(building, door),
      use: door.use,
      planSealed: plan && cmd.vault.seal(cmd.county, JSON.stringify(plan)),
      planReviewOn: plan && this.dayIn(20 + Math.floor(shareFrom(`review ${door.key}`) * 160)),
      ...this.seen(door.key),
      closedAt: null,
      createdAt: cmd.now,
      updatedAt: cmd.now,
    }
    this.byDoor.set(door.key, row)
    this.premises.push({ row, building })
  }

  private layPerson(plan: PersonPlan): void {
    const { cmd } = this
    const id = this.id(`person:${plan.key}`)
    const ties = plan.ties.map((tie, at) => this.tieOf(id, tie, at, plan.registration === 'floating'))
    const details = detailsOf(plan)
    this.people.push({
      row: {
        id,
        version: 1,
        name: plan.name,
        sex: plan.sex,
        bornOn: plan.bornOn,
        ...sealedCitizenId(cmd, plan.citizenId),
        ...sealedPhone(cmd, plan.phone),
        detailsSealed: Object.keys(details).length === 0 ? null : cmd.vault.seal(cmd.county, JSON.stringify(details)),
        registration: plan.registration,
        areaPath: plan.areaPath,
        premisesId: null,
        householdId: null,
        headRelation: null,
        state: 'present',
        mergedInto: null,
        ...this.seen(plan.key),
        createdAt: cmd.now,
        updatedAt: cmd.now,
      },
      ties,
      tags: plan.tags.map((tag) => this.tagOf(id, plan.areaPath, tag)),
    })
  }

  private tieOf(personId: string, tie: TiePlan, at: number, floating: boolean): ResidenceRow {
    const premises = this.byDoor.get(tie.doorKey)
    if (!premises) throw new Error(`no door ${tie.doorKey}`)
    const householdId = tie.household === null ? null : this.household(premises, tie, personId, floating)
    return {
      id: this.id(`residence:${personId}:${at}`),
      personId,
      premisesId: premises.id,
      householdId,
      areaPath: premises.areaPath,
      relation: tie.relation,
      livesHere: tie.livesHere,
      headRelation: tie.headRelation,
      fromOn: tie.fromOn,
      untilOn: null,
      source: 'demo',
      byAccount: null,
      at: this.cmd.now,
    }
  }

  /** The household behind a door, made with the first of its people, who is its head. Its members are counted as they are saved. */
  private household(premises: PremisesRow, tie: TiePlan, personId: string, floating: boolean): string {
    const { cmd } = this
    const key = `household:${tie.doorKey}:${tie.household}`
    const id = this.id(key)
    if (this.households.at(-1)?.after.id === id) return id
    const dossier = dossierFor(tie.doorKey)
    this.households.push({
      act: 'registered',
      before: null,
      after: {
        id,
        version: 1,
        premisesId: premises.id,
        areaPath: premises.areaPath,
        kind: floating ? 'floating' : 'registered',
        number: floating ? null : String(Math.floor(shareFrom(key) * 900_000_000) + 100_000_000),
        headId: personId,
        members: 0,
        dossierSealed: dossier && cmd.vault.seal(cmd.county, JSON.stringify(dossier)),
        ...this.seen(tie.doorKey),
        closedAt: null,
        createdAt: cmd.now,
        updatedAt: cmd.now,
      },
    })
    return id
  }

  private tagOf(personId: string, areaPath: string, tag: string): TagRow {
    const untilOn = tag === 'pregnant' ? this.dayIn(30 + Math.floor(shareFrom(personId) * 200)) : null
    const sinceOn = this.dayIn(-Math.floor(shareFrom(`${tag}${personId}`) * 700))
    return {
      tag,
      areaPath,
      personId,
      derived: false,
      sinceOn,
      untilOn,
      source: 'demo',
      byAccount: null,
      at: this.cmd.now,
    }
  }

  private id(what: string): string {
    return registrySeedId(this.cmd.county, what)
  }

  private seen(key: string): { source: string; checkedAt: Date; checkedBy: null } {
    const source = shareFrom(`source ${key}`) < 0.7 ? 'visit' : 'sheet'
    return {
      source,
      checkedAt: new Date(this.cmd.now.getTime() - shareFrom(key) * CHECKED_DAYS_MAX * DAY),
      checkedBy: null,
    }
  }

  private dayIn(days: number): string {
    return new Date(this.cmd.now.getTime() + days * DAY).toISOString().slice(0, 10)
  }
}

function detailsOf({ origin, livesAt, education, employer, tags }: PersonPlan): Details {
  return {
    ...(tags.includes('partyMember') && { identity: { political: '中共党员' } }),
    ...(employer !== null && { work: { employer } }),
    ...(education !== null && { education: { degree: education } }),
    ...(origin !== null && { family: { cameFrom: origin } }),
    ...(livesAt !== null && { remark: { text: `常住${livesAt}，平时电话联系。` } }),
  }
}

const risks = ['电动车进楼充电', '用老式煤气罐', '隔断间多人合租', '楼道堆物', '老旧电线']
const measures = ['每月上门看一次，当场劝离', '配发充电桩卡', '约房东签消防承诺书', '联系电工换线']

/** One plan per house for about a third of the let homes. */
function planFor({ key, use }: DoorPlan): Record<string, unknown> | null {
  const share = shareFrom(`plan ${key}`)
  if (use !== 'let' || share > 0.34) return null
  const first = Math.floor(share * 100) % risks.length
  return {
    class: share < 0.05 ? 'key' : share < 0.16 ? 'attention' : 'ordinary',
    risks: share < 0.16 ? [risks[first]!, risks[(first + 2) % risks.length]!] : [risks[first]!],
    measures: [measures[first % measures.length]!],
    caretaker: '微网格长',
    remark: '',
  }
}

/** The situation file for some of the households. */
function dossierFor(key: string): Record<string, unknown> | null {
  const share = shareFrom(`dossier ${key}`)
  if (share > 0.18) return null
  const lines = [
    {
      situation: '老人白天一个人在家，子女在镇上上班。',
      hardship: '腿脚不便，买菜看病要人搭把手。',
      needs: '希望有人定期看看。',
      risks: '独自用煤气。',
    },
    { situation: '一家三口租住，孩子在村小上学。', hardship: '', needs: '想了解新居民积分入学。', risks: '' },
    { situation: '夫妻都在纺织厂上班，三班倒。', hardship: '', needs: '晚上上门比较合适。', risks: '' },
  ]
  return lines[Math.floor(share * 1000) % lines.length]!
}
