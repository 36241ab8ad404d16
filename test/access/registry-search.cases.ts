import { uuidv7 } from '../../src/kernel/ids.ts'
import { enterPerson } from '../support/registry.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/registry'
const name = '扫查唯一人'
const phone = '13857300917'
const secrets = (): string[] => [name, '138****0917']

const entered = ({ app, county, rightPlace }: SweepWorld, more: object = {}): Promise<string> =>
  app.db.transaction(county, (tx) =>
    enterPerson(tx, app.app.vault, { name, phone, areaPath: rightPlace, id: uuidv7(), ...more }),
  )

/** Two records of one person, and the pair that waits for a decision. */
async function pair(world: SweepWorld): Promise<[string, string]> {
  const ids = [await entered(world), await entered(world)].toSorted()
  const [one, other] = [ids[0]!, ids[1]!]
  const row = { county: world.county, oneId: one, otherId: other, sharedPath: world.rightPlace, grade: 2 }
  await world.app.db.transaction(world.county, (tx) =>
    tx
      .insertInto('duplicatePair')
      .values({ ...row, reasons: ['phoneName'], state: 'open', foundAt: world.app.clock.now() })
      .execute(),
  )
  return [one, other]
}

const reason = '同一个人登记了两次'
async function merge(world: SweepWorld) {
  const [keep, drop] = await pair(world)
  return { url: `${base}/merges`, payload: { keep, drop, keepVersion: 1, dropVersion: 1, take: [], reason } }
}
async function merged(world: SweepWorld): Promise<string> {
  const headers = { authorization: `Bearer ${world.tokens.right}` }
  const answer = await world.app.http.inject({ method: 'POST', ...(await merge(world)), headers })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json<{ id: string }>().id
}

export const cases: AccessCase[] = [
  {
    route: `POST ${base}/search`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await entered(world)
      return { url: `${base}/search`, payload: { q: name } }
    },
  },
  {
    route: `GET ${base}/duplicates`,
    wrongPlace: 'ownData',
    secrets,
    prepare: async (world) => {
      await pair(world)
      return { url: `${base}/duplicates?limit=100` }
    },
  },
  {
    route: `GET ${base}/duplicates/pair`,
    secrets,
    prepare: async (world) => {
      const [one, other] = await pair(world)
      return { url: `${base}/duplicates/pair?one=${one}&other=${other}` }
    },
  },
  {
    route: `POST ${base}/duplicates/different`,
    prepare: async (world) => {
      const [one, other] = await pair(world)
      return { url: `${base}/duplicates/different`, payload: { one, other, reason: '父子同名' } }
    },
  },
  { route: `POST ${base}/merges`, prepare: merge },
  {
    route: `GET ${base}/merges`,
    wrongPlace: 'ownData',
    secrets: () => [name],
    prepare: async (world) => {
      await merged(world)
      return { url: `${base}/merges?limit=100` }
    },
  },
  {
    route: `POST ${base}/merges/:id/undo`,
    prepare: async (world) => ({ url: `${base}/merges/${await merged(world)}/undo`, payload: { reason: '弄错了' } }),
  },
  {
    route: `POST ${base}/people/:id/split`,
    prepare: async (world) => ({
      url: `${base}/people/${await entered(world)}/split`,
      payload: { version: 1, name: '另一个人', phone: '13857300918', residenceIds: [], reason: '两人合在一起了' },
    }),
  },
]
