import { createStaffAccount, findOrCreateResident, namesOf, seatAdministrator, type Seat } from '../identity/index.ts'
import type { Command } from '../kernel/command.ts'
import { forgetDirectory } from './directory.ts'
import { shippedRoles, shippedUnits } from './posts/roles.ts'
import { calledAt } from './posts/rules.ts'
import { demoGround, DEMO_COUNTY, DEMO_TOWN, DEMO_VILLAGE } from './seed-ground.ts'
import { firstToTry, namesFrom, residentTries } from './seed-roles.ts'
import { seedId } from './seed.ts'
import { raise } from './kept.ts'
import { seedHoldings, seedPosts, type AreaSeed, type HoldingSeed, type PostSeed } from './store.ts'

export interface DemoPerson {
  /** Fixed, and in the order of the list, so that the first are those who walk a report to its end. */
  id: string
  loginName: string
  /** Invented. */
  name: string
  phone: string
  /** What a visitor chooses them for. */
  title: { zh: string; en: string }
  /** Shown among the one-click roles. */
  shown: boolean
  /** What to try first in this role, and on which face; the first to try have both. */
  first?: { zh: string; en: string }
  face?: 'phone' | 'desk'
  /** One of the three administrators, who hold no post. */
  seat?: Seat
}

interface Chair {
  areaPath: string
  role: string
  unit?: string
  /** Of several posts of the same kind at one place, from 1. */
  place?: number
  /** Keys of people; null leaves the slot empty. */
  a?: string
  b?: string
  name?: string
}

const roleWords = new Map(shippedRoles.map((role) => [role.code, role]))

/** The people and chairs of the demo: one village fully staffed as A and B, and the town's and county's desks. */
export function demoPeople(): { people: DemoPerson[]; chairs: Chair[] } {
  const people: DemoPerson[] = []
  const newName = namesFrom(330411105)
  const person: MakePerson = (loginName, zh, en, shown = false) => {
    const serial = String(people.length + 1).padStart(6, '0')
    const id = `01980000-0000-7000-8000-${DEMO_COUNTY}${serial}`
    const base = { id, loginName, name: newName(), phone: `19900${serial}`, title: { zh, en }, shown }
    people.push({ ...base, ...firstToTry[loginName] })
    return loginName
  }
  const chairs = [...deskChairs(person), ...villageChairs(villageOf(DEMO_VILLAGE), '', person)]
  for (const [seat, zh, en] of administrators) {
    person(seat, zh, en, true)
    people.at(-1)!.seat = seat
  }
  // After everybody else, so that ids and names of those before stay what they were.
  const heads = demoGround().areas.filter(({ kind, path }) => partyHeads.has(kind) && !path.startsWith(DEMO_TOWN))
  for (const { path, kind, code, name } of heads) {
    const a = person(
      `party.${path.split('/').slice(-2).join('.').toLowerCase()}`,
      `${name}书记`,
      `Party secretary, ${code}`,
    )
    chairs.push({
      areaPath: path,
      role: 'partyLead',
      a,
      name: kind === 'partyAlliance' ? `${name}召集人` : `${name}书记`,
    })
  }
  return { people, chairs }
}

const partyHeads: ReadonlySet<string> = new Set([
  'partyCommittee',
  'partyAlliance',
  'partyBranch',
  'homeBranch',
  'floatingBranch',
])

/** Whom a visitor may be with one click: the posts and seats worth trying, and one resident. */
export const demoRoles = (): (Pick<DemoPerson, 'id' | 'title' | 'shown' | 'first' | 'face'> & {
  idTail?: string
})[] => {
  const { people } = demoPeople()
  const order = Object.keys(firstToTry)
  const placeIn = ({ loginName }: DemoPerson): number => (order.indexOf(loginName) + order.length) % order.length
  const tried = people.filter(({ first }) => first).toSorted((one, other) => placeIn(one) - placeIn(other))
  const { id, citizenId } = demoResidents[0]!
  const idTail = citizenId.slice(-6)
  const resident = { id, idTail, title: { zh: '居民', en: 'Resident' }, shown: true, ...residentTries }
  return [resident, ...tried, ...people.filter(({ first }) => !first)]
}

const villageOf = (path: string): AreaSeed => {
  const found = demoGround().areas.find((area) => area.path === path)
  if (!found) throw new Error(`no village ${path}`)
  return found
}

/** The other villages of the town, each with the people of its posts: a batch each. */
export function townPeople(): { people: DemoPerson[]; chairs: Chair[] }[] {
  const newName = namesFrom(330411106)
  const known = new Set(demoPeople().people.map(({ name }) => name))
  let serial = 0
  const villages = demoGround().areas.filter(
    ({ path, parentPath, overlay, kind }) =>
      parentPath === DEMO_TOWN && overlay === 'base' && kind !== 'largeArea' && path !== DEMO_VILLAGE,
  )
  return villages.map((village, at) => {
    const people: DemoPerson[] = []
    const person: MakePerson = (loginName, zh, en) => {
      serial++
      let name = newName()
      while (known.has(name)) name = newName()
      const digits = String(serial).padStart(6, '0')
      const id = `01980000-0000-7000-8001-${DEMO_COUNTY}${digits}`
      people.push({ id, loginName, name, phone: `19902${digits}`, title: { zh, en }, shown: false })
      return loginName
    }
    const key = `v${String(at + 1).padStart(2, '0')}.`
    const secretary = person(`${key}secretary`, `${village.name}书记`, 'Village secretary')
    const deputy = person(`${key}secretary.b`, `${village.name}副书记`, 'Deputy village secretary')
    const chair = { areaPath: village.path, role: 'villageSecretary', a: secretary, b: deputy }
    return { people, chairs: [{ ...chair, name: `${village.name}书记` }, ...villageChairs(village, key, person)] }
  })
}

const administrators: [Seat, string, string][] = [
  ['system', '系统管理员', 'System administrator'],
  ['security', '安全管理员', 'Security administrator'],
  ['audit', '审计管理员', 'Audit administrator'],
]

interface DemoResident {
  id: string
  phone: string
  name: string
  sex: 'male' | 'female'
  /** Invented, of nobody alive; the registry's demo has the same, so that they can open their own record. */
  citizenId: string
}

/** Residents of the demo; they sign in with a code that the SMS outbox page shows, the first also with one click. */
export const demoResidents: readonly DemoResident[] = [
  {
    id: '01980000-0000-7000-8002-330411000001',
    phone: '19911000001',
    name: '方小妹',
    sex: 'female',
    citizenId: '330411198303269984',
  },
  {
    id: '01980000-0000-7000-8002-330411000002',
    phone: '19911000002',
    name: '褚阿大',
    sex: 'male',
    citizenId: '330411195501129997',
  },
]

/** Residents who only appear in the demo's matters. */
export function moreResidents(count: number): { id: string; phone: string; name: string }[] {
  const newName = namesFrom(19911)
  return Array.from({ length: count }, (_, at) => {
    const digits = String(at + 101).padStart(6, '0')
    return { id: `01980000-0000-7000-8002-330411${digits}`, phone: `19911${digits}`, name: newName() }
  })
}

type MakePerson = (loginName: string, zh: string, en: string, shown?: boolean) => string

/** Desks of town and county, in the order in which a report meets them. */
function deskChairs(person: MakePerson): Chair[] {
  const town = DEMO_TOWN
  const micro = person('lead.1', '红联村第一网格第1微网格长', 'Micro-grid head, Honglian', true)
  const chief = person('chief.1', '红联村第一网格长', 'Grid chief, Honglian', true)
  const dispatcher = person('dispatcher', '王店镇平台调度员', 'Town dispatcher', true)
  const enforcement = person('enforcement', '综合行政执法队经办人', 'Law enforcement handler', true)
  const verifier = person('verifier', '王店镇核查员', 'Verifier', true)
  const clerk = person('clerk', '王店镇窗口受理员', 'Counter clerk', true)
  const secretary = person('secretary', '红联村书记', 'Village secretary', true)
  const leader = person('leader', '王店镇领导', 'Town leader', true)
  const discipline = person('discipline', '王店镇纪检监察干部', 'Discipline officer', true)
  const countyLeader = person('county.leader', '秀洲区领导', 'County leader', true)
  const office = person('grid.office', '秀洲区网格管理员', 'Grid office', true)
  const countyDispatcher = person('county.dispatcher', '秀洲区平台调度员', 'County dispatcher', true)
  const dispatcherB = person('dispatcher.b', '王店镇平台调度员（B岗）', 'Town dispatcher (B)')
  const verifierB = person('verifier.b', '王店镇核查员（B岗）', 'Verifier (B)')
  const villageB = person('secretary.b', '红联村副书记', 'Deputy village secretary')
  const units = shippedUnits.flatMap((unit, at): Chair[] => {
    const a = at === 0 ? enforcement : person(`${unit.code.toLowerCase()}.a`, `${unit.zh}经办人`, `${unit.en} handler`)
    const b = person(`${unit.code.toLowerCase()}.b`, `${unit.zh}经办人（B岗）`, `${unit.en} handler (B)`)
    return [{ areaPath: town, role: 'departmentHandler', unit: unit.code, a, b, name: `王店镇${unit.zh}` }]
  })
  return [
    { areaPath: `${DEMO_VILLAGE}/G001/M001`, role: 'microGridLead', a: micro },
    { areaPath: `${DEMO_VILLAGE}/G001`, role: 'gridChief', a: chief },
    { areaPath: town, role: 'townDispatcher', a: dispatcher, b: dispatcherB },
    { areaPath: town, role: 'verifier', a: verifier, b: verifierB },
    { areaPath: town, role: 'clerk', a: clerk, b: dispatcherB },
    { areaPath: DEMO_VILLAGE, role: 'villageSecretary', a: secretary, b: villageB, name: '红联村书记' },
    { areaPath: town, role: 'townLeader', a: leader },
    { areaPath: town, role: 'disciplineOfficer', a: discipline },
    { areaPath: DEMO_COUNTY, role: 'countyLeader', a: countyLeader, name: '秀洲区领导' },
    { areaPath: DEMO_COUNTY, role: 'gridOffice', a: office },
    { areaPath: DEMO_COUNTY, role: 'countyDispatcher', a: countyDispatcher, name: '秀洲区平台调度员' },
    ...units,
    ...largeAreas.flatMap((name, at): Chair[] => {
      const areaPath = `${town}/L${at + 1}`
      const lead = person(`area.${at + 1}`, `${name}片长`, `Head of large area ${at + 1}`)
      const cadres = [1, 2].map((place): Chair => {
        const a = person(
          `area.${at + 1}.oversight.${place}`,
          `${name}监督干部`,
          `Oversight cadre, large area ${at + 1}`,
        )
        return { areaPath, role: 'disciplineOfficer', place, a, name: `${name}监督干部${place}` }
      })
      return [{ areaPath, role: 'areaLead', a: lead }, ...cadres]
    }),
  ]
}

const largeAreas = ['东片', '中心片', '西片'] as const

/** A village with everybody in office: neighbours are each other's B. */
function villageChairs(village: AreaSeed, key: string, person: MakePerson): Chair[] {
  const areas = demoGround().areas.filter(({ path }) => path.startsWith(`${village.path}/`))
  const ofKind = (kind: AreaSeed['kind']): AreaSeed[] => areas.filter((area) => area.kind === kind)
  const make = (login: string, zh: string, en: string, shown = false): string =>
    key === '' && isAtDesk.has(login) ? login : person(`${key}${login}`, zh, en, shown)
  const grids = ofKind('grid')
  const chiefs = grids.map(({ name }, at) => make(`chief.${at + 1}`, `${village.name}${name}长`, 'Grid chief'))
  const workers = grids.map(({ name }, at) =>
    make(`worker.${at + 1}`, `${village.name}${name}员`, 'Grid worker', key === '' && at === 0),
  )
  const leads = ofKind('microGrid').map((_, at) => make(`lead.${at + 1}`, `${village.name}微网格长`, 'Micro-grid head'))
  const police = [1, 2].map((index) => make(`police.${index}`, '社区民警', 'Community police officer'))
  const seat = (kind: AreaSeed['kind'], role: string, holders: readonly string[]): Chair[] =>
    ofKind(kind).map(({ path }, at): Chair => {
      const [a, b] = [holders[at % holders.length]!, holders[(at + 1) % holders.length]!]
      return { areaPath: path, role, a, ...(a !== b && { b }) }
    })
  return [
    ...seat('grid', 'gridChief', chiefs),
    ...seat('grid', 'gridWorker', workers),
    ...seat('microGrid', 'microGridLead', leads),
    ...seat('policeGrid', 'policeOfficer', police),
    ...seat('partyGrid', 'partyLead', chiefs),
    ...ofKind('businessGrid').map(({ path }, at): Chair => ({
      areaPath: path,
      role: 'businessLead',
      a: at === 0 ? `${key}secretary.b` : workers[0]!,
    })),
  ]
}

/** Made with the desks already, as the first whom a report meets. */
const isAtDesk = new Set(['lead.1', 'chief.1'])

const roleOfKind: Partial<Record<AreaSeed['kind'], string[]>> = {
  village: ['villageSecretary'],
  community: ['villageSecretary'],
  grid: ['gridChief', 'gridWorker'],
  microGrid: ['microGridLead'],
  partyGrid: ['partyLead'],
  policeGrid: ['policeOfficer'],
  businessGrid: ['businessLead'],
}

/** Chairs everywhere in the town, most of them still empty, and those of the desks. */
function demoChairs(): Chair[] {
  const everywhere = demoGround()
    .areas.filter(({ path }) => path.startsWith(`${DEMO_TOWN}/`))
    .flatMap(({ path, kind }) => (roleOfKind[kind] ?? []).map((role): Chair => ({ areaPath: path, role })))
  const merged = new Map<string, Chair>()
  for (const chair of [...everywhere, ...demoPeople().chairs]) {
    const key = `${chair.areaPath}|${chair.role}|${chair.unit ?? ''}|${chair.place ?? 1}`
    merged.set(key, { ...merged.get(key), ...chair })
  }
  return [...merged.values()]
}

/** Lays the demo's posts, makes its people and seats them; a second run changes nothing. */
export async function seedDemoPeople(cmd: Command): Promise<{ people: number; posts: number }> {
  for (const resident of demoResidents) await findOrCreateResident(cmd, resident)
  return seatPeople(cmd, demoPeople().people, demoChairs())
}

/** Makes people and seats them in posts, which are laid where they are missing; those there are left as they are. */
export async function seatPeople(
  cmd: Command,
  people: readonly DemoPerson[],
  chairs: readonly Chair[],
  areas: readonly AreaSeed[] = demoGround().areas,
): Promise<{ people: number; posts: number }> {
  const ground = new Map(areas.map((area) => [area.path, area]))
  const known = await namesOf(
    cmd,
    people.map(({ id }) => id),
  )
  const fresh = people.filter(({ id }) => !known.has(id))
  for (const { id, loginName, name, phone } of fresh)
    await createStaffAccount(cmd, { id, loginName, name, phone, active: true })
  for (const { id, seat } of fresh) if (seat) await seatAdministrator(cmd, { accountId: id, seat })
  const idOf = new Map(people.map(({ loginName, id }) => [loginName, id]))
  const posts = chairs.map((chair) => postOf(cmd.county, chair, ground))
  const holdings = chairs.flatMap((chair) =>
    (['a', 'b'] as const).flatMap((slot): HoldingSeed[] => {
      const accountId = idOf.get(chair[slot] ?? '')
      if (!accountId) return []
      const postId = postOf(cmd.county, chair, ground).id
      return [
        { id: seedId(cmd.county, `holding:${postId}:${slot}`), postId, accountId, slot: slot === 'a' ? 'A' : 'B' },
      ]
    }),
  )
  const laid = await seedPosts(cmd.tx, cmd.county, posts, cmd.now)
  const seated = await seedHoldings(cmd.tx, cmd.county, holdings, cmd.now)
  if (laid + seated > 0) {
    await raise(cmd, 'duty')
    cmd.afterCommit(() => forgetDirectory(cmd.ports, cmd.county))
  }
  return { people: fresh.length, posts: laid }
}

function postOf(county: string, chair: Chair, ground: ReadonlyMap<string, AreaSeed>): PostSeed {
  const area = ground.get(chair.areaPath)
  if (!area) throw new Error(`no area ${chair.areaPath} for a post`)
  const place = chair.place ?? 1
  const key = `post:${chair.areaPath}:${chair.role}:${chair.unit ?? ''}${place > 1 ? `:${place}` : ''}`
  return {
    id: seedId(county, key),
    areaId: area.id,
    role: chair.role,
    unit: chair.unit ?? null,
    name: chair.name ?? calledAt(placeOf(area, ground), roleWords.get(chair.role)?.zh ?? ''),
    place,
  }
}

/** From the village down; above it the area's own name. */
function placeOf(area: AreaSeed, ground: ReadonlyMap<string, AreaSeed>): string {
  if (area.depth <= 3) return area.name
  const parent = ground.get(area.parentPath)
  return parent ? placeOf(parent, ground) + area.name : area.name
}
