import { holderId, paths } from '../support/ground.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/registry/follow-ups'
const secretName = '方小某专'
const secrets = (): string[] => [secretName]

/** Staff who hold posts: a follow-up is for named people in office, whatever grants others have. */
const seated = (world: SweepWorld, role: string, path: string): string =>
  world.app.as({
    id: holderId(role, path),
    label: role,
    grants: ['handling', 'supervision'].map((purpose) => ({
      action: 'registry.followUp',
      path,
      purpose: purpose as 'handling',
    })),
    secondFactorAt: world.app.clock.now(),
  }).token
const chief = (world: SweepWorld) => seated(world, 'gridChief', paths.grid)
const secretary = (world: SweepWorld) => seated(world, 'villageSecretary', paths.village)
const elsewhere = (world: SweepWorld) => seated(world, 'microGridLead', paths.wrong)
const oversight = (world: SweepWorld) =>
  world.app.as({ grants: [{ action: 'registry.followUp', path: paths.village, purpose: 'statistics' }] }).token
const actors = (world: SweepWorld) => ({
  right: chief(world),
  wrongPlace: elsewhere(world),
  wrongPurpose: oversight(world),
})

const body = () => ({
  areaPath: paths.grid,
  basis: 'releaseSupport',
  basisWords: '释放证明书 第 2026-31 号',
  endsOn: '2027-03-01',
  person: { name: secretName, phone: '13900001111' },
  staff: [] as { accountId: string; postId: string }[],
})

async function ask<Body>(world: SweepWorld, token: string, method: 'GET' | 'POST', url: string, payload?: object) {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await world.app.http.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  if (answer.statusCode >= 300) throw new Error(answer.body)
  return answer.json<Body>()
}
interface Done {
  id: string
  version: number
}
const opened = (world: SweepWorld, more: object = {}): Promise<Done> =>
  ask<Done>(world, chief(world), 'POST', base, { ...body(), ...more })
const one = (suffix: string, payload: (world: SweepWorld, done: Done) => object) => async (world: SweepWorld) => {
  const done = await opened(world)
  return { url: `${base}/${done.id}${suffix}`, payload: payload(world, done) }
}
const extension = (done: Done) => ({
  version: done.version,
  basis: 'releaseSupport',
  basisWords: '续期决定书 第 2026-99 号',
  endsOn: '2027-06-01',
  approver: holderId('villageSecretary', paths.village),
})

const followUps: AccessCase[] = [
  {
    route: `GET ${base}/terms`,
    actors: (world) => ({ right: chief(world), wrongPlace: world.residents.other }),
    prepare: async () => ({ url: `${base}/terms` }),
  },
  {
    route: `GET ${base}/candidates`,
    actors,
    prepare: async () => ({ url: `${base}/candidates?area=${encodeURIComponent(paths.grid)}` }),
  },
  {
    route: `GET ${base}`,
    actors,
    wrongPlace: 'ownData',
    secrets: () => ['"label"'],
    prepare: async (world) => {
      await opened(world)
      return { url: base }
    },
  },
  {
    route: `GET ${base}/waiting`,
    actors: (world) => ({ ...actors(world), right: secretary(world) }),
    wrongPlace: 'ownData',
    secrets: () => ['续期决定书'],
    prepare: async (world) => {
      const done = await opened(world)
      await ask(world, chief(world), 'POST', `${base}/${done.id}/extensions`, extension(done))
      return { url: `${base}/waiting` }
    },
  },
  {
    route: `GET ${base}/counts`,
    actors: (world) => ({ ...actors(world), wrongPlace: world.residents.other }),
    prepare: async () => ({ url: `${base}/counts?month=2026-11` }),
  },
  { route: `POST ${base}`, actors, prepare: async () => ({ url: base, payload: body() }) },
  {
    route: `POST ${base}/:id/look`,
    actors,
    secrets,
    prepare: one('/look', () => ({ purpose: 'visit', reason: '今天上门前了解情况' })),
  },
  {
    route: `POST ${base}/:id/contacts`,
    actors,
    prepare: one('/contacts', () => ({ metOn: '2026-11-16', way: 'door', text: '在家，情绪平稳。' })),
  },
  {
    route: `POST ${base}/:id/staff`,
    actors,
    prepare: async (world) => {
      const done = await opened(world)
      const area = encodeURIComponent(paths.grid)
      const url = `${base}/candidates?area=${area}`
      const { items } = await ask<{ items: { accountId: string; postId: string }[] }>(world, chief(world), 'GET', url)
      const lead = items.find(({ accountId }) => accountId === holderId('microGridLead', paths.right))!
      const add = [{ accountId: lead.accountId, postId: lead.postId }]
      return { url: `${base}/${done.id}/staff`, payload: { version: done.version, add, remove: [] } }
    },
  },
  { route: `POST ${base}/:id/extensions`, actors, prepare: one('/extensions', (_world, done) => extension(done)) },
  {
    route: `POST ${base}/:id/extensions/decision`,
    actors: (world) => ({ ...actors(world), right: secretary(world) }),
    prepare: async (world) => {
      const done = await opened(world)
      await ask(world, chief(world), 'POST', `${base}/${done.id}/extensions`, extension(done))
      const waiting = await ask<{ items: { id: string; extensionId: string }[] }>(
        world,
        secretary(world),
        'GET',
        `${base}/waiting`,
      )
      const { extensionId } = waiting.items.find(({ id }) => id === done.id)!
      return { url: `${base}/${done.id}/extensions/decision`, payload: { extensionId, approve: true } }
    },
  },
  {
    route: `POST ${base}/:id/end`,
    actors,
    prepare: one('/end', (_world, done) => ({ version: done.version, reason: '帮教期满，情况稳定' })),
  },
  {
    route: `POST ${base}/:id/take-over`,
    actors,
    prepare: async (world) => {
      const { id } = await opened(world)
      await world.app.db.transaction(world.county, (tx) =>
        tx.deleteFrom('followUpStaff').where('county', '=', world.county).where('followUpId', '=', id).execute(),
      )
      return { url: `${base}/${id}/take-over`, payload: { reason: '原负责人已调离，由我接手' } }
    },
  },
]

export const cases: AccessCase[] = [...followUps]
