import { runSystem, type Command } from '../../src/kernel/command.ts'
import { uuidv5 } from '../../src/kernel/ids.ts'
import { county, type TestApp } from './app.ts'
import { paths } from './ground.ts'

const SPACE = '3c1f5a84-9f0e-5d3b-8a66-1c40a1d7b5e2'
/** Id of a thing of the test's doors, by its name. */
export const doorId = (name: string): string => uuidv5(SPACE, name)

interface Home {
  /** Building and room: `3-201`. */
  door: string
  path: string
  use: string
  kind?: 'registered' | 'floating'
  people: readonly { name: string; born?: string; phone?: string; tags?: readonly string[]; alone?: true }[]
}

/** Five doors in one micro-grid and one beside it: families, a let flat with a lodger of nobody's household, a shop. */
const homes: readonly Home[] = [
  {
    door: '1-101',
    path: paths.right,
    use: 'ownerOccupied',
    kind: 'registered',
    people: [
      { name: '沈建国', born: '1950-03-01', phone: '13857300001', tags: ['over60'] },
      { name: '王秀英', born: '1952-07-09' },
    ],
  },
  {
    door: '1-102',
    path: paths.right,
    use: 'let',
    kind: 'floating',
    people: [
      { name: '李强', born: '1990-01-01', phone: '13857300002' },
      { name: '赵敏', born: '1992-05-05' },
      { name: '小马', born: '1995-05-05', alone: true },
    ],
  },
  {
    door: '1-201',
    path: paths.right,
    use: 'ownerOccupied',
    kind: 'registered',
    people: [{ name: '陈阿婆', born: '1940-02-02', tags: ['over60'] }],
  },
  { door: '2-101', path: paths.right, use: 'merchant', people: [] },
  { door: '2-102', path: paths.right, use: 'vacant', people: [] },
  {
    door: '9-101',
    path: paths.beside,
    use: 'ownerOccupied',
    kind: 'registered',
    people: [{ name: '周明', born: '1980-02-02' }],
  },
]

const EARLY = new Date('2026-01-01T00:00:00Z')
const seen = { source: 'demo', checkedAt: EARLY, createdAt: EARLY, updatedAt: EARLY }

async function layBuilding(cmd: Command, number: string, areaPath: string): Promise<void> {
  await cmd.tx
    .insertInto('building')
    .values({
      county,
      id: doorId(`building ${number}`),
      version: 1,
      areaPath,
      kind: 'estateBlock',
      estate: '红联新苑',
      street: '',
      houseNumber: '',
      name: `${number}幢`,
      address: `红联新苑${number}幢`,
      addressKey: `红联新苑${number}幢`,
      sortKey: `红联新苑000${number}`,
      createdAt: EARLY,
      updatedAt: EARLY,
    })
    .onConflict((at) => at.columns(['county', 'id']).doNothing())
    .execute()
}

/** Somebody moves into a flat of the test, or into its household. */
export async function moveIn(
  cmd: Command,
  { door, path: areaPath, person }: { door: string; path: string; person: Home['people'][number] },
): Promise<string> {
  const id = doorId(person.name)
  const householdId = person.alone ? null : doorId(`household ${door}`)
  const phone = person.phone ?? null
  await cmd.tx
    .insertInto('person')
    .values({
      county,
      id,
      version: 1,
      name: person.name,
      bornOn: person.born ?? null,
      phoneSealed: phone ? cmd.vault.seal(county, phone) : null,
      phoneBlind: phone ? cmd.vault.blind(county, 'phone', phone) : null,
      registration: 'registered',
      areaPath,
      premisesId: doorId(`premises ${door}`),
      householdId,
      state: 'present',
      ...seen,
    })
    .execute()
  await cmd.tx
    .insertInto('residence')
    .values({
      county,
      id: doorId(`residence ${person.name}`),
      personId: id,
      premisesId: doorId(`premises ${door}`),
      householdId,
      areaPath,
      relation: person.alone ? 'lodger' : 'family',
      livesHere: true,
      fromOn: '2026-01-01',
      source: 'demo',
      at: EARLY,
    })
    .execute()
  for (const tag of person.tags ?? [])
    await cmd.tx
      .insertInto('personTag')
      .values({ county, tag, areaPath, personId: id, derived: false, sinceOn: '2026-01-01', source: 'demo', at: EARLY })
      .execute()
  return id
}

/** A flat with its household, if anybody is to live in one. */
export async function layHome(cmd: Command, home: Home): Promise<void> {
  const [number = '', room = ''] = home.door.split('-')
  const premisesId = doorId(`premises ${home.door}`)
  await layBuilding(cmd, number, home.path)
  await cmd.tx
    .insertInto('premises')
    .values({
      county,
      id: premisesId,
      version: 1,
      buildingId: doorId(`building ${number}`),
      areaPath: home.path,
      unit: '',
      floor: Number(room[0]),
      room,
      address: `红联新苑${number}幢${room}`,
      addressKey: `红联新苑${number}幢${room}`,
      sortKey: `红联新苑000${number}|000${room}`,
      use: home.use,
      ...seen,
    })
    .execute()
  if (home.kind)
    await cmd.tx
      .insertInto('household')
      .values({
        county,
        id: doorId(`household ${home.door}`),
        version: 1,
        premisesId,
        areaPath: home.path,
        kind: home.kind,
        headId: doorId(home.people[0]?.name ?? ''),
        members: home.people.filter(({ alone }) => !alone).length,
        ...seen,
      })
      .execute()
  for (const person of home.people) await moveIn(cmd, { door: home.door, path: home.path, person })
}

/** Lays the test's doors on the test's ground. */
export const layDoors = (house: TestApp): Promise<void> =>
  runSystem(house.app, county, async (cmd) => {
    for (const home of homes) await layHome(cmd, home)
  })
