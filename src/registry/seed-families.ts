import { randomFrom } from '../grid/index.ts'
import type { BuildingPlan, DoorPlan } from './seed-homes.ts'
import { bornOnOf, citizenIds, type IdOrders, givenNameOf, origins, phones, pick, surnameOf } from './seed-names.ts'

/** Families of the demo behind the doors of `seed-homes.ts`: who owns, who rents, who is of the family. */

export interface TiePlan {
  doorKey: string
  /** Which of the door's households, from 0; null for somebody who belongs to none. */
  household: number | null
  relation: 'owner' | 'tenant' | 'family' | 'lodger'
  livesHere: boolean
  headRelation: string | null
  fromOn: string
}

export interface PersonPlan {
  key: string
  areaPath: string
  name: string
  sex: 'male' | 'female'
  bornOn: string
  citizenId: string
  phone: string | null
  registration: 'registered' | 'elsewhere' | 'floating'
  /** Where they come from, for new residents. */
  origin: string | null
  /** Where an owner who lives elsewhere lives. */
  livesAt: string | null
  education: string | null
  employer: string | null
  /** The first one is the main one. */
  ties: TiePlan[]
  /** Tags set by hand; those that follow from the rest are derived by rule. */
  tags: string[]
}

export interface HomePlan {
  building: BuildingPlan
  people: PersonPlan[]
}

interface Known {
  name: string
  sex: 'male' | 'female'
  phone: string
  citizenId: string
}

export interface Census {
  seed: number
  /** People who live in let and in owner-occupied homes, to the head. */
  tenants: number
  residents: number
  /** The present: ages and days count back from here. */
  today: string
  idOrders: IdOrders
  phoneRange: string
  /** People who must be there, at the first owner-occupied homes. */
  known?: readonly Known[]
}

type Random = () => number
type Age = [from: number, until: number]

const HEAD_YEAR_DIGITS = 4

/** How many live behind each door, so that together they are exactly `total`: 1 to `most`, mostly the usual. */
function sizesOf(count: number, total: number, random: Random): number[] {
  const most = 7
  const sizes = Array.from({ length: count }, () => pick(random, [1, 2, 2, 3, 3, 3, 3, 4, 4, 5, 6]))
  let sum = sizes.reduce((all, size) => all + size, 0)
  for (let at = 0; sum !== total; at = (at + 1) % count) {
    const step = sum < total ? 1 : -1
    const next = sizes[at]! + step
    if (next < 1 || next > most) continue
    sizes[at] = next
    sum += step
  }
  return sizes
}

interface Kin {
  headRelation: string
  sex: 'male' | 'female'
  age: number
  sameName: boolean
}

const other = (sex: Kin['sex']): Kin['sex'] => (sex === 'male' ? 'female' : 'male')
const anySex = (random: Random): Kin['sex'] => (random() < 0.5 ? 'male' : 'female')

/** A family as families are: a head, mostly married, children, now and then their parents. */
function familyOf(random: Random, size: number, headAge: Age): Kin[] {
  const age = headAge[0] + Math.floor(random() * (headAge[1] - headAge[0]))
  const sex: Kin['sex'] = random() < 0.72 ? 'male' : 'female'
  const kin: Kin[] = [{ headRelation: 'head', sex, age, sameName: true }]
  if (size > 1)
    kin.push({ headRelation: 'spouse', sex: other(sex), age: age - 3 + Math.floor(random() * 6), sameName: false })
  const parents = size > 3 && age < 58 && random() < 0.6 ? Math.min(2, size - 3) : 0
  while (kin.length < size - parents) {
    const child = Math.max(0, age - 24 - Math.floor(random() * 8) + (kin.length - 2) * -4)
    const grown = child > 24 && kin.length > 3
    kin.push({
      headRelation: grown ? 'grandchild' : 'child',
      sex: anySex(random),
      age: grown ? Math.max(0, child - 26) : child,
      sameName: true,
    })
  }
  for (let nth = 0; nth < parents; nth++)
    kin.push({
      headRelation: 'parent',
      sex: nth === 0 ? 'male' : 'female',
      age: Math.min(94, age + 24 + Math.floor(random() * 6)),
      sameName: nth === 0,
    })
  return kin
}

const educations = ['小学', '初中', '初中', '高中', '中专', '大专', '本科']
const employers = [
  '秀洲区某纺织厂',
  '某光伏组件厂',
  '某物流园',
  '某电子厂',
  '个体经营',
  '外卖配送',
  '建筑工地',
  '务农',
  '某小学',
  '某物业公司',
]

/** Everybody behind the doors of some buildings. */
export function familiesOf(buildings: readonly BuildingPlan[], census: Census): HomePlan[] {
  const maker = new Maker(census)
  const doors = buildings.flatMap(({ doors: own }) => own)
  const sizes = {
    let: sizesOf(doors.filter(({ use }) => use === 'let').length, census.tenants, maker.random),
    ownerOccupied: sizesOf(doors.filter(({ use }) => use === 'ownerOccupied').length, census.residents, maker.random),
  }
  return buildings.map((building) => {
    const people: PersonPlan[] = []
    for (const door of building.doors) {
      if (door.use === 'ownerOccupied') people.push(...maker.owners(building, door, sizes.ownerOccupied.pop()!))
      else {
        maker.landlord(building, door, people)
        if (door.use === 'let') people.push(...maker.tenants(building, door, sizes.let.pop()!))
      }
    }
    return { building, people }
  })
}

/** Works somewhere, so that their own record has a line for most groups. */
const knownAs = ({ name, sex, phone, citizenId }: Known, { employer }: PersonPlan): Partial<PersonPlan> => ({
  name,
  sex,
  phone,
  citizenId,
  bornOn: bornOnOf(citizenId),
  employer: employer ?? '个体经营',
})

class Maker {
  readonly random: Random
  private readonly census: Census
  private readonly idOf: ReturnType<typeof citizenIds>
  private readonly phoneOf: () => string
  private readonly year: number
  private readonly waiting: Known[]

  constructor(census: Census) {
    this.census = census
    this.random = randomFrom(census.seed)
    this.phoneOf = phones(census.phoneRange)
    this.year = Number(census.today.slice(0, HEAD_YEAR_DIGITS))
    this.waiting = [...(census.known ?? [])]
    this.idOf = citizenIds(
      this.waiting.map(({ citizenId }) => citizenId),
      census.idOrders,
    )
  }

  /** A family in its own home. */
  owners(building: BuildingPlan, door: DoorPlan, size: number): PersonPlan[] {
    const kin = familyOf(this.random, size, [30, 78])
    const elsewhere = this.random() < 0.08
    const anySurname = surnameOf(this.random, this.random() < 0.85)
    const since = this.yearsAgo(3, 14)
    const known = this.waiting.shift()
    const surname = known?.name.slice(0, 1) ?? anySurname
    return kin.map((one, at): PersonPlan => {
      const head = at === 0
      const person = this.person({
        key: `${door.key}#${at}`,
        areaPath: building.areaPath,
        kin: one,
        surname,
        near: true,
      })
      if (head && known) Object.assign(person, knownAs(known, person))
      person.registration = elsewhere ? 'elsewhere' : 'registered'
      person.ties = [
        {
          doorKey: door.key,
          household: 0,
          relation: head || (one.headRelation === 'spouse' && this.random() < 0.5) ? 'owner' : 'family',
          livesHere: true,
          headRelation: one.headRelation,
          fromOn: one.age < 3 ? person.bornOn : since,
        },
      ]
      return person
    })
  }

  /** Who owns a let or empty home and lives elsewhere; now and then the neighbour's landlord has another one. */
  landlord(building: BuildingPlan, door: DoorPlan, before: PersonPlan[]): void {
    const tie: TiePlan = {
      doorKey: door.key,
      household: null,
      relation: 'owner',
      livesHere: false,
      headRelation: null,
      fromOn: this.yearsAgo(4, 14),
    }
    const another = before.findLast(({ ties }) => ties.every(({ livesHere }) => !livesHere))
    if (another && this.random() < 0.15) {
      another.ties.push(tie)
      return
    }
    const near = this.random() < 0.7
    const kin = {
      headRelation: 'head',
      sex: anySex(this.random),
      age: 32 + Math.floor(this.random() * 36),
      sameName: true,
    }
    const surname = surnameOf(this.random, near)
    const person = this.person({ key: `${door.key}#owner`, areaPath: building.areaPath, kin, surname, near })
    person.registration = near ? 'registered' : 'elsewhere'
    person.livesAt = pick(this.random, [
      '嘉兴市南湖区',
      '嘉兴市经开区',
      '上海市',
      '杭州市',
      '海宁市',
      '桐乡市',
      '苏州市',
    ])
    person.ties = [tie]
    before.push(person)
  }

  /** Those who rent: a family, or a few workmates who share. */
  tenants(building: BuildingPlan, door: DoorPlan, size: number): PersonPlan[] {
    const shared = size > 1 && this.random() < 0.22
    const surname = surnameOf(this.random, false)
    const origin = pick(this.random, origins)
    const since = this.yearsAgo(0, 4)
    const kin = shared
      ? Array.from({ length: size }, (_, at): Kin => ({
          headRelation: at === 0 ? 'head' : 'other',
          sex: anySex(this.random),
          age: 19 + Math.floor(this.random() * 26),
          sameName: false,
        }))
      : familyOf(this.random, size, [23, 52])
    return kin.map((one, at): PersonPlan => {
      const key = `${door.key}#t${at}`
      const person = this.person({ key, areaPath: building.areaPath, kin: one, surname, near: false, origin })
      person.registration = 'floating'
      person.ties = [
        {
          doorKey: door.key,
          household: 0,
          relation: at === 0 ? 'tenant' : shared ? 'lodger' : 'family',
          livesHere: true,
          headRelation: one.headRelation,
          fromOn: one.age < 3 && person.bornOn > since ? person.bornOn : since,
        },
      ]
      return person
    })
  }

  private person(about: {
    key: string
    areaPath: string
    kin: Kin
    surname: string
    near: boolean
    origin?: readonly [place: string, division: string]
  }): PersonPlan {
    const { key, areaPath, kin, near, origin } = about
    const surname = kin.sameName ? about.surname : surnameOf(this.random, near)
    const wanted = this.birthday(kin.age)
    const citizenId = this.idOf(origin?.[1] ?? (near ? '330411' : pick(this.random, origins)[1]), wanted, kin.sex)
    const bornOn = bornOnOf(citizenId)
    const grown = kin.age >= 20
    const works = grown && kin.age < 62
    return {
      key,
      areaPath,
      name: surname + givenNameOf(this.random, kin.sex),
      sex: kin.sex,
      bornOn,
      citizenId,
      phone: kin.age >= 16 && kin.age < 86 && this.random() < 0.93 ? this.phoneOf() : null,
      registration: 'registered',
      origin: origin?.[0] ?? null,
      livesAt: null,
      education: grown ? pick(this.random, educations) : null,
      employer: works && this.random() < 0.7 ? pick(this.random, employers) : null,
      ties: [],
      tags: this.tagsOf(kin, near),
    }
  }

  /** What no rule can derive. */
  private tagsOf({ age, sex }: Kin, near: boolean): string[] {
    const tags: string[] = []
    if (age >= 22 && near && this.random() < 0.09) tags.push('partyMember')
    if (age >= 10 && this.random() < 0.018) tags.push('disabled')
    if (sex === 'female' && age >= 21 && age <= 38 && this.random() < 0.04) tags.push('pregnant')
    if (near && age >= 50 && this.random() < 0.012) tags.push('localWorthy')
    if (age >= 18 && age <= 60 && this.random() < 0.03) tags.push('volunteer')
    return tags
  }

  private birthday(age: number): string {
    const day = new Date(`${this.census.today}T00:00:00Z`)
    day.setUTCFullYear(this.year - age)
    day.setUTCDate(day.getUTCDate() - Math.floor(this.random() * 364))
    return day.toISOString().slice(0, 10)
  }

  private yearsAgo(from: number, until: number): string {
    const days = (from + this.random() * (until - from)) * 365 + 5
    const day = new Date(`${this.census.today}T00:00:00Z`)
    day.setUTCDate(day.getUTCDate() - Math.floor(days))
    return day.toISOString().slice(0, 10)
  }
}
