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

const segments = '/api/v1/registry/segments'
const question = { subject: 'person', all: [{ any: [{ field: 'age', from: 60 }] }] }
const segmentName = '本组六十岁以上的人'
const saved = (world: SweepWorld): Promise<Done> =>
  ask<Done>(world, world.tokens.right, 'POST', segments, { name: segmentName, question, shared: true })
const here = (world: SweepWorld) => ({ question: { ...question, area: world.rightPlace } })

const segmentCases: AccessCase[] = [
  {
    route: `GET ${segments}/terms`,
    actors: (world) => ({ wrongPlace: world.residents.other }),
    prepare: async () => ({ url: `${segments}/terms` }),
  },
  {
    route: `GET ${segments}`,
    wrongPlace: 'ownData',
    secrets: () => [segmentName],
    prepare: async (world) => {
      await saved(world)
      return { url: segments }
    },
  },
  {
    route: `GET ${segments}/:id`,
    prepare: async (world) => ({ url: `${segments}/${(await saved(world)).id}` }),
  },
  {
    route: `POST ${segments}`,
    prepare: async (world) => ({ url: segments, payload: { name: segmentName, shared: false, ...here(world) } }),
  },
  {
    route: `POST ${segments}/:id`,
    prepare: async (world) => {
      const { id, version } = await saved(world)
      return { url: `${segments}/${id}`, payload: { name: segmentName, shared: true, version, question } }
    },
  },
  {
    route: `POST ${segments}/:id/close`,
    prepare: async (world) => {
      const { id, version } = await saved(world)
      return { url: `${segments}/${id}/close`, payload: { version } }
    },
  },
  // Figures are counted for statistics too; whoever makes only figures elsewhere counts nothing here.
  {
    route: `POST ${segments}/count`,
    actors: (world) => ({
      wrongPurpose: world.app.as({ grants: [{ action: 'registry.read', path: world.rightPlace, purpose: 'audit' }] })
        .token,
    }),
    prepare: async (world) => ({ url: `${segments}/count`, payload: here(world) }),
  },
  { route: `POST ${segments}/sample`, prepare: async (world) => ({ url: `${segments}/sample`, payload: here(world) }) },
]

const own = '/api/v1/registry/own'
const ownSecret = '本人才能看的单位'
const ownSession = '019a2222-2222-7222-8222-222222222222'
const ownAccount = '019a3333-3333-7333-8333-333333333333'
/** Somebody who has shown in this session that the record is theirs. */
const owner = (world: SweepWorld) => ({
  right: world.app.as({ kind: 'resident', id: ownAccount, sessionId: ownSession, label: '居民' }).token,
  wrongPlace: world.residents.other,
})

async function ownRecord(world: SweepWorld): Promise<string> {
  const person = {
    name: '本人',
    areaPath: world.rightPlace,
    source: 'counter',
    details: { work: { employer: ownSecret } },
  }
  const { id } = await ask<Done>(world, world.tokens.right, 'POST', '/api/v1/registry/people', person)
  await world.app.db.transaction(world.county, async (tx) => {
    await tx.deleteFrom('ownConfirmation').where('county', '=', world.county).execute()
    const kept = { county: world.county, sessionId: ownSession, accountId: ownAccount, personId: id }
    await tx
      .insertInto('ownConfirmation')
      .values({ ...kept, how: 'idTail', byAccount: null, at: world.app.clock.now() })
      .execute()
  })
  return id
}
const asking = { kind: 'correct', field: 'employer', wish: ownSecret }
async function ownAsked(world: SweepWorld): Promise<Done> {
  await ownRecord(world)
  return ask<Done>(world, owner(world).right, 'POST', `${own}/requests`, asking)
}
const ofOwner = async (world: SweepWorld, url: string, payload?: object) => {
  await ownRecord(world)
  return { url, ...(payload ? { payload } : {}) }
}

const ownCases: AccessCase[] = [
  {
    route: `GET ${own}`,
    actors: owner,
    wrongPlace: 'ownData',
    secrets: () => [ownSecret],
    prepare: (world) => ofOwner(world, own),
  },
  {
    route: `POST ${own}/confirmation`,
    actors: (world) => ({ ...owner(world), wrongPlace: world.tokens.wrongPlace }),
    prepare: (world) => ofOwner(world, `${own}/confirmation`, { tail: '123456' }),
  },
  { route: `POST ${own}/copy`, actors: owner, prepare: (world) => ofOwner(world, `${own}/copy`, {}) },
  { route: `POST ${own}/requests`, actors: owner, prepare: (world) => ofOwner(world, `${own}/requests`, asking) },
  {
    route: `POST ${own}/claims`,
    actors: (world) => ({ ...owner(world), wrongPlace: world.tokens.wrongPlace }),
    prepare: (world) => ofOwner(world, `${own}/claims`, { name: '本人', areaPath: paths.village }),
  },
  {
    route: `POST ${own}/requests/:id/withdraw`,
    actors: owner,
    prepare: async (world) => ({
      url: `${own}/requests/${(await ownAsked(world)).id}/withdraw`,
      payload: { version: 1 },
    }),
  },
  {
    route: `POST ${own}/consents/:purpose`,
    actors: owner,
    prepare: (world) => ofOwner(world, `${own}/consents/calls`, { agree: false, textHash: '0'.repeat(64) }),
  },
  {
    route: 'GET /api/v1/registry/own-requests',
    wrongPlace: 'ownData',
    secrets: () => [ownSecret],
    prepare: async (world) => {
      await ownAsked(world)
      return { url: '/api/v1/registry/own-requests' }
    },
  },
  {
    route: 'GET /api/v1/registry/own-requests/:id',
    prepare: async (world) => ({ url: `/api/v1/registry/own-requests/${(await ownAsked(world)).id}` }),
  },
  {
    route: 'GET /api/v1/registry/own-requests/:id/people',
    prepare: async (world) => ({ url: `/api/v1/registry/own-requests/${(await ownAsked(world)).id}/people` }),
  },
  {
    route: 'POST /api/v1/registry/own-requests/:id/answer',
    prepare: async (world) => ({
      url: `/api/v1/registry/own-requests/${(await ownAsked(world)).id}/answer`,
      payload: { version: 1, accept: true, words: '已改好' },
    }),
  },
]

const burden: AccessCase = {
  route: 'GET /api/v1/registry/burden',
  prepare: async (world) => ({ url: `/api/v1/registry/burden?area=${encodeURIComponent(world.rightPlace)}` }),
}

export const cases: AccessCase[] = [...followUps, ...segmentCases, ...ownCases, burden]
