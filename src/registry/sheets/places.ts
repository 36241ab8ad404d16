import type { Command } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { buildingAddress } from '../addresses/rules.ts'
import { addressedBuilding, addressedPremises } from '../addresses/service.ts'
import {
  findBuildingsByKey,
  findPremisesByKey,
  listBuildingsByIds,
  listPremisesByIds,
  type BuildingRow,
  type PremisesRow,
} from '../addresses/store.ts'
import type { BuildingStep, PremisesStep } from '../addresses/saving.ts'
import type { AreaFinder } from './areas.ts'
import type { Problem, ReadRow } from './rows.ts'

/** What a row's address leads to. */
export interface Home {
  readonly building: BuildingRow
  readonly premises: PremisesRow
  /** Whether somebody has registered it before this sheet. */
  readonly known: boolean
  /** The row named no area: it lies where the import was begun. */
  readonly coarse: boolean
}

export interface PlaceTerms {
  readonly finder: AreaFinder
  /** Where rows lie that name no area; null where the import was begun for more than a village. */
  readonly area: string | null
  readonly inScope: (path: string) => boolean
  /** From when on what the sheet says counts as seen. */
  readonly seenAt: Date
}

interface Wanted {
  readonly row: ReadRow
  readonly area: string
  readonly coarse: boolean
  readonly key: string
}

const problem = (field: Problem['field'], zh: string, en: string): Problem => ({ field, zh, en })

/** The homes of some rows: found by their addresses, made where nobody has registered them. */
export class Homes {
  readonly buildings: BuildingStep[] = []
  readonly premises = new Map<string, PremisesStep>()
  readonly #cmd: Command
  readonly #terms: PlaceTerms
  readonly #byBuildingKey = new Map<string, BuildingRow>()
  readonly #byPremisesKey = new Map<string, PremisesRow>()
  readonly #fresh = new Set<string>()
  readonly #wants = new Map<ReadRow, Wanted | Problem>()

  constructor(cmd: Command, terms: PlaceTerms) {
    this.#cmd = cmd
    this.#terms = terms
  }

  /** Reads what the county knows of the rows' addresses, a few statements for all of them. */
  async load(rows: readonly ReadRow[]): Promise<void> {
    const { tx, county } = this.#cmd
    const wanted = rows.map((row) => this.#wanted(row)).filter((one) => 'key' in one)
    const keys = [...new Set(wanted.map(({ key }) => key))]
    const found = await findBuildingsByKey(tx, county, keys)
    const buildings = await listBuildingsByIds(
      tx,
      county,
      found.map(({ id }) => id),
    )
    for (const building of buildings) this.#byBuildingKey.set(building.addressKey, building)
    const doors = new Set<string>()
    for (const { key, row } of wanted) {
      const building = this.#byBuildingKey.get(key)
      if (building) doors.add(addressedPremises(building, row.door).addressKey)
    }
    const ids = (await findPremisesByKey(tx, county, [...doors])).map(({ id }) => id)
    for (const premises of await listPremisesByIds(tx, county, ids))
      this.#byPremisesKey.set(premises.addressKey, premises)
  }

  /** Ids of the premises that were known before. */
  knownPremises(): string[] {
    return [...this.#byPremisesKey.values()].filter(({ id }) => !this.#fresh.has(id)).map(({ id }) => id)
  }

  #wanted(row: ReadRow): Wanted | Problem {
    const known = this.#wants.get(row)
    if (known) return known
    const wanted = this.#wantedOf(row)
    this.#wants.set(row, wanted)
    return wanted
  }

  #wantedOf(row: ReadRow): Wanted | Problem {
    const { finder, area: otherwise } = this.#terms
    const { estate, street, houseNumber, building, room } = row.door
    if (estate + street + houseNumber === '')
      return problem('address', '请填小区、道路或门牌号。', 'Please give the estate, the street or the house number.')
    if (building !== '' && room === '') return problem('room', '请填室号。', 'Please give the room.')
    const found = finder.find(row.area)
    if (found && 'zh' in found) return found
    const area = found && finder.isHome(found.path) ? found.path : otherwise
    if (area === null)
      return problem(
        'microGrid',
        '请加一列写明所属的村（社区）或微网格，或在上一步选定导入到哪个村。',
        'Please add a column with the village or micro-grid, or choose one village for the import.',
      )
    const key = addressedBuilding(area, partsOf(row)).addressKey
    return { row, area, coarse: found === null, key }
  }

  /** The home of a row, made now if nobody knows it; or why it cannot be. */
  of(row: ReadRow): Home | Problem {
    const wanted = this.#wanted(row)
    if (!('key' in wanted)) return wanted
    const building = this.#byBuildingKey.get(wanted.key) ?? this.#newBuilding(wanted)
    if (!this.#terms.inScope(building.areaPath))
      return problem(
        'address',
        '这个地址登记在你的导入范围之外，请核对小区、门牌写得对不对。',
        'This address is registered outside the range of this import; please see whether it is written right.',
      )
    const addressed = addressedPremises(building, row.door)
    const known = this.#byPremisesKey.get(addressed.addressKey)
    const premises = known ?? this.#newPremises(building, addressed)
    return { building, premises, known: known !== undefined && !this.#fresh.has(known.id), coarse: wanted.coarse }
  }

  #newBuilding({ row, area, key }: Wanted): BuildingRow {
    const { now } = this.#cmd
    const building: BuildingRow = {
      id: uuidv7(now),
      version: 1,
      kind: row.door.building === '' ? (row.organisation ? 'other' : 'villageHouse') : 'estateBlock',
      ...addressedBuilding(area, partsOf(row)),
      longitude: null,
      latitude: null,
      positionSource: null,
      floors: null,
      closedAt: null,
      createdAt: now,
      updatedAt: now,
    }
    this.#byBuildingKey.set(key, building)
    this.buildings.push({ act: 'registered', before: null, after: building })
    return building
  }

  #newPremises(building: BuildingRow, addressed: ReturnType<typeof addressedPremises>): PremisesRow {
    const { now, actor } = this.#cmd
    const premises: PremisesRow = {
      id: uuidv7(now),
      version: 1,
      ...addressed,
      use: 'unknown',
      planSealed: null,
      planReviewOn: null,
      source: 'sheet',
      checkedAt: this.#terms.seenAt,
      checkedBy: actor.id,
      closedAt: null,
      createdAt: now,
      updatedAt: now,
    }
    this.#byPremisesKey.set(premises.addressKey, premises)
    this.#fresh.add(premises.id)
    this.premises.set(premises.id, { act: 'registered', before: null, after: premises, building })
    return premises
  }

  /** What the sheet says about the use of a home; a home that was seen later than the sheet keeps its own. */
  use(home: Home, use: PremisesRow['use'], isSure: boolean): void {
    const step = this.premises.get(home.premises.id)
    if (step) {
      if (isSure || step.after.use === 'unknown') step.after.use = use
      return
    }
    const { premises, building } = home
    const keeps =
      premises.use === use || (!isSure && premises.use !== 'unknown') || premises.checkedAt > this.#terms.seenAt
    if (keeps) return
    const after: PremisesRow = {
      ...premises,
      use,
      version: premises.version + 1,
      source: 'sheet',
      checkedAt: this.#terms.seenAt,
      checkedBy: this.#cmd.actor.id,
      updatedAt: this.#cmd.now,
    }
    this.premises.set(premises.id, { act: 'corrected', before: premises, after, building })
  }
}

const partsOf = ({ door }: ReadRow): { estate: string; street: string; houseNumber: string; name: string } => ({
  estate: door.estate.slice(0, 60),
  street: door.street.slice(0, 60),
  houseNumber: door.houseNumber.slice(0, 60),
  name: door.building.slice(0, 60),
})

/** How an address is said in a message. */
export const saidAddress = (row: ReadRow): string => `${buildingAddress(partsOf(row))}${row.door.unit}${row.door.room}`
