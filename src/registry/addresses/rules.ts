import { Fault } from '../../kernel/faults.ts'
import './contract.ts'

const numerals = '〇一二三四五六七八九'

/** 十二 → 12, 二十 → 20, 三〇一 → 301; house numbers in characters go no further than 99 with 十. */
function inDigits(text: string): string {
  return text
    .replaceAll('零', '〇')
    .replace(/([一二三四五六七八九])?十([一二三四五六七八九])?/gu, (_all, tens?: string, ones?: string) =>
      String((tens ? numerals.indexOf(tens) : 1) * 10 + (ones ? numerals.indexOf(ones) : 0)),
    )
    .replace(/[〇一二三四五六七八九]/gu, (numeral) => String(numerals.indexOf(numeral)))
}

/**
 * An address as it is compared: half width, small, no blanks or commas, one spelling of 幢/栋/座/号楼/#, digits for numerals
 * before a counting word.
 */
export function normaliseAddress(text: string): string {
  const known = normalised.get(text)
  if (known !== undefined) return known
  const made = normalise(text)
  if (text.length > NORMALISED_CHARACTERS) return made
  if (normalised.size >= NORMALISED_MAX) normalised.clear()
  normalised.set(text, made)
  return made
}

/** Rows of a roster say the same estate, street and block again and again. */
const normalised = new Map<string, string>()
const NORMALISED_MAX = 4_000
const NORMALISED_CHARACTERS = 100

const normalise = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s,，。、()（）]/gu, '')
    .replace(/[—–－~_]/gu, '-')
    .replace(/号楼|栋|座|#/gu, '幢')
    .replace(/[〇零一二三四五六七八九十]+(?=幢|单元|室|号|层|楼|组|弄|区|期|户)/gu, inDigits)

/** 2 单元 → 2, 甲单元 → 甲. */
export const plainUnit = (text: string): string =>
  normaliseAddress(text)
    .replace(/(?:单元|梯)$/u, '')
    .toUpperCase()
/** 502 室 → 502, 东间 → 东间. */
export const plainRoom = (text: string): string =>
  normaliseAddress(text)
    .replace(/(?:室|房|号房)$/u, '')
    .toUpperCase()

/** The floor that a room number tells: 502 → 5, 1203 → 12; null where it tells none. */
export function floorOf(room: string): number | null {
  const digits = /^(\d{1,2})\d{2}$/.exec(room)
  return digits ? Number(digits[1]) : null
}

export interface BuildingParts {
  estate: string
  street: string
  houseNumber: string
  name: string
}

/** The address of a building as people write it. @throws registry.address_needed when nothing says where it is. */
export function buildingAddress({ estate, street, houseNumber, name }: BuildingParts): string {
  if (estate + street + houseNumber === '') throw new Fault('registry.address_needed')
  const number = /\d$/.test(houseNumber) ? `${houseNumber}号` : houseNumber
  const block = /^\d+$/.test(name) ? `${name}幢` : name
  return `${street}${number}${estate}${block}`
}

/** The last part of a standard address added to the building's. */
export function premisesAddress(building: string, { unit, room }: { unit: string; room: string }): string {
  const units = unit === '' ? '' : `${unit}单元`
  const rooms = /[\dA-Z]$/.test(room) ? `${room}室` : room
  return `${building}${units}${rooms}`
}

/** A standard address is unique within a village; its code, the third of the path, comes first. */
export const addressKey = (areaPath: string, address: string): string =>
  `${areaPath.split('/')[2] ?? ''}|${normaliseAddress(address)}`

/** Natural order: digits padded to six, so that 2幢 stands before 10幢. */
export const sortKey = (text: string): string =>
  normaliseAddress(text).replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(6, '0'))

/** Natural order of premises: their building, then unit, floor and room; rooms on the ground before those without a floor. */
export function premisesSortKey(
  buildingKey: string,
  { unit, floor, room }: { unit: string; floor: number | null; room: string },
): string {
  const level = floor === null ? '999' : String(floor + 100).padStart(3, '0')
  return `${buildingKey} ${sortKey(unit)} ${level} ${sortKey(room)}`
}
