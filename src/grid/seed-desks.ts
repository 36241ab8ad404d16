import type { DemoPerson } from './seed-people.ts'
import { shippedUnits } from './posts/roles.ts'
import { namesFrom } from './seed-roles.ts'
import { divisionAreas, shippedDivisions } from './seed.ts'
import type { AreaSeed } from './store.ts'

/** People and posts of a county where only towns and villages are drawn: desks in the towns, a secretary in each village. */
export interface Desks {
  areas: AreaSeed[]
  people: DemoPerson[]
  chairs: { areaPath: string; role: string; unit?: string; a: string; name: string }[]
}

/** The 16 departments of Nanhu that check together. Names of kinds of offices; the people are invented. */
export const nanhuDepartments: readonly { code: string; zh: string }[] = [
  { code: 'enforcement', zh: '综合行政执法局' },
  { code: 'police', zh: '公安分局' },
  { code: 'market', zh: '市场监督管理局' },
  { code: 'environment', zh: '生态环境分局' },
  { code: 'safety', zh: '应急管理局' },
  { code: 'fire', zh: '消防救援大队' },
  { code: 'culture', zh: '文化和广电旅游体育局' },
  { code: 'agriculture', zh: '农业农村局' },
  { code: 'health', zh: '卫生健康局' },
  { code: 'construction', zh: '住房和城乡建设局' },
  { code: 'transport', zh: '交通运输局' },
  { code: 'water', zh: '水利局' },
  { code: 'planning', zh: '自然资源和规划分局' },
  { code: 'education', zh: '教育局' },
  { code: 'labour', zh: '人力资源和社会保障局' },
  { code: 'civil', zh: '民政局' },
]

interface Wish {
  county: string
  /** Towns with desks; the others stay empty. */
  wants(town: AreaSeed): boolean
  departments?: readonly { code: string; zh: string }[]
}

/** Always the same people for the same county. */
export function desksOf({ county, wants, departments = [] }: Wish): Desks {
  const name = shippedDivisions().find(({ code }) => code === county)?.name ?? county
  const areas = divisionAreas(county, name)
  const newName = namesFrom(Number(county))
  const people: DemoPerson[] = []
  const person = (loginName: string, zh: string, en: string): string => {
    const digits = String(people.length + 1).padStart(6, '0')
    const base = { id: `01980000-0000-7000-8003-${county}${digits}`, loginName, name: newName(), shown: false }
    people.push({ ...base, phone: `199${county.slice(4)}${digits}`, title: { zh, en } })
    return loginName
  }
  const chairs: Desks['chairs'] = []
  const seat = (
    area: AreaSeed,
    role: string,
    words: { zh: string; en: string; login: string; unit?: string },
  ): void => {
    const a = person(words.login, words.zh, words.en)
    chairs.push({ areaPath: area.path, role, a, name: words.zh, ...(words.unit && { unit: words.unit }) })
  }
  for (const { code, zh } of departments)
    seat(areas[0]!, 'departmentHandler', { zh: `${name}${zh}`, en: 'Department', login: `county.${code}`, unit: code })
  for (const town of areas.filter((area) => area.kind === 'town' && wants(area))) {
    const key = `t${town.code.slice(6)}`
    const called = (what: string): string => `${town.name}${what}`
    seat(town, 'townDispatcher', { zh: called('平台调度员'), en: 'Town dispatcher', login: `${key}.dispatcher` })
    seat(town, 'townLeader', { zh: called('领导'), en: 'Town leader', login: `${key}.leader` })
    seat(town, 'verifier', { zh: called('核查员'), en: 'Verifier', login: `${key}.verifier` })
    seat(town, 'clerk', { zh: called('窗口受理员'), en: 'Counter clerk', login: `${key}.clerk` })
    for (const { code, zh, en } of shippedUnits)
      seat(town, 'departmentHandler', { zh: called(zh), en, login: `${key}.${code.toLowerCase()}`, unit: code })
    for (const village of areas.filter(({ parentPath }) => parentPath === town.path)) {
      const login = `${key}.v${village.code.slice(9)}`
      seat(village, 'villageSecretary', { zh: `${village.name}书记`, en: 'Village secretary', login })
    }
  }
  return { areas, people, chairs }
}
