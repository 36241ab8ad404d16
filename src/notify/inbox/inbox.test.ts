import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type Asker, type TestApp } from '../../../test/support/app.ts'
import { makeCalendar } from '../../kernel/calendar.ts'
import { runSystem } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { ledger } from '../../ledger/index.ts'
import type { InboxMessage } from './contract.ts'
import { inboxSweeps } from './jobs.ts'
import { inboxRoutes } from './routes.ts'
import { insertMessages, type InboxRow } from './store.ts'

const url = '/api/v1/notify/inbox'
let house: TestApp
let mine: Asker & { readonly id: string }
let other: Asker & { readonly id: string }

beforeAll(async () => {
  house = await testApp({
    rooms: [ledger, { name: 'inbox', routes: inboxRoutes }],
    ports: { calendars: { calendarOf: async () => makeCalendar() } },
  })
  mine = house.as({ kind: 'resident' })
  other = house.as({ kind: 'staff' })
  for (let count = 0; count < 25; count += 1) {
    house.clock.advance(1000)
    await give(mine.id, `第 ${count} 条`)
  }
  await give(other.id, '别人的')
})
afterAll(() => house.close())

async function give(accountId: string, titleZh: string, id = uuidv7()): Promise<string> {
  const row: InboxRow = {
    id,
    accountId,
    topic: 'loop.matter_arrived',
    titleZh,
    bodyZh: '请查看',
    titleEn: `Item of ${accountId}`,
    bodyEn: 'Look',
    subjectKind: 'matter',
    subjectId: uuidv7(),
    entryId: null,
    createdAt: house.clock.now(),
    readAt: null,
  }
  await runSystem(house.app, county, (cmd) => insertMessages(cmd.tx, county, [row]))
  return id
}
const unreadOf = async (asker: Asker) => (await asker.get<{ unread: number }>(`${url}/unread`)).body.unread

test('one’s own messages, newest first, page by page, each once', async () => {
  const titles: string[] = []
  let after = ''
  do {
    const page = await mine.get<{ items: InboxMessage[]; next: string | null }>(`${url}?limit=10${after}`)
    titles.push(...page.body.items.map(({ title }) => title))
    after = page.body.next ? `&after=${encodeURIComponent(page.body.next)}` : ''
  } while (after)
  expect(titles).toEqual(Array.from({ length: 25 }, (_, index) => `第 ${24 - index} 条`))
})

test('in English for those who read English', async () => {
  const page = await mine.get<{ items: InboxMessage[] }>(`${url}?limit=1`, { 'accept-language': 'en' })
  expect(page.body.items[0]).toMatchObject({ title: `Item of ${mine.id}`, body: 'Look', subject: { kind: 'matter' } })
})

describe('reading', () => {
  test('marks those named, keeps the first time, and never another’s', async () => {
    const theirs = await give(other.id, '别人的二')
    const own = await give(mine.id, '我的')
    const before = await unreadOf(mine)
    expect((await mine.post(`${url}/read`, { ids: [own, theirs] })).body).toEqual({ marked: 1 })
    expect(await unreadOf(mine)).toBe(before - 1)
    expect(await unreadOf(other)).toBe(2)
    const first = (await mine.get<{ items: InboxMessage[] }>(url)).body.items[0]
    house.clock.advance(60_000)
    expect((await mine.post(`${url}/read`, { ids: [own] })).body).toEqual({ marked: 0 })
    expect((await mine.get<{ items: InboxMessage[] }>(url)).body.items[0]?.readAt).toBe(first?.readAt)
  })

  test('marks all up to an instant, and the filter shows what is left', async () => {
    const until = house.clock.now().toISOString()
    house.clock.advance(1000)
    await give(mine.id, '新的')
    await mine.post(`${url}/read`, { until })
    expect(await unreadOf(mine)).toBe(1)
    expect(
      (await mine.get<{ items: InboxMessage[] }>(`${url}?unread=true`)).body.items.map(({ title }) => title),
    ).toEqual(['新的'])
  })

  test('needs to know which', async () => {
    expect((await mine.post(`${url}/read`, {})).body).toMatchObject({ code: 'kernel.bad_request' })
    expect((await mine.post(`${url}/read`, { ids: ['x'] })).body).toMatchObject({ code: 'kernel.invalid_input' })
  })
})

test('nobody has no inbox', async () => {
  for (const path of ['', '/unread']) expect((await house.nobody.get(`${url}${path}`)).status).toBe(401)
})

test('the same message is not written twice', async () => {
  const id = await give(mine.id, '一次')
  await give(mine.id, '两次', id)
  const titles = (await mine.get<{ items: InboxMessage[] }>(url)).body.items.map(({ title }) => title)
  expect(titles).toContain('一次')
  expect(titles).not.toContain('两次')
})

test('a badge needs no more than a hundred', async () => {
  const crowd = house.as()
  for (let count = 0; count < 105; count += 1) await give(crowd.id, 'x')
  expect(await unreadOf(crowd)).toBe(100)
})

test('messages are deleted after a year', async () => {
  house.clock.advance(366 * 86_400_000)
  await give(mine.id, '今天的')
  for (const sweep of inboxSweeps) await sweep.run(house.app)
  expect((await mine.get<{ items: InboxMessage[] }>(url)).body.items.map(({ title }) => title)).toEqual(['今天的'])
})
