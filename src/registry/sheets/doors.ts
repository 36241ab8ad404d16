import { plainCell } from './values.ts'

/** An address taken apart: the building, and the door in it. */
export interface Door {
  readonly estate: string
  readonly street: string
  readonly houseNumber: string
  /** The block with its word: 3幢. */
  readonly building: string
  readonly unit: string
  readonly room: string
}

const words = (text: string): string => plainCell(text).replace(/[\s,，。]/gu, '')
const number = '(?:[A-Za-z]?\\d+[A-Za-z]?|[A-Za-z]|[一二三四五六七八九十]+)'

/** 3 → 3幢, 3栋 and 3号楼 → 3幢, A座 stays. */
export function blockOf(text: string): string {
  const plain = words(text).replace(/(?:号楼|栋|#|楼|号)$/u, '幢')
  return plain === '' || /(?:幢|座)$/u.test(plain)
    ? plain
    : new RegExp(`${number}$`, 'u').test(plain)
      ? `${plain}幢`
      : plain
}

/** 2 → 2单元. */
export function unitOf(text: string): string {
  const plain = words(text).replace(/(?:单元|梯|门)$/u, '')
  return plain === '' || plain === '0' ? '' : `${plain}单元`
}

/** 501室 → 501. */
export const roomOf = (text: string): string => words(text).replace(/(?:室|号房|房间|房|户)$/u, '')

export const houseNumberOf = (text: string): string => {
  const plain = words(text)
  return /\d$/u.test(plain) ? `${plain}号` : plain
}

/** 3-2-501, 3#2-501, 3幢2单元501: what a clerk writes into one cell. */
const dashed = /^(.*?[^\d-])?(\d+[A-Za-z]?)\s*[-#幢栋座]\s*(?:(\d+)\s*[-单元梯]+\s*)?(\d{3,4}[A-Za-z]?)(?:室)?$/u
const tail = new RegExp(
  `(?:(${number})(?:幢|栋|号楼|座))?(?:(${number})(?:单元|梯))?(?:(?:[一二三四五六七八九十\\d]+)层)?(?:(\\d{2,4}[A-Za-z]?)(?:室|房|号房)?)?$`,
  'u',
)
const road = /^(.*?(?:路|街|大道|巷|弄|道)(?=\d|$))(\d+(?:[-之]\d+)?(?:弄\d+)?号?)?(.*)$/u

/** Takes apart what stands in one cell; what it does not say stays empty. */
export function doorIn(address: string): Door {
  const plain = words(address).replace(/^(?:浙江省)?(?:嘉兴市)?(?:秀洲区|南湖区)?/u, '')
  const [, before = '', block, unit, room] = dashed.exec(plain) ?? []
  if (block && room) return { ...headOf(before), building: blockOf(block), unit: unitOf(unit ?? ''), room }
  const found = tail.exec(plain)
  const [, itsBlock, itsUnit, itsRoom] = found ?? []
  if (found && (itsBlock !== undefined || itsUnit !== undefined)) {
    const head = headOf(plain.slice(0, found.index))
    return { ...head, building: blockOf(itsBlock ?? ''), unit: unitOf(itsUnit ?? ''), room: itsRoom ?? '' }
  }
  return { ...headOf(plain), building: '', unit: '', room: '' }
}

/** What stands before block and room: an estate or a village, a street, a house number. */
function headOf(text: string): Pick<Door, 'estate' | 'street' | 'houseNumber'> {
  const [, street, house = '', rest = ''] = road.exec(text) ?? []
  if (street !== undefined) return { estate: rest, street, houseNumber: house === '' ? '' : houseNumberOf(house) }
  const [, name = text, itsNumber] = /^(.*?)(\d+(?:-\d+)?号)$/u.exec(text) ?? []
  return { estate: name, street: '', houseNumber: itsNumber ?? '' }
}

/** Columns of a row, and one address that may say the rest. */
export interface DoorCells {
  readonly estate: string
  readonly street: string
  readonly houseNumber: string
  readonly building: string
  readonly unit: string
  readonly room: string
  readonly address: string
}

/** The door that the cells of a row say together: a column of its own counts before the whole address. */
export function doorOf(cells: DoorCells): Door {
  const said = cells.address === '' ? undefined : doorIn(cells.address)
  // A room column may hold all of it: 3-2-501.
  const inRoom = /\d[-#幢栋]/u.test(words(cells.room)) ? doorIn(cells.room) : undefined
  const pick = (own: string, inside: string | undefined, whole: string | undefined): string =>
    own || inside || whole || ''
  return {
    estate: pick(words(cells.estate), inRoom?.estate, said?.estate),
    street: pick(words(cells.street), inRoom?.street, said?.street),
    houseNumber: pick(
      cells.houseNumber === '' ? '' : houseNumberOf(cells.houseNumber),
      inRoom?.houseNumber,
      said?.houseNumber,
    ),
    building: pick(blockOf(cells.building), inRoom?.building, said?.building),
    unit: pick(unitOf(cells.unit), inRoom?.unit, said?.unit),
    room: inRoom?.room || roomOf(inRoom ? '' : cells.room) || said?.room || '',
  }
}

/** 501 → 5, 1203 → 12; null where the room does not say its floor. */
export function floorOf(room: string): number | null {
  const [, floor] = /^(\d{1,2})\d{2}[A-Za-z]?$/.exec(room) ?? []
  return floor === undefined ? null : Number(floor)
}
