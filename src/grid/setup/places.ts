import { uuidv7 } from '../../kernel/ids.ts'
import type { AreaKind } from '../areas/index.ts'
import { gramsOf, joinPath, numberOf } from '../areas/rules.ts'
import { plainName } from '../seed.ts'
import type { KnownCounty } from './known.ts'

export type PlaceColumn = 'town' | 'village' | 'grid' | 'microGrid'

export interface Place {
  id: string
  path: string
  parentPath: string
  code: string
  number: string
  name: string
  kind: AreaKind
  isNew: boolean
}

/** Why a name in a sheet leads nowhere. */
export interface PlaceTrouble {
  zh: string
  en: string
}

const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '')
const shortened = (name: string): string => name.replace(/(镇|乡|街道|村|社区|居委会)$/, '')

/** 一 二 … 十二 as digits, so that 第一网格 and 第1网格 are the same. */
function withDigits(name: string): string {
  return name.replace(/[一二三四五六七八九十]+/g, (word) => {
    const digits = '一二三四五六七八九'
    const [tens, ones] = word.includes('十') ? word.split('十') : ['', word]
    const ten = word.includes('十') ? (tens ? digits.indexOf(tens) + 1 : 1) * 10 : 0
    return String(ten + (ones ? digits.indexOf(ones) + 1 : 0))
  })
}

/** How two names of the same grid are compared: without the village's name before them, without 第, with digits. */
const gridKey = (name: string, parents: readonly string[]): string => {
  let rest = plain(name)
  for (const parent of parents)
    if (rest.startsWith(parent) && rest.length > parent.length) rest = rest.slice(parent.length)
  const key = withDigits(rest)
    .replace(/^第/, '')
    .replace(/(微网格|微格|网格|号|组)+$/, '')
  return key.replace(/^0+(?=\d)/, '') || rest
}

const kindsOf: Record<PlaceColumn, ReadonlySet<string>> = {
  town: new Set(['town']),
  village: new Set(['village', 'community']),
  grid: new Set(['grid', 'dedicatedGrid']),
  microGrid: new Set(['microGrid', 'dedicatedGrid']),
}

/** The county's places with those that a sheet adds; finds by the names that clerks write. */
export class Places {
  readonly added: Place[] = []
  readonly #now: Date
  readonly #county: string
  readonly #byPath = new Map<string, Place>()
  readonly #below = new Map<string, Place[]>()

  constructor(known: KnownCounty, now: Date) {
    this.#now = now
    this.#county = known.county
    for (const area of known.areas.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
      const cut = area.path.lastIndexOf('/')
      const parentPath = cut === -1 ? '' : area.path.slice(0, cut)
      const code = area.path.slice(cut + 1)
      const number = numberOf(code, this.#byPath.get(parentPath)?.number ?? '')
      this.#put({ ...area, kind: area.kind as AreaKind, parentPath, code, number, isNew: false })
    }
  }

  get root(): Place {
    return this.#byPath.get(this.#county)!
  }

  at(path: string): Place | undefined {
    return this.#byPath.get(path)
  }

  #put(place: Place): Place {
    this.#byPath.set(place.path, place)
    const siblings = this.#below.get(place.parentPath) ?? []
    siblings.push(place)
    this.#below.set(place.parentPath, siblings)
    return place
  }

  #children(parent: Place, column: PlaceColumn): Place[] {
    return (this.#below.get(parent.path) ?? []).filter(({ kind }) => kindsOf[column].has(kind))
  }

  /** A town or village by name, with or without 镇, 村, 村委会; made where the sheet also gives its code. */
  division(parent: Place, column: 'town' | 'village', given: { name: string; code: string }): Place | PlaceTrouble {
    const wanted = plain(plainName(plain(given.name)))
    const places = this.#children(parent, column)
    const exact = places.filter(({ code, name }) => name === wanted || (given.code !== '' && code === given.code))
    const found = exact.length > 0 ? exact : places.filter(({ name }) => shortened(name) === shortened(wanted))
    if (found.length === 1) return found[0]!
    if (found.length > 1) return twoCalled(found)
    if (given.code !== '') return this.#newDivision(parent, column, { name: wanted, code: given.code })
    return notThere(column, { name: given.name, parent: parent.name, near: nearest(wanted, places) })
  }

  #newDivision(parent: Place, column: 'town' | 'village', given: { name: string; code: string }): Place | PlaceTrouble {
    const digits = column === 'town' ? 9 : 12
    if (!new RegExp(`^\\d{${digits}}$`).test(given.code) || !given.code.startsWith(parent.code))
      return {
        zh: `代码要 ${digits} 位数字，并以 ${parent.code} 开头。`,
        en: `The code needs ${digits} digits and begins with ${parent.code}.`,
      }
    const kind: AreaKind = column === 'town' ? 'town' : given.name.endsWith('社区') ? 'community' : 'village'
    return this.#add(parent, { ...given, kind })
  }

  /** A grid or micro-grid by name; one that is not there is made, with the next free number where no code is given. */
  grid(parent: Place, column: 'grid' | 'microGrid', given: { name: string; code: string }): Place | PlaceTrouble {
    const parents = this.#namesAbove(parent)
    const wanted = gridKey(given.name, parents)
    const places = this.#children(parent, column)
    const found = places.find(
      ({ code, name }) => (given.code !== '' && code === given.code) || gridKey(name, parents) === wanted,
    )
    if (found) return found
    if (given.code !== '' && !/^[A-Za-z0-9_-]{1,24}$/.test(given.code))
      return {
        zh: '编码只能用字母、数字、横线，最多 24 位。',
        en: 'A code has letters, digits and dashes, at most 24.',
      }
    const isPlainNumber = /^\d{1,3}$/.test(plain(given.name))
    const unit = column === 'grid' ? '网格' : '微网格'
    const name = isPlainNumber ? `第${Number(plain(given.name))}${unit}` : given.name.trim()
    const kind: AreaKind = /专属/.test(name) && column === 'grid' ? 'dedicatedGrid' : column
    return this.#add(parent, { name, code: given.code || this.#nextCode(parent, column), kind })
  }

  #namesAbove(parent: Place): string[] {
    const names: string[] = []
    for (let at: Place | undefined = parent; at && at.kind !== 'county'; at = this.#byPath.get(at.parentPath))
      names.unshift(plain(at.name))
    return names
  }

  #nextCode(parent: Place, column: 'grid' | 'microGrid'): string {
    const letter = column === 'grid' ? 'G' : 'M'
    const taken = (this.#below.get(parent.path) ?? []).map(({ code }) => Number(/^[A-Z](\d+)$/.exec(code)?.[1] ?? 0))
    return `${letter}${String(Math.max(0, ...taken) + 1).padStart(3, '0')}`
  }

  #add(parent: Place, given: { name: string; code: string; kind: AreaKind }): Place | PlaceTrouble {
    if (given.name.length > 60) return { zh: '名称最多 60 个字。', en: 'A name has at most 60 characters.' }
    const path = joinPath(parent.path, given.code)
    if (this.#byPath.has(path))
      return { zh: `编码 ${given.code} 已被同级的另一个区域用了。`, en: `The code ${given.code} is taken beside it.` }
    const number = numberOf(given.code, parent.number)
    const place: Place = { ...given, id: uuidv7(this.#now), path, parentPath: parent.path, number, isNew: true }
    this.added.push(place)
    return this.#put(place)
  }

  /** From the village down, as people say it: 红联村第一网格; above that its own name. */
  calledInFull(place: Place): string {
    const names: string[] = []
    for (let at: Place | undefined = place; at; at = this.#byPath.get(at.parentPath)) {
      names.unshift(at.name)
      if (['village', 'community', 'town', 'county'].includes(at.kind)) break
    }
    return names.reduce((whole, name) => (name.startsWith(whole) ? name : whole + name))
  }
}

const twoCalled = (found: readonly Place[]): PlaceTrouble => ({
  zh: `有几个都叫这个名字（${found.map(({ name }) => name).join('、')}），请写全称。`,
  en: 'Several are called like this; please write the full name.',
})

function notThere(
  column: 'town' | 'village',
  words: { name: string; parent: string; near: string | undefined },
): PlaceTrouble {
  const [zhKind, enKind, zhCode, digits] =
    column === 'town' ? ['乡镇（街道）', 'town', '乡镇代码', 9] : ['村（社区）', 'village', '村代码', 12]
  const like = words.near ? `是不是“${words.near}”？` : ''
  return {
    zh: `${words.parent}没有叫“${words.name}”的${zhKind}。${like}确是新设的，请加一列“${zhCode}”填 ${digits} 位代码。`,
    en: `There is no such ${enKind}.${words.near ? ' A similar name exists.' : ''} For a new one add a column with its code of ${digits} digits.`,
  }
}

/** The name that shares most pieces with what was written, if any. */
function nearest(name: string, places: readonly Place[]): string | undefined {
  const wanted = new Set([...name, ...gramsOf(name)])
  let best: { name: string; shared: number } | undefined
  for (const place of places) {
    const shared = [...place.name, ...gramsOf(place.name)].filter((piece) => wanted.has(piece)).length
    if (shared > (best?.shared ?? 1)) best = { name: place.name, shared }
  }
  return best?.name
}
