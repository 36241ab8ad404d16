import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { createStaffAccount } from '../../identity/index.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { MatterPage, Receipt } from '../../loop/contract.ts'
import type { Area, AreaBrief, Covered, Nets } from '../areas/contract.ts'
import { createArea } from '../areas/service.ts'
import { responsiblePost } from './duty.ts'
import { responsibleFor } from './index.ts'
import { assignPost, layPost } from './service.ts'
import type { PlaceDuty } from './contract.ts'

let app: TestApp
const system = <T>(work: (cmd: Command) => Promise<T>): Promise<T> => runSystem(app.app, county, work)
const base = '/api/v1/grid'
const administration = { 'tongxin-purpose': 'administration' }
const office = () => app.as({ id: holderId('gridOffice', paths.county) })

async function seat(areaPath: string, role: string): Promise<string> {
  return system(async (cmd) => {
    const id = uuidv7(cmd.now)
    await createStaffAccount(cmd, { id, loginName: `c${id.slice(-12)}`, name: role, active: true })
    const postId = await layPost(cmd, { areaPath, role })
    await assignPost(cmd, postId, { accountId: id, slot: 'A', version: 1 })
    return id
  })
}

let net: Area
let officer: string
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  net = await system((cmd) =>
    createArea(cmd, { under: paths.village, code: 'J01', name: '第一警格', kind: 'policeGrid', covers: [paths.right] }),
  )
  officer = await seat(net.path, 'policeOfficer')
})
afterAll(() => app.close())

const report = async (areaPath: string) =>
  (
    await app
      .as({ kind: 'resident', label: '居民' })
      .post<Receipt>('/api/v1/matters', { kind: 'event', category: '0101', text: '楼道里堆了杂物', areaPath })
  ).body.id
const setCovers = (covers: string[], version: number) =>
  office().ask<Area>('PUT', `${base}/areas/${net.id}/covers`, { covers, version }, administration)
const sees = async (id: string) => (await app.as({ id: officer }).get(`/api/v1/matters/${id}`)).status

it('lets a post of another net reach the base grids over which its area stands, and no others', async () => {
  const [inside, beside] = [await report(paths.right), await report(paths.beside)]
  expect([await sees(inside), await sees(beside)]).toEqual([200, 403])
  const list = await app.as({ id: officer }).get<MatterPage>('/api/v1/matters?scope=all')
  expect(list.body.items.map(({ id }) => id)).toEqual([inside])

  const moved = await setCovers([paths.beside], net.version)
  expect(moved.status, moved.text).toBe(200)
  expect([await sees(inside), await sees(beside)]).toEqual([403, 200])
  expect((await setCovers([paths.right], net.version)).status).toBe(409)
  const { version } = moved.body
  expect((await setCovers([net.path], version)).status).toBe(404)
  expect((await setCovers([paths.right], version)).status).toBe(200)
  const covered = await office().get<Covered>(`${base}/areas/${net.id}/covers`)
  expect(covered.body.items.map(({ path }) => path)).toEqual([paths.right])
})

it('answers for a place in a role that only another net has', async () => {
  await system(async (cmd) => {
    expect(await responsibleFor(cmd, paths.right, 'policeOfficer')).toMatchObject({
      accountId: officer,
      standsIn: false,
    })
    expect((await responsibleFor(cmd, paths.beside, 'policeOfficer'))?.role).not.toBe('policeOfficer')
    expect(await responsiblePost(cmd, paths.right, { roles: ['policeOfficer'] })).toMatchObject({ areaPath: net.path })
  })
})

it('keeps Party organisations of any depth; whoever heads them reaches the ground of all their branches', async () => {
  const make = (under: string, code: string, kind: Area['kind'], covers: string[] = []) =>
    system((cmd) => createArea(cmd, { under, code, name: `${code}党组织`, kind, covers }))
  const committee = await make(paths.village, 'DW1', 'partyCommittee')
  const alliance = await make(committee.path, 'LM1', 'partyAlliance')
  const branch = await make(alliance.path, 'ZB1', 'partyBranch')
  const home = await make(branch.path, 'JY1', 'homeBranch', [paths.right])
  const group = await make(home.path, 'ZG1', 'partyGrid', [paths.right])
  const floating = await make(committee.path, 'LD1', 'floatingBranch')
  await expect(make(net.path, 'X1', 'homeBranch')).rejects.toMatchObject({ code: 'grid.kind_misplaced' })
  await expect(make(home.path, 'X2', 'microGrid')).rejects.toMatchObject({ code: 'grid.kind_misplaced' })
  const head = await seat(committee.path, 'partyLead')
  const floater = await seat(floating.path, 'partyLead')
  const id = await report(paths.right)
  const statusOf = async (who: string) => (await app.as({ id: who }).get(`/api/v1/matters/${id}`)).status
  expect([await statusOf(head), await statusOf(floater)]).toEqual([200, 403])
  const tree = await office().get<{ items: AreaBrief[] }>(`${base}/areas?under=${encodeURIComponent(committee.path)}`)
  expect(tree.body.items.map(({ code }) => code)).toEqual(['LD1', 'LM1'])
  const duty = await office().get<PlaceDuty>(`${base}/duty?path=${encodeURIComponent(paths.right)}`)
  expect(duty.body.items.filter(({ overlay }) => overlay !== 'base').map(({ path }) => path)).toEqual([
    committee.path,
    net.path,
    alliance.path,
    branch.path,
    home.path,
    group.path,
  ])
  const nets = await office().get<Nets>(`${base}/nets?path=${encodeURIComponent(paths.village)}`)
  expect(nets.body.items).toContainEqual({ overlay: 'police', kind: 'policeGrid', areas: 1, posts: 1, manned: 1 })
  expect(nets.body.items).toContainEqual({ overlay: 'base', kind: 'microGrid', areas: 2, posts: 2, manned: 2 })
})

it('says what a post is there for, and keeps only the hash of it in the ledger', async () => {
  const { body } = await office().get<{ items: { id: string; version: number; duties: string[] }[] }>(
    `${base}/posts?path=${encodeURIComponent(net.path)}`,
  )
  const [post] = body.items
  expect(post!.duties).toEqual([])
  const set = (duties: string[], version: number) =>
    office().ask('PUT', `${base}/posts/${post!.id}/duties`, { duties, version }, administration)
  const duties = ['每周入户一次', '参加微网格例会']
  expect((await set(duties, post!.version)).body).toMatchObject({ duties, version: post!.version + 1 })
  expect((await set([], post!.version)).status).toBe(409)
  expect((await set([' '], post!.version + 1)).status).toBe(400)
})
