import { isWithin } from '../../kernel/grants.ts'
import type { AreaWords } from './rows.ts'
import { plainCell } from './values.ts'

export interface KnownArea {
  readonly path: string
  readonly name: string
  readonly kind: string
}

const villageKinds = new Set(['village', 'community'])
const gridKinds = new Set(['grid', 'dedicatedGrid'])
const tooWide = new Set(['county', 'town', 'largeArea'])

/** 第一网格, 1网格 and 网格1 are the same; so are 01 and 1. */
const keyOf = (name: string): string => {
  const plain = plainCell(name).replace(/\s/g, '')
  const digits = plain.replace(/[一二三四五六七八九十]+/gu, (word) => {
    const [tens, ones] = word.includes('十') ? word.split('十') : ['', word]
    const ten = word.includes('十') ? (tens ? '一二三四五六七八九'.indexOf(tens) + 1 : 1) * 10 : 0
    return String(ten + (ones ? '一二三四五六七八九'.indexOf(ones) + 1 : 0))
  })
  return (
    digits
      .replace(/^第/u, '')
      .replace(/(?:微网格|微格|网格|号|组)+$/u, '')
      .replace(/^0+(?=\d)/u, '') || plain
  )
}
const villageKey = (name: string): string =>
  plainCell(name).replace(/(?:村民委员会|居民委员会|村委会|居委会|社区|村)$/u, '')

export type AreaFound =
  | { readonly path: string }
  | { readonly field: 'village' | 'grid' | 'microGrid'; readonly zh: string; readonly en: string }

/**
 * Finds the area that a row names, by code or by name, inside the place for which a sheet is taken in.
 *
 * 50,000 micro-grids are looked through once and kept by name.
 */
export class AreaFinder {
  readonly #root: string
  readonly #byCode = new Map<string, KnownArea[]>()
  readonly #byName = new Map<string, KnownArea[]>()
  readonly #kinds = new Map<string, string>()
  readonly #answers = new Map<string, AreaFound | null>()

  constructor(areas: readonly KnownArea[], root: string) {
    this.#root = root
    const add = (map: Map<string, KnownArea[]>, key: string, area: KnownArea): void => {
      const held = map.get(key)
      if (held) held.push(area)
      else map.set(key, [area])
    }
    const names = new Map(areas.map(({ path, name }) => [path, name]))
    for (const area of areas) {
      this.#kinds.set(area.path, area.kind)
      if (!isWithin(area.path, root) || tooWide.has(area.kind)) continue
      const cut = area.path.lastIndexOf('/')
      add(this.#byCode, area.path.slice(cut + 1).toUpperCase(), area)
      const above = names.get(area.path.slice(0, cut)) ?? ''
      const own =
        area.name.startsWith(above) && area.name.length > above.length ? area.name.slice(above.length) : area.name
      for (const key of new Set([
        keyOf(own),
        keyOf(area.name),
        ...(villageKinds.has(area.kind) ? [villageKey(area.name)] : []),
      ]))
        add(this.#byName, key, area)
    }
  }

  /** Whether homes can be registered there: a village or something finer. */
  isHome(path: string): boolean {
    const kind = this.#kinds.get(path)
    return kind !== undefined && !tooWide.has(kind)
  }

  /** Null where the row names none. */
  find(words: AreaWords): AreaFound | null {
    const key = `${words.village}\n${words.grid}\n${words.microGrid}`
    let answer = this.#answers.get(key)
    if (answer === undefined) {
      answer = this.#search(words)
      this.#answers.set(key, answer)
    }
    return answer
  }

  #search({ village, grid, microGrid }: AreaWords): AreaFound | null {
    let under = this.#root
    let found: AreaFound | null = null
    const steps: ['village' | 'grid' | 'microGrid', string][] = [
      ['village', village],
      ['grid', grid],
      ['microGrid', microGrid],
    ]
    for (const [field, text] of steps) {
      if (text === '') continue
      const next = this.#one(field, text, under)
      if (!('path' in next)) return next
      found = next
      under = next.path
    }
    return found
  }

  #one(field: 'village' | 'grid' | 'microGrid', text: string, under: string): AreaFound {
    const isKind = (kind: string): boolean =>
      field === 'village' ? villageKinds.has(kind) : field === 'grid' ? gridKinds.has(kind) : !villageKinds.has(kind)
    const fits = ({ path, kind }: KnownArea): boolean => isWithin(path, under) && isKind(kind)
    const plain = plainCell(text)
    const lastWord = plain.split(/[/\\>-]/).at(-1) ?? plain
    const byCode = (this.#byCode.get(lastWord.toUpperCase()) ?? []).filter(fits)
    if (byCode.length === 1) return { path: byCode[0]!.path }
    const key = field === 'village' ? villageKey(plain) : keyOf(plain)
    const named = (this.#byName.get(key) ?? []).filter(fits)
    const finest = field === 'microGrid' ? named.filter(({ kind }) => kind === 'microGrid') : named
    const chosen = finest.length > 0 ? finest : named
    if (chosen.length === 1) return { path: chosen[0]!.path }
    if (chosen.length > 1)
      return {
        field,
        zh: `有 ${chosen.length} 处都叫“${plain}”，请加一列写明所属的村或网格，或改写编码。`,
        en: `${chosen.length} areas are called like this; please add a column with the village or grid, or write the code.`,
      }
    return {
      field,
      zh: `在导入范围内没有叫“${plain}”的${field === 'village' ? '村（社区）' : field === 'grid' ? '网格' : '微网格'}。`,
      en: 'There is no such area within the range of this import.',
    }
  }
}
