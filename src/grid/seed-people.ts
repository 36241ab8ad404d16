import { createStaffAccount, findOrCreateResident, namesOf, seatAdministrator, type Seat } from '../identity/index.ts'
import type { Command } from '../kernel/command.ts'
import { forgetDirectory } from './directory.ts'
import { shippedRoles, shippedUnits } from './posts/roles.ts'
import { calledAt } from './posts/rules.ts'
import { demoGround, DEMO_COUNTY, DEMO_TOWN, DEMO_VILLAGE } from './seed-ground.ts'
import { randomFrom } from './seed-shapes.ts'
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
  /** One of the three administrators, who hold no post. */
  seat?: Seat
}

interface Chair {
  areaPath: string
  role: string
  unit?: string
  /** Keys of people; null leaves the slot empty. */
  a?: string
  b?: string
  name?: string
}

const surnames = '沈陆顾张王徐朱周吴陈姚金许钱曹俞潘胡杨高'
const givenNames =
  '建华 秋芳 国强 美琴 明月 晓峰 慧敏 志远 桂英 海燕 卫东 雪萍 文杰 丽娟 永平 佳怡 根生 春梅 立新 思远 阿林 玉兰 家豪 静怡 培根 红霞 振宇 彩云 云飞 巧珍'.split(
    ' ',
  )

const roleWords = new Map(shippedRoles.map((role) => [role.code, role]))

/** The people and chairs of the demo: one village fully staffed as A and B, and the town's and county's desks. */
export function demoPeople(): { people: DemoPerson[]; chairs: Chair[] } {
  const people: DemoPerson[] = []
  const random = randomFrom(330411105)
  const taken = new Set<string>()
  const newName = (): string => {
    for (;;) {
      const name =
        surnames[Math.floor(random() * surnames.length)]! + givenNames[Math.floor(random() * givenNames.length)]!
      if (taken.has(name)) continue
      taken.add(name)
      return name
    }
  }
  const person = (loginName: string, zh: string, en: string, shown = false): string => {
    const serial = String(people.length + 1).padStart(6, '0')
    const id = `01980000-0000-7000-8000-${DEMO_COUNTY}${serial}`
    people.push({ id, loginName, name: newName(), phone: `19900${serial}`, title: { zh, en }, shown })
    return loginName
  }
  const chairs = [...deskChairs(person), ...villageChairs(person)]
  for (const [seat, zh, en] of administrators) {
    person(seat, zh, en, true)
    people.at(-1)!.seat = seat
  }
  return { people, chairs }
}

const administrators: [Seat, string, string][] = [
  ['system', '系统管理员', 'System administrator'],
  ['security', '安全管理员', 'Security administrator'],
  ['audit', '审计管理员', 'Audit administrator'],
]

/** Residents of the demo; they sign in with a code that the SMS outbox page shows. */
export const demoResidents: readonly { phone: string; name: string }[] = [
  { phone: '19911000001', name: '方小妹' },
  { phone: '19911000002', name: '褚阿大' },
]

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
    ...[1, 2, 3].map((index): Chair => {
      const lead = person(`area.${index}`, `第${index}片片长`, `Head of large area ${index}`)
      return { areaPath: `${town}/L${index}`, role: 'areaLead', a: lead }
    }),
  ]
}

/** One village with everybody in office: neighbours are each other's B. */
function villageChairs(person: MakePerson): Chair[] {
  const areas = demoGround().areas.filter(({ path }) => path.startsWith(`${DEMO_VILLAGE}/`))
  const ofKind = (kind: AreaSeed['kind']): AreaSeed[] => areas.filter((area) => area.kind === kind)
  const grids = ofKind('grid')
  const micros = ofKind('microGrid')
  const chiefs = grids.map(({ name }, at) =>
    at === 0 ? 'chief.1' : person(`chief.${at + 1}`, `红联村${name}长`, 'Grid chief'),
  )
  const workers = grids.map(({ name }, at) => person(`worker.${at + 1}`, `红联村${name}员`, 'Grid worker', at === 0))
  const leads = micros.map((_, at) =>
    at === 0 ? 'lead.1' : person(`lead.${at + 1}`, '红联村微网格长', 'Micro-grid head'),
  )
  const police = [1, 2].map((index) => person(`police.${index}`, '社区民警', 'Community police officer'))
  const next = (list: string[], at: number): string => list[(at + 1) % list.length]!
  return [
    ...grids.map(({ path }, at): Chair => ({ areaPath: path, role: 'gridChief', a: chiefs[at]!, b: next(chiefs, at) })),
    ...grids.map(({ path }, at): Chair => ({
      areaPath: path,
      role: 'gridWorker',
      a: workers[at]!,
      b: next(workers, at),
    })),
    ...micros.map(({ path }, at): Chair => ({
      areaPath: path,
      role: 'microGridLead',
      a: leads[at]!,
      b: next(leads, at),
    })),
    ...ofKind('policeGrid').map(({ path }, at): Chair => ({
      areaPath: path,
      role: 'policeOfficer',
      a: police[at]!,
      b: next(police, at),
    })),
    ...ofKind('partyGrid').map(({ path }, at): Chair => ({
      areaPath: path,
      role: 'partyLead',
      a: chiefs[at]!,
      b: next(chiefs, at),
    })),
    ...ofKind('businessGrid').map(({ path }, at): Chair => ({
      areaPath: path,
      role: 'businessLead',
      a: at === 0 ? 'secretary.b' : workers[0]!,
    })),
  ]
}

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
    const key = `${chair.areaPath}|${chair.role}|${chair.unit ?? ''}`
    merged.set(key, { ...merged.get(key), ...chair })
  }
  return [...merged.values()]
}

/** Lays the demo's posts, makes its people and seats them; a second run changes nothing. */
export async function seedDemoPeople(cmd: Command): Promise<{ people: number; posts: number }> {
  const { people } = demoPeople()
  const chairs = demoChairs()
  const ground = new Map(demoGround().areas.map((area) => [area.path, area]))
  const known = await namesOf(
    cmd,
    people.map(({ id }) => id),
  )
  const fresh = people.filter(({ id }) => !known.has(id))
  for (const { id, loginName, name, phone } of fresh)
    await createStaffAccount(cmd, { id, loginName, name, phone, active: true })
  for (const { id, seat } of fresh) if (seat) await seatAdministrator(cmd, { accountId: id, seat })
  for (const resident of demoResidents) await findOrCreateResident(cmd, resident)
  const idOf = new Map(people.map(({ loginName, id }) => [loginName, id]))
  const posts = chairs.map((chair) => postOf(chair, ground))
  const holdings = chairs.flatMap((chair) =>
    (['a', 'b'] as const).flatMap((slot): HoldingSeed[] => {
      const accountId = idOf.get(chair[slot] ?? '')
      if (!accountId) return []
      const postId = postOf(chair, ground).id
      return [
        { id: seedId(DEMO_COUNTY, `holding:${postId}:${slot}`), postId, accountId, slot: slot === 'a' ? 'A' : 'B' },
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

function postOf(chair: Chair, ground: ReadonlyMap<string, AreaSeed>): PostSeed {
  const area = ground.get(chair.areaPath)
  if (!area) throw new Error(`no area ${chair.areaPath} for a post`)
  const key = `post:${chair.areaPath}:${chair.role}:${chair.unit ?? ''}`
  return {
    id: seedId(DEMO_COUNTY, key),
    areaId: area.id,
    role: chair.role,
    unit: chair.unit ?? null,
    name: chair.name ?? calledAt(placeOf(area, ground), roleWords.get(chair.role)?.zh ?? ''),
    place: 1,
  }
}

/** From the village down; above it the area's own name. */
function placeOf(area: AreaSeed, ground: ReadonlyMap<string, AreaSeed>): string {
  if (area.depth <= 3) return area.name
  const parent = ground.get(area.parentPath)
  return parent ? placeOf(parent, ground) + area.name : area.name
}
