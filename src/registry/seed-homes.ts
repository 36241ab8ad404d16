import { DEMO_VILLAGE, demoGround, GAOQIAO, GAOQIAO_GRIDS, GAOQIAO_MICRO_GRIDS, randomFrom } from '../grid/index.ts'

/** Addresses of the demo: blocks of estates and houses of a village, down to the door. */

export interface DoorPlan {
  /** The same door has the same key at every run. */
  key: string
  unit: string
  floor: number | null
  room: string
  use: 'ownerOccupied' | 'let' | 'vacant'
}

export interface BuildingPlan {
  key: string
  areaPath: string
  kind: 'estateBlock' | 'villageHouse' | 'shopRow' | 'plant'
  estate: string
  street: string
  houseNumber: string
  name: string
  floors: number
  position: { lng: number; lat: number } | null
  doors: DoorPlan[]
}

interface Block {
  estate: string
  street: string
  houseNumber: string
  number: number
  areaPath: string
  floors: number
  units: number
  perFloor: number
  position: BuildingPlan['position']
}

/** A block of flats: units 1 to n, on each floor the rooms 01 to n. */
const blockOf = (block: Block): BuildingPlan => ({
  key: `${block.estate}/${block.number}`,
  areaPath: block.areaPath,
  kind: 'estateBlock',
  estate: block.estate,
  street: block.street,
  houseNumber: block.houseNumber,
  name: `${block.number}幢`,
  floors: block.floors,
  position: block.position,
  doors: Array.from({ length: block.units }, (_, unit) =>
    Array.from({ length: block.floors * block.perFloor }, (_room, at): DoorPlan => {
      const floor = Math.floor(at / block.perFloor) + 1
      const room = `${floor}${String((at % block.perFloor) + 1).padStart(2, '0')}`
      return {
        key: `${block.estate}/${block.number}/${unit + 1}/${room}`,
        unit: String(unit + 1),
        floor,
        room,
        use: 'ownerOccupied',
      }
    }),
  ).flat(),
})

/** How many flats of Gaoqiao Garden are registered. @source Row S07 of the scenarios. */
export const GAOQIAO_FLATS = 3_723
export const GAOQIAO_PEOPLE = 12_560
export const GAOQIAO_NEW_RESIDENTS = 6_340
export const GAOQIAO_ESTATE = '高桥花园'
const GAOQIAO_BLOCKS = 72
const GAOQIAO_LET = 1_752
const GAOQIAO_VACANT = 171

/** Deals uses over doors so that exactly so many are let and vacant. */
function dealUses(doors: readonly DoorPlan[], counts: { let: number; vacant: number }, random: () => number): void {
  const order = doors.map((door) => ({ door, at: random() })).toSorted((one, other) => one.at - other.at)
  order.forEach(({ door }, at) => {
    door.use = at < counts.let ? 'let' : at < counts.let + counts.vacant ? 'vacant' : 'ownerOccupied'
  })
}

/** Gaoqiao Garden: 72 blocks, two in nine of them with a lift, 3,723 flats. */
export function gaoqiaoHomes(): BuildingPlan[] {
  const random = randomFrom(3723)
  const blocks = Array.from({ length: GAOQIAO_BLOCKS }, (_, at) => {
    const micro = Math.floor((at * GAOQIAO_GRIDS * GAOQIAO_MICRO_GRIDS) / GAOQIAO_BLOCKS)
    const grid = Math.floor(micro / GAOQIAO_MICRO_GRIDS) + 1
    const areaPath = `${GAOQIAO}/G00${grid}/M00${(micro % GAOQIAO_MICRO_GRIDS) + 1}`
    const position = { lng: 120.674 + (at % 10) * 0.0009, lat: 30.7695 + Math.floor(at / 10) * 0.0007 }
    const tall = at % 9 === 4 || at % 9 === 8
    return blockOf({
      estate: GAOQIAO_ESTATE,
      street: '高桥路',
      houseNumber: '188',
      number: at + 1,
      areaPath,
      floors: tall ? 11 : 6,
      units: tall ? 2 : 4,
      perFloor: tall ? 3 : 2,
      position,
    })
  })
  const made = blocks.reduce((sum, { doors }) => sum + doors.length, 0)
  // The last blocks lose their top rooms, until exactly so many are left.
  for (let over = made - GAOQIAO_FLATS, at = blocks.length - 1; over > 0; at = at === 0 ? blocks.length - 1 : at - 1) {
    const { doors } = blocks[at]!
    if (doors.length < 24) continue
    doors.pop()
    over--
  }
  const doors = blocks.flatMap(({ doors: own }) => own)
  if (doors.length !== GAOQIAO_FLATS) throw new Error(`${doors.length} flats`)
  dealUses(doors, { let: GAOQIAO_LET, vacant: GAOQIAO_VACANT }, random)
  return blocks
}

const HAMLETS = ['陈家浜', '沈家埭', '南汇角', '荷花池', '西浜头', '北塔桥'] as const
export const HONGLIAN_ESTATE = '红联新苑'
const HOUSES_A_MICRO_GRID = 16

/** Honglian of Wangdian: a resettlement estate in the first grid, houses of the old hamlets everywhere else. */
export function honglianHomes(): BuildingPlan[] {
  const random = randomFrom(330411)
  const { areas, boundaries } = demoGround()
  const micros = areas.filter(({ path, kind }) => kind === 'microGrid' && path.startsWith(`${DEMO_VILLAGE}/`))
  const boxes = new Map(
    boundaries.map(({ areaId, west, east, south, north }) => [areaId, { west, east, south, north }]),
  )
  const buildings: BuildingPlan[] = []
  micros.forEach((micro, nth) => {
    const box = boxes.get(micro.id)!
    const spot = (): { lng: number; lat: number } => ({
      lng: box.west + (box.east - box.west) * (0.3 + random() * 0.4),
      lat: box.south + (box.north - box.south) * (0.3 + random() * 0.4),
    })
    if (nth < ESTATE_MICRO_GRIDS) {
      for (let index = 0; index < 2; index++) {
        const number = nth * 2 + index + 1
        const where = { street: '红联路', houseNumber: '66', areaPath: micro.path, position: spot() }
        buildings.push(blockOf({ estate: HONGLIAN_ESTATE, number, floors: 5, units: 4, perFloor: 2, ...where }))
      }
      return
    }
    const hamlet = HAMLETS[nth % HAMLETS.length]!
    for (let index = 0; index < HOUSES_A_MICRO_GRID; index++) {
      const number = Math.floor(nth / HAMLETS.length) * 40 + index * 2 + 1
      buildings.push(houseOf({ hamlet, number, areaPath: micro.path, position: spot() }))
    }
  })
  const flats = buildings.filter(({ kind }) => kind === 'estateBlock').flatMap(({ doors }) => doors)
  dealUses(flats, { let: Math.round(flats.length * 0.3), vacant: 11 }, random)
  const houses = buildings.filter(({ kind }) => kind === 'villageHouse').flatMap(({ doors }) => doors)
  dealUses(houses, { let: Math.round(houses.length * 0.22), vacant: 9 }, random)
  return buildings
}

const ESTATE_MICRO_GRIDS = 3

const houseOf = (house: {
  hamlet: string
  number: number
  areaPath: string
  position: BuildingPlan['position']
}): BuildingPlan => ({
  key: `${house.hamlet}/${house.number}`,
  areaPath: house.areaPath,
  kind: 'villageHouse',
  estate: '',
  street: `红联村${house.hamlet}`,
  houseNumber: String(house.number),
  name: '',
  floors: 3,
  position: house.position,
  doors: [{ key: `${house.hamlet}/${house.number}/`, unit: '', floor: null, room: '', use: 'ownerOccupied' }],
})
