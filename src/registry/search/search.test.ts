import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { county, testApp, type Asker, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { enterOrganisation, enterPerson, enterPremises } from '../../../test/support/registry.ts'
import type { Purpose } from '../../kernel/grants.ts'
import type { SearchAnswer } from './contract.ts'

let house: TestApp
let village: Asker
let wrong: Asker
const ids: Record<string, string> = {}
const reads = (path: string, purpose: Purpose = 'handling') => ({
  grants: [{ action: 'registry.read', path, purpose }],
})
const wangsId = '330411195003071235'
const code = '91350100M000100Y43'

beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  village = house.as(reads(paths.village))
  wrong = house.as(reads(paths.otherTown))
  const { vault } = house.app
  await house.db.transaction(county, async (tx) => {
    const enter = async (key: string, person: Parameters<typeof enterPerson>[2]) => {
      ids[key] = await enterPerson(tx, vault, person)
    }
    const door = { estate: '高桥花园', street: '永安路', houseNumber: '18号', name: '3幢', unit: '2单元', room: '501' }
    const premisesId = await enterPremises(tx, { ...door, areaPath: paths.right })
    await enterPremises(tx, { ...door, estate: '古塘新村', areaPath: paths.wrong })
    await enterPremises(tx, { ...door, name: '4幢', areaPath: paths.right })
    await enter('wei', { name: '张伟', areaPath: paths.right, phone: '13857301234', premisesId, bornOn: '1950-03-07' })
    await enter('weiming', { name: '张伟明', areaPath: paths.beside, citizenId: wangsId })
    await enter('shan', { name: '单雄信', areaPath: paths.right, phone: '13857309999' })
    await enter('weiFar', { name: '张伟', areaPath: paths.wrong, phone: '13957301234' })
    await enter('owner', {
      name: '沈喆',
      areaPath: paths.wrong,
      alsoAt: [paths.right, paths.beside],
      phone: '13857301111',
    })
    ids['works'] = await enterOrganisation(tx, { name: '嘉兴恒丰纺织有限公司', areaPath: paths.right, code })
    await enterOrganisation(tx, { name: '嘉兴恒丰五金有限公司', areaPath: paths.wrong })
  })
}, 60_000)
afterAll(() => house.close())

async function ask(who: Asker, q: string, more: object = {}): Promise<SearchAnswer> {
  const answer = await who.post<SearchAnswer>('/api/v1/registry/search', { q, ...more })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const people = async (who: Asker, q: string): Promise<string[]> => (await ask(who, q)).people.items.map(({ id }) => id)

describe('a village secretary finds', () => {
  it.each([
    ['two characters, the whole name first', '张伟', ['wei', 'weiming']],
    ['the middle of a name', '伟明', ['weiming']],
    ['a whole longer name', '张伟明', ['weiming']],
    ['pinyin', 'zhang wei', ['wei', 'weiming']],
    ['pinyin in capitals with a longer name', 'ZhangWeiMing', ['weiming']],
    ['initials', 'zwm', ['weiming']],
    ['a family name as it is read', 'shanxiongxin', ['shan']],
    ['a family name as it looks', 'danxiongxin', ['shan']],
    ['a rare character alone', '喆', ['owner']],
    ['the phone’s tail', '1234', ['wei']],
    ['a whole phone with blanks', '138 5730 1234', ['wei']],
    ['a whole phone in full width', '１３８５７３０１２３４', ['wei']],
    ['an ID number', wangsId, ['weiming']],
    ['who owns here and lives elsewhere', '沈喆', ['owner']],
    ['the same by phone', '13857301111', ['owner']],
  ])('%s', async (_what, q, wanted) => {
    expect(await people(village, q)).toEqual(wanted.map((key) => ids[key]))
  })

  it('numbers masked, names whole, the words marked', async () => {
    const { people: found } = await ask(village, '伟明')
    expect(found.items[0]).toMatchObject({ name: '张伟明', mark: [1, 3], citizenId: '**************1235', phone: null })
    const [wei] = (await ask(village, 'zhangwei')).people.items
    expect(wei).toMatchObject({ mark: [0, 2], phone: '138****1234', age: 76, address: '高桥花园永安路18号3幢2单元501' })
  })

  it('nothing of where somebody lives outside', async () => {
    const [owner] = (await ask(village, '沈喆')).people.items
    expect(owner).toMatchObject({ livesHere: false, address: null, areaPath: paths.right })
  })

  it.each([
    ['3-2-501', ['高桥花园永安路18号3幢2单元501']],
    ['3幢2单元501室', ['高桥花园永安路18号3幢2单元501']],
    ['高桥花园３栋二单元501', ['高桥花园永安路18号3幢2单元501']],
    ['高桥花园501', ['高桥花园永安路18号3幢2单元501', '高桥花园永安路18号4幢2单元501']],
    ['永安路18号', ['高桥花园永安路18号3幢', '高桥花园永安路18号4幢']],
    ['高桥花园4幢', ['高桥花园永安路18号4幢']],
    ['桥花', ['高桥花园永安路18号3幢', '高桥花园永安路18号4幢']],
    ['gqhy', ['高桥花园永安路18号3幢', '高桥花园永安路18号4幢']],
    ['古塘新村', []],
  ])('addresses by %s', async (q, wanted) => {
    const { addresses } = await ask(village, q)
    expect(addresses.items.map(({ address }) => address).toSorted()).toEqual(wanted)
  })

  it.each(['恒丰', '嘉兴恒丰纺织有限公司', 'hengfeng', 'hff', code, code.toLowerCase()])(
    'an organisation by %s',
    async (q) => {
      expect((await ask(village, q)).organisations.items.map(({ id }) => id)).toEqual([ids['works']])
    },
  )
})

describe('what lies elsewhere answers like what does not exist', () => {
  it.each(['张伟', 'zhangwei', 'zw', '1234', '13857301234', wangsId, '伟明'])('%s', async (q) => {
    const found = await people(wrong, q)
    expect(found.filter((id) => id !== ids['weiFar'])).toEqual([])
  })
  it('byte for byte', async () => {
    const there = await wrong.post('/api/v1/registry/search', { q: wangsId })
    const nowhere = await wrong.post('/api/v1/registry/search', { q: '330411195003071251' })
    expect(there.status).toBe(200)
    expect(nowhere.text).toBe(there.text)
  })
  it('figures see no single person, nobody sees nothing', async () => {
    const counts = house.as(reads(paths.village, 'statistics'))
    const refused = await counts.post('/api/v1/registry/search', { q: '张伟' }, { 'tongxin-purpose': 'statistics' })
    expect(refused.status).toBe(403)
    expect((await house.nobody.post('/api/v1/registry/search', { q: '张伟' })).status).toBe(401)
  })
})

describe('what cannot be asked says so', () => {
  it.each([
    ['', 'empty'],
    ['张', 'tooShort'],
    ['z', 'tooShort'],
    ['330411195003071231', 'badCode'],
  ])('%s', async (q, kind) => {
    const answer = await ask(village, q)
    expect(answer).toMatchObject({
      kind,
      people: { items: [] },
      addresses: { items: [] },
      organisations: { items: [] },
    })
  })
  it('a cursor that is none of ours is refused', async () => {
    const answer = await village.post('/api/v1/registry/search', { q: '张伟', group: 'people', after: 'x' })
    expect(answer.status).toBe(400)
  })
})

describe('a page goes on where the last one ended', () => {
  it('through steps and ranges, nobody twice, nobody missed', async () => {
    const both = house.as({
      grants: [...reads(paths.beside).grants, ...reads(paths.right).grants, ...reads(paths.otherTown).grants],
    })
    const found: string[] = []
    let after: string | undefined
    do {
      const page = await ask(both, '张伟', { group: 'people', limit: 1, ...(after ? { after } : {}) })
      found.push(...page.people.items.map(({ id }) => id))
      after = page.people.next ?? undefined
    } while (after)
    expect(found).toEqual([ids['wei'], ids['weiFar'], ids['weiming']])
  })
  it('what is near comes first', async () => {
    const all = house.as(reads(paths.county))
    expect(await people(all, '张伟')).toEqual([ids['weiFar'], ids['wei'], ids['weiming']])
    const near = await ask(all, '张伟', { near: paths.village })
    expect(near.people.items.map(({ id }) => id)).toEqual([ids['wei'], ids['weiFar'], ids['weiming']])
  })
})
