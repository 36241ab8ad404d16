import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { desks } from '../fixtures.ts'
import type { ChatGroup, ChatGroupPage, Organisation, OrganisationPage, OrganisationPhones } from './contract.ts'

const url = '/api/v1/registry/organisations'
const code = '91350100M000100Y43'
let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
})
afterAll(() => app.close())

async function shop(body: object = {}): Promise<Organisation> {
  const answer = await desks(app)
    .lead()
    .post<Organisation>(url, {
      kind: 'merchant',
      name: '阿婆粽子店',
      trade: '餐饮',
      areaPath: paths.right,
      phone: '0573-83110000',
      source: 'visit',
      ...body,
    })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

describe('an organisation', () => {
  it('lies at its premises and is there once by its credit code', async () => {
    const desk = desks(app)
    const flat = await desk.premises(
      (await desk.building({ kind: 'shopRow', estate: '', street: '梅里路', houseNumber: '8', name: '' })).id,
      { unit: '', room: '' },
    )
    const made = await shop({
      name: '嘉兴某某毛衫有限公司',
      code: ` ${code.toLowerCase()}`,
      premisesId: flat.id,
      areaPath: undefined,
    })
    expect(made).toMatchObject({ code, address: '梅里路8号', areaPath: paths.right, phone: '057****0000' })
    const again = await desk
      .lead()
      .post(url, { kind: 'enterprise', name: '又一家', code, areaPath: paths.right, source: 'counter' })
    expect([again.status, again.body['code']]).toEqual([409, 'registry.code_taken'])
    const at = await desk.lead().get<OrganisationPage>(`${url}?premises=${flat.id}`)
    expect(at.body.items.map(({ id }) => id)).toEqual([made.id])
    await desk.lead().post(`${url}/${made.id}/close`, { version: 1, reason: '已注销' })
    expect((await shop({ name: '又一家', code })).code).toBe(code)
  })

  it.each([
    ['a credit code of a wrong digit', { code: '91350100M000100Y44' }, 'registry.code_invalid'],
    ['a phone that is none', { phone: '123' }, 'registry.phone_invalid'],
    ['no place', { areaPath: undefined }, 'registry.home_needed'],
  ])('refuses %s', async (_what, body, fault) => {
    const answer = await desks(app)
      .lead()
      .post(url, { kind: 'merchant', name: '店', areaPath: paths.right, source: 'counter', ...body })
    expect([answer.status, answer.body['code']]).toEqual([400, fault])
  })

  it('has officers from a day to a day; of two changes at once one wins', async () => {
    const desk = desks(app)
    const made = await shop()
    const name = () =>
      desk.lead().post<Organisation>(`${url}/${made.id}/officers`, {
        duty: 'safetyOfficer',
        name: '安全员甲',
        phone: '13700001111',
        fromOn: '2026-01-01',
        version: 1,
      })
    const both = await Promise.all([name(), name()])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const now = (await desk.lead().get<Organisation>(`${url}/${made.id}`)).body
    expect(now.officers).toMatchObject([{ duty: 'safetyOfficer', phone: '137****1111', untilOn: null }])
    const end = (untilOn: string) =>
      desk.lead().post<Organisation>(`${url}/${made.id}/officers/${now.officers[0]!.id}/end`, {
        untilOn,
        version: 2,
        reason: '离职',
      })
    expect((await end('2025-12-31')).body).toMatchObject({ code: 'registry.until_not_possible' })
    expect((await end('2026-11-15')).body.officers[0]!.untilOn).toBe('2026-11-15')
    const again = await desk
      .lead()
      .post(`${url}/${made.id}/officers/${now.officers[0]!.id}/end`, { version: 3, reason: '离职' })
    expect([again.status, again.body['code']]).toEqual([404, 'registry.no_such_officer'])
  })

  it('shows its phones with a reason', async () => {
    const made = await shop()
    const shown = await desks(app)
      .lead()
      .post<OrganisationPhones>(`${url}/${made.id}/unmask`, { reason: '安全检查联系' })
    expect(shown.body.phone).toBe('057383110000')
    expect((await desks(app).neighbour().post(`${url}/${made.id}/unmask`, { reason: '安全检查联系' })).status).toBe(403)
  })
})

it('a chat group of the business grid is noted, counted again and closed', async () => {
  const desk = desks(app)
  const groups = '/api/v1/registry/chat-groups'
  const made = await desk.lead().post<ChatGroup>(groups, {
    areaPath: paths.right,
    kind: 'residents',
    name: '一组邻里群',
    channel: 'wechat',
    audience: '租户',
    members: 180,
  })
  expect([made.status, made.body.members], made.text).toEqual([201, 180])
  const change = (body: object) => desk.lead().post<ChatGroup>(`${groups}/${made.body.id}/changes`, body)
  expect((await change({ members: 201, version: 1 })).body).toMatchObject({
    members: 201,
    audience: '租户',
    version: 2,
  })
  expect((await change({ members: 202, version: 1 })).status).toBe(409)
  expect((await desk.lead().get<ChatGroupPage>(`${groups}?kind=residents`)).body.items).toHaveLength(1)
  expect((await desk.lead().get<ChatGroupPage>(`${groups}?kind=gridWork`)).body.items).toHaveLength(0)
  expect((await change({ closed: true, version: 2 })).body.closed).toBe(true)
  expect((await desk.lead().get<ChatGroupPage>(groups)).body.items).toEqual([])
})
