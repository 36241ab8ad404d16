import { createStaffAccount } from '../../src/identity/index.ts'
import { findArea } from '../../src/grid/index.ts'
import { createArea, setBoundary } from '../../src/grid/areas/service.ts'
import type { Area } from '../../src/grid/areas/contract.ts'
import { assignPost, createPost, declareAbsence } from '../../src/grid/posts/service.ts'
import { runSystem, type Command } from '../../src/kernel/command.ts'
import { uuidv7 } from '../../src/kernel/ids.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/grid'
let count = 0
const next = (): string => String(++count).padStart(3, '0')

const system = <T>(world: SweepWorld, work: (cmd: Command) => Promise<T>): Promise<T> =>
  runSystem(world.app.app, world.county, work)

const under = (world: SweepWorld): string => encodeURIComponent(world.rightPlace)

/** An area of one's own below the right place, so that the case changes nothing that others stand on. */
const newArea = (world: SweepWorld): Promise<Area> =>
  system(world, (cmd) =>
    createArea(cmd, { under: world.rightPlace, code: `S${next()}`, name: '扫查小区', kind: 'other' }),
  )

const newPerson = (world: SweepWorld, name = '扫查'): Promise<string> =>
  system(world, async (cmd) => {
    const serial = next()
    const account = {
      loginName: `grid-sweep-${serial}`,
      name,
      phone: `1370000${serial.padStart(4, '0')}`,
      active: true,
    }
    return (await createStaffAccount(cmd, account)).id
  })

async function newPost(world: SweepWorld, holder?: string) {
  const post = await system(world, (cmd) => createPost(cmd, { areaPath: world.rightPlace, role: 'clerk' }))
  if (!holder) return post
  return system(world, (cmd) => assignPost(cmd, post.id, { accountId: holder, slot: 'A', version: post.version }))
}

const triangle = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [120.7, 30.6],
      [120.71, 30.6],
      [120.71, 30.61],
      [120.7, 30.6],
    ],
  ],
}

/** Roles, calendar and settings are the county's: a post in a town, however mighty, is at the wrong place. */
const countyWide: Pick<AccessCase, 'actors' | 'wrongPurpose'> = {
  actors: ({ administrators }) => ({ right: administrators.system }),
  wrongPurpose: 'header',
}
const ownData: Pick<AccessCase, 'wrongPlace' | 'secrets'> = {
  wrongPlace: 'ownData',
  secrets: (world) => [world.rightPlace],
}

const areas: AccessCase[] = [
  { route: `GET ${base}/areas`, prepare: async (world) => ({ url: `${base}/areas?under=${under(world)}` }) },
  { route: `GET ${base}/area`, prepare: async (world) => ({ url: `${base}/area?path=${under(world)}` }) },
  {
    route: `GET ${base}/areas/search`,
    ...ownData,
    prepare: async () => ({ url: `${base}/areas/search?q=${encodeURIComponent('微网格')}` }),
  },
  {
    route: `GET ${base}/areas/export`,
    prepare: async (world) => ({ url: `${base}/areas/export?under=${under(world)}` }),
  },
  {
    route: `GET ${base}/areas/sheet`,
    prepare: async (world) => ({ url: `${base}/areas/sheet?under=${under(world)}` }),
  },
  {
    route: `GET ${base}/areas/:id/history`,
    async prepare(world) {
      const area = await system(world, (cmd) => findArea(cmd, world.rightPlace))
      return { url: `${base}/areas/${area!.id}/history` }
    },
  },
  {
    route: `GET ${base}/boundaries`,
    ...ownData,
    prepare: async () => ({ url: `${base}/boundaries?bbox=120.5,30.5,121,31&zoom=16` }),
  },
  {
    route: `GET ${base}/outline`,
    prepare: async (world) => ({ url: `${base}/outline?path=${encodeURIComponent(world.rightPlace)}` }),
  },
  {
    route: `GET ${base}/staff`,
    ...ownData,
    secrets: () => ['微网格长扫查员'],
    prepare: async (world) => {
      const accountId = await newPerson(world, '微网格长扫查员')
      await newPost(world, accountId)
      return { url: `${base}/staff?q=${encodeURIComponent('格长扫查')}` }
    },
  },
  {
    route: `POST ${base}/areas`,
    prepare: async (world) => ({
      url: `${base}/areas`,
      payload: { under: world.rightPlace, code: `S${next()}`, name: '扫查小区', kind: 'other' },
    }),
  },
  {
    route: `POST ${base}/areas/:id/rename`,
    async prepare(world) {
      const { id, version } = await newArea(world)
      return { url: `${base}/areas/${id}/rename`, payload: { name: '改名小区', version } }
    },
  },
  {
    route: `POST ${base}/areas/:id/move`,
    async prepare(world) {
      const { id, version } = await newArea(world)
      return { url: `${base}/areas/${id}/move`, payload: { under: world.rightPlace, code: `S${next()}`, version } }
    },
  },
  {
    route: `POST ${base}/areas/:id/close`,
    async prepare(world) {
      const { id, version } = await newArea(world)
      return { url: `${base}/areas/${id}/close`, payload: { version } }
    },
  },
  {
    route: `PUT ${base}/areas/:id/boundary`,
    async prepare(world) {
      const { id, version } = await newArea(world)
      return { url: `${base}/areas/${id}/boundary`, payload: { shape: triangle, schematic: true, version } }
    },
  },
  {
    route: `POST ${base}/areas/import`,
    prepare: async (world) => ({
      url: `${base}/areas/import`,
      payload: { rows: [{ parentPath: world.rightPlace, code: `S${next()}`, name: '导入小区', kind: 'other' }] },
    }),
  },
]

/** A new area with a boundary of its own. */
async function newDrawn(world: SweepWorld): Promise<Area> {
  const { id, version } = await newArea(world)
  return system(world, (cmd) => setBoundary(cmd, id, { shape: triangle, schematic: true, version }))
}
const halving = [
  [120.705, 30.59],
  [120.705, 30.62],
]
const newNet = (world: SweepWorld): Promise<Area> =>
  system(world, (cmd) =>
    createArea(cmd, { under: world.rightPlace, code: `S${next()}`, name: '扫查警格', kind: 'policeGrid' }),
  )
const partOfSplit = () => ({ parts: [{ code: `S${next()}`, name: '扫查新区' }] })

const ground: AccessCase[] = [
  { route: `GET ${base}/nets`, prepare: async (world) => ({ url: `${base}/nets?path=${under(world)}` }) },
  {
    route: `GET ${base}/areas/:id/covers`,
    prepare: async (world) => ({ url: `${base}/areas/${(await newNet(world)).id}/covers` }),
  },
  {
    route: `PUT ${base}/areas/:id/covers`,
    async prepare(world) {
      const { id, version } = await newNet(world)
      return { url: `${base}/areas/${id}/covers`, payload: { covers: [world.rightPlace], version } }
    },
  },
  {
    route: `GET ${base}/boundaries/check`,
    prepare: async (world) => ({ url: `${base}/boundaries/check?path=${under(world)}` }),
  },
  {
    route: `POST ${base}/boundaries/import`,
    async prepare(world) {
      const { path } = await newArea(world)
      const feature = { type: 'Feature', properties: { path }, geometry: triangle }
      const collection = { type: 'FeatureCollection', features: [feature] }
      return { url: `${base}/boundaries/import`, payload: { under: world.rightPlace, collection } }
    },
  },
  {
    route: `POST ${base}/areas/:id/cut`,
    prepare: async (world) => ({
      url: `${base}/areas/${(await newDrawn(world)).id}/cut`,
      payload: { lines: [halving] },
    }),
  },
  ...['split/preview', 'split'].map((act): AccessCase => ({
    route: `POST ${base}/areas/:id/${act}`,
    async prepare(world) {
      const { id, version } = await newArea(world)
      return { url: `${base}/areas/${id}/${act}`, payload: { version, ...partOfSplit() } }
    },
  })),
  ...['merge/preview', 'merge'].map((act): AccessCase => ({
    route: `POST ${base}/areas/:id/${act}`,
    async prepare(world) {
      const [one, other] = [await newArea(world), await newArea(world)]
      const payload = { version: one.version, others: [{ id: other.id, version: other.version }] }
      return { url: `${base}/areas/${one.id}/${act}`, payload }
    },
  })),
]

const posts: AccessCase[] = [
  { route: `GET ${base}/posts`, prepare: async (world) => ({ url: `${base}/posts?path=${under(world)}` }) },
  { route: `GET ${base}/posts/mine`, ...ownData, prepare: async () => ({ url: `${base}/posts/mine` }) },
  {
    route: `GET ${base}/posts/sheet`,
    prepare: async (world) => ({ url: `${base}/posts/sheet?under=${under(world)}` }),
  },
  {
    route: `POST ${base}/posts/import`,
    prepare: async (world) => ({
      url: `${base}/posts/import`,
      payload: { rows: [{ areaPath: world.rightPlace, role: 'clerk', unit: '', name: `导入岗位${next()}` }] },
    }),
  },
  {
    route: `GET ${base}/posts/:id/holders`,
    prepare: async (world) => ({ url: `${base}/posts/${(await newPost(world)).id}/holders` }),
  },
  {
    route: `GET ${base}/responsible`,
    prepare: async (world) => ({ url: `${base}/responsible?path=${under(world)}&role=microGridLead` }),
  },
  { route: `GET ${base}/duty`, prepare: async (world) => ({ url: `${base}/duty?path=${under(world)}` }) },
  {
    route: `POST ${base}/posts`,
    prepare: async (world) => ({ url: `${base}/posts`, payload: { areaPath: world.rightPlace, role: 'clerk' } }),
  },
  {
    route: `PUT ${base}/posts/:id/duties`,
    async prepare(world) {
      const { id, version } = await newPost(world)
      return { url: `${base}/posts/${id}/duties`, payload: { duties: ['每周入户一次'], version } }
    },
  },
  {
    route: `POST ${base}/posts/:id/close`,
    async prepare(world) {
      const { id, version } = await newPost(world)
      return { url: `${base}/posts/${id}/close`, payload: { version } }
    },
  },
  {
    route: `POST ${base}/posts/:id/assign`,
    async prepare(world) {
      const { id, version } = await newPost(world)
      return { url: `${base}/posts/${id}/assign`, payload: { accountId: await newPerson(world), slot: 'A', version } }
    },
  },
  {
    route: `POST ${base}/posts/:id/relieve`,
    async prepare(world) {
      const { id, version } = await newPost(world, await newPerson(world))
      return { url: `${base}/posts/${id}/relieve`, payload: { slot: 'A', version } }
    },
  },
  {
    route: `POST ${base}/posts/:id/unmask`,
    async prepare(world) {
      const accountId = await newPerson(world)
      const { id } = await newPost(world, accountId)
      return { url: `${base}/posts/${id}/unmask`, payload: { accountId, reason: '联系核实现场情况' } }
    },
  },
  { route: `GET ${base}/absences`, ...ownData, prepare: async () => ({ url: `${base}/absences` }) },
  {
    route: `POST ${base}/absences`,
    async prepare(world) {
      const accountId = await newPerson(world)
      await newPost(world, accountId)
      return { url: `${base}/absences`, payload: { accountId, reason: 'leave' } }
    },
  },
  {
    route: `POST ${base}/absences/:id/end`,
    async prepare(world) {
      const accountId = await newPerson(world)
      await newPost(world, accountId)
      const absence = await system(world, (cmd) => declareAbsence(cmd, { id: uuidv7(), accountId, reason: 'trip' }))
      return { url: `${base}/absences/${absence.id}/end`, payload: { version: absence.version } }
    },
  },
  { route: `GET ${base}/roles`, ...countyWide, prepare: async () => ({ url: `${base}/roles` }) },
  {
    route: `PUT ${base}/roles/:code`,
    ...countyWide,
    prepare: async () => ({
      url: `${base}/roles/sweeper`,
      payload: {
        zh: '扫查员',
        en: 'Sweeper',
        grants: [{ action: 'grid.read', purpose: 'handling' }],
        rung: null,
        version: 0,
      },
    }),
  },
  { route: `GET ${base}/role-changes`, ...countyWide, prepare: async () => ({ url: `${base}/role-changes` }) },
  ...(['approve', 'refuse', 'withdraw'] as const).map((what): AccessCase => ({
    route: `POST ${base}/role-changes/:id/${what}`,
    ...countyWide,
    prepare: async (world) => {
      // Approved by another than whoever wished it; taken back by oneself.
      const wisher = what === 'withdraw' ? world.administrators.system : world.administrators.audit
      const made = await world.app.http.inject({
        method: 'PUT',
        url: `${base}/roles/sensitive${what}`,
        headers: { authorization: `Bearer ${wisher}`, 'tongxin-purpose': 'administration' },
        payload: {
          zh: '扫查员',
          en: 'Sweeper',
          grants: [{ action: 'loop.unmask', purpose: 'handling' }],
          rung: null,
          version: 0,
        },
      })
      return { url: `${base}/role-changes/${made.json<{ pending: string }>().pending}/${what}`, payload: {} }
    },
  })),
]

const day = { works: false, zh: '建县纪念日', en: 'County day' }
const putDay = (world: SweepWorld, on: string, version: number) =>
  world.app.http.inject({
    method: 'PUT',
    url: `${base}/calendar/days/${on}`,
    headers: { authorization: `Bearer ${world.administrators.system}` },
    payload: { ...day, version },
  })

const calendar: AccessCase[] = [
  {
    route: `GET ${base}/calendar`,
    wrongPlace: 'ownData',
    prepare: async () => ({ url: `${base}/calendar?year=2026` }),
  },
  {
    route: `PUT ${base}/calendar/days/:day`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/calendar/days/2026-12-01`, payload: { ...day, version: 0 } }),
  },
  {
    route: `POST ${base}/calendar/days/:day/remove`,
    ...countyWide,
    async prepare(world) {
      await putDay(world, '2026-12-02', 0)
      return { url: `${base}/calendar/days/2026-12-02/remove`, payload: { version: 1 } }
    },
  },
  {
    route: `PUT ${base}/calendar/hours`,
    ...countyWide,
    prepare: async () => ({
      url: `${base}/calendar/hours`,
      payload: {
        officeHours: [
          { from: '08:30', to: '12:00' },
          { from: '13:30', to: '17:30' },
        ],
        version: 0,
      },
    }),
  },
  { route: `GET ${base}/settings`, ...countyWide, prepare: async () => ({ url: `${base}/settings` }) },
  {
    route: `PUT ${base}/settings/:key`,
    ...countyWide,
    prepare: async () => ({
      url: `${base}/settings/grid.codePattern`,
      payload: { value: '[A-Z][0-9]{3}', version: 0 },
    }),
  },
]

const sheet = { 'content-type': 'application/octet-stream' }
const staffSheet = (): Buffer => Buffer.from(`乡镇,村社,网格,岗位,姓名,手机号\n王店镇,红联村,扫查${next()}网格,,,\n`)
/** A red dot. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)

const setup: AccessCase[] = [
  { route: `GET ${base}/setup`, ...countyWide, prepare: async () => ({ url: `${base}/setup` }) },
  {
    route: `PUT ${base}/setup/steps/:step`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/setup/steps/firstMatter`, payload: { mark: 'skipped' } }),
  },
  {
    route: `GET ${base}/setup/staff/template`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/setup/staff/template` }),
  },
  ...['staff/check', 'staff/marked', 'staff'].map((what) => ({
    route: `POST ${base}/setup/${what}`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/setup/${what}`, payload: staffSheet(), headers: sheet }),
  })),
  {
    route: `POST ${base}/setup/invitations`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/setup/invitations`, payload: { way: 'print', after: 'zzzz' } }),
  },
  {
    route: `GET ${base}/setup/handover/:accountId`,
    ...countyWide,
    prepare: async (world) => ({ url: `${base}/setup/handover/${await newPerson(world)}` }),
  },
  {
    route: `POST ${base}/setup/handover/:accountId`,
    ...countyWide,
    prepare: async (world) => ({
      url: `${base}/setup/handover/${await newPerson(world)}`,
      payload: { version: 1, posts: [], closesAccount: true },
    }),
  },
  {
    route: `PUT ${base}/setup/organisation`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/setup/organisation`, payload: { name: '秀洲区', version: 0 } }),
  },
  {
    route: `PUT ${base}/setup/logo`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/setup/logo`, payload: picture, headers: sheet }),
  },
  {
    route: `PUT ${base}/setup/base-map`,
    ...countyWide,
    prepare: async () => ({ url: `${base}/setup/base-map`, payload: { kind: 'schematic', version: 0 } }),
  },
  { route: `GET ${base}/setup/maps`, ...countyWide, prepare: async () => ({ url: `${base}/setup/maps` }) },
]

export const cases: AccessCase[] = [...setup, ...areas, ...ground, ...posts, ...calendar]
