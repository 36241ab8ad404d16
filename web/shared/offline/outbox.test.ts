import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../ids.ts'
import { Drawer } from './drawer.ts'
import { sendOut, waitMs } from './outbox.ts'
import { Declined, Unanswered, type Server } from './server.ts'
import { OfflineStore, type NewItem } from './store.ts'
import { dayMs, pagesDays, workDays } from './terms.ts'

let drawers = 0
const fresh = (): string => `drawer-${drawers++}`
const open = async (name: string, now?: () => number, account = 'lead'): Promise<OfflineStore> => {
  const store = new OfflineStore(new Drawer(name), now)
  await store.enter(account)
  return store
}

class Killed extends Error {}

/** A server that does as ours: an id makes one thing, a repeat is answered; it may be cut off before or after the effect. */
class FakeServer implements Server {
  readonly files = new Map<string, number>()
  readonly acts = new Map<string, { path: string; body: unknown }>()
  /** Effects beyond the first of an id: must stay 0. */
  twice = 0
  order: string[] = []
  uploads = 0
  answer: (path: string) => void = () => undefined

  async upload({ id, blob }: { id: string; blob: Blob }): Promise<void> {
    this.uploads++
    if (!this.files.has(id)) this.files.set(id, blob.size)
  }

  async send(path: string, { key, body }: { key: string; body: unknown }): Promise<unknown> {
    this.answer(path)
    const { id, fileIds = [] } = body as { id: string; fileIds?: string[] }
    const missing = fileIds.find((file) => !this.files.has(file))
    if (missing) throw new Declined(404, { code: 'kernel.not_found', params: { file: missing } })
    if (!this.acts.has(id)) {
      this.acts.set(id, { path, body })
      this.order.push(id)
    } else if (this.acts.get(id)?.path !== path) this.twice++
    return { number: `330411-${key.slice(0, 4)}` }
  }
}

const photo = (id = newId()) => ({ id, blob: new Blob([`photo ${id}`]), name: '灯.jpg', role: 'before' })

function item(subject: string, at: number, photos: ReturnType<typeof photo>[] = []): NewItem {
  const id = newId()
  return {
    id,
    kind: subject === '' ? 'report' : 'move',
    subject: subject || id,
    at,
    title: '路灯不亮',
    place: '红联村',
    words: '两盏灯不亮',
    answers: [],
    path: subject ? `/matters/${subject}/moves` : '/matters',
    body: { id, fileIds: photos.map((one) => one.id) },
    key: newId(),
    headers: {},
    photos,
  }
}

test('what is kept lies sealed: neither words nor photos can be read in the drawer', async () => {
  const store = await open(fresh())
  await store.put(item('', 1, [photo()]))
  await store.keepPage('/matters/1', { text: '独居老人张某家中漏水' })
  await store.keepDraft('h5', { text: '楼道堆物', photos: [photo()] } as object)
  const rows = await Promise.all(
    ['item', 'photo', 'page', 'draft'].map((table) => store.drawer.table<object>(table).toArray()),
  )
  const bytes = (value: unknown): string =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      ? Buffer.from(value instanceof ArrayBuffer ? value : value.buffer).toString('latin1')
      : typeof value === 'object' && value !== null
        ? Object.values(value).map(bytes).join(' ')
        : String(value)
  const written = Buffer.from(rows.flat().map(bytes).join(' '), 'latin1').toString('utf8')
  expect(rows.map((table) => table.length)).toEqual([1, 2, 1, 1])
  for (const secret of ['两盏灯', '漏水', '楼道', 'photo', '灯.jpg']) expect(written).not.toContain(secret)
  const { key } = (await store.drawer.keeping.get('lead')) ?? {}
  expect(key?.extractable).toBe(false)
  expect((await store.findPage('/matters/1'))?.value).toEqual({ text: '独居老人张某家中漏水' })
  const draft = (await store.findDraft('h5')) as unknown as { text: string; photos: { blob: Blob }[] }
  expect([draft.text, draft.photos.length]).toEqual(['楼道堆物', 1])
})

test('another account, signing out and time without contact wipe it, each as far as it says', async () => {
  let now = Date.now()
  const name = fresh()
  const store = await open(name, () => now)
  await store.put(item('', 1, [photo()]))
  await store.keepPage('/matters', [1])
  now += (pagesDays + 1) * dayMs
  await store.expire()
  expect([await store.findPage('/matters'), await store.unsent()]).toEqual([undefined, 1])
  const later = new OfflineStore(store.drawer, () => now)
  expect(await later.resume()).toBeUndefined()
  now += (workDays - pagesDays) * dayMs
  await store.expire()
  expect([await store.unsent(), await store.drawer.keeping.count()]).toEqual([0, 0])

  await store.enter('lead')
  await store.put(item('', 1, [photo()]))
  await store.enter('dispatcher')
  const left = await Promise.all(store.drawer.tables.map((table) => table.count()))
  expect(left).toEqual(store.drawer.tables.map((table) => (table.name === 'keeping' ? 1 : 0)))
  await store.put(item('', 1))
  await store.wipe()
  expect(await Promise.all(store.drawer.tables.map((table) => table.count()))).toEqual([0, 0, 0, 0, 0])
})

test('a session that lapsed hides what is kept, and gives it back to the same person only', async () => {
  const store = await open(fresh())
  await store.put(item('', 1))
  store.lock()
  expect([await store.list(), await store.unsent()]).toEqual([[], 1])
  await store.enter('lead')
  expect(await store.list()).toHaveLength(1)
})

test('what is not sent keeps its place: one matter in order, other matters do not wait for it', async () => {
  const store = await open(fresh())
  const server = new FakeServer()
  const [first, second, other] = [item('a', 1), item('a', 2), item('b', 3)]
  for (const one of [second, other, first]) await store.put(one)
  server.answer = (path) => {
    if (path.includes('/a/')) throw new Declined(409, { code: 'kernel.stale', title: '已经有人办过' })
  }
  expect(await sendOut(store, server)).toMatchObject({ sent: 1, stopped: 'no' })
  expect((await store.list()).map(({ state }) => state)).toEqual(['conflict', 'waiting', 'sent'])
  expect((await store.list())[0]?.message).toBe('已经有人办过')
  server.answer = () => undefined
  await store.drop(first.id)
  await sendOut(store, server)
  expect(server.order).toEqual([other.id, second.id])
})

test('no network stops the round, a busy server only the item; a lapsed session loses nothing', async () => {
  let now = 1_000_000
  const store = await open(fresh(), () => now)
  const server = new FakeServer()
  await store.put(item('', 1, [photo()]))
  await store.put(item('', 2))
  server.answer = () => {
    throw new Unanswered(true)
  }
  expect(await sendOut(store, server, () => now)).toMatchObject({ sent: 0, stopped: 'offline' })
  server.answer = () => {
    throw new Declined(401, {})
  }
  expect(await sendOut(store, server, () => now)).toMatchObject({ sent: 0, stopped: 'signedOut' })
  server.answer = () => {
    throw new Unanswered(false, 30)
  }
  const busy = await sendOut(store, server, () => now)
  expect(busy).toMatchObject({ sent: 0, stopped: 'no' })
  expect(busy.nextAt).toBeGreaterThanOrEqual(now + 30_000)
  server.answer = () => undefined
  expect(await sendOut(store, server, () => now)).toMatchObject({ sent: 0 })
  now += 40_000
  expect(await sendOut(store, server, () => now)).toMatchObject({ sent: 2 })
  expect(server.uploads).toBe(1)
})

test('a photo that the server forgot is sent anew; its words and photos leave the phone once they arrived', async () => {
  const store = await open(fresh())
  const server = new FakeServer()
  const one = item('', 1, [photo(), photo()])
  await store.put(one)
  for (const kept of await store.photosOf(one.id)) await store.markSent(kept.id)
  await sendOut(store, server)
  expect([server.files.size, server.acts.size]).toEqual([2, 1])
  const [sent] = await store.list()
  expect(sent).toMatchObject({ state: 'sent', words: '', photos: 0, number: expect.stringMatching(/^330411-/) })
})

test('waiting grows to a quarter of an hour and no further', () => {
  const waits = Array.from({ length: 20 }, (_, tries) => waitMs(tries, () => 0.5))
  expect(waits[0]).toBe(2000)
  expect(waits.toSorted((a, b) => a - b)).toEqual(waits)
  expect(waits.at(-1)).toBe(15 * 60_000)
})

/** Everything that the engine does outside its own head, cut off at one step, before or after it had its effect. */
function cutOff<Thing extends object>(thing: Thing, cut: () => 'before' | 'after' | 'no'): Thing {
  return new Proxy(thing, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]) => {
        const when = cut()
        if (when === 'before') throw new Killed()
        const answer: unknown = await (value as (...all: unknown[]) => Promise<unknown>).apply(target, given)
        if (when === 'after') throw new Killed()
        return answer
      }
    },
  })
}

test('killed between any two steps, in two tabs, delivered again: each act once, in order, with its files', async () => {
  const killing = fc.record({ step: fc.nat(30), after: fc.boolean() })
  const acts = fc.array(fc.record({ subject: fc.constantFrom('', 'a', 'b'), photos: fc.nat(2) }), {
    minLength: 1,
    maxLength: 4,
  })
  const story = fc.asyncProperty(acts, fc.array(killing, { maxLength: 5 }), fc.boolean(), async (done, kills, tabs) => {
    const name = fresh()
    const store = await open(name)
    const server = new FakeServer()
    const items = done.map(({ subject, photos }, at) =>
      item(
        subject,
        at,
        Array.from({ length: photos }, () => photo()),
      ),
    )
    for (const one of items) await store.put(one)
    for (const one of items) await store.put(one)
    for (const { step, after } of kills) {
      let left = step
      const cut = () => (left-- === 0 ? (after ? 'after' : 'before') : 'no')
      const reopened = await open(name)
      const other = await open(name)
      const round = sendOut(cutOff(reopened, cut), cutOff(server, cut))
      const rounds = tabs ? [round, sendOut(other, server)] : [round]
      for (const { reason } of (await Promise.allSettled(rounds)) as { reason?: unknown }[])
        if (reason !== undefined && !(reason instanceof Killed)) throw reason
    }
    const last = await open(name)
    await sendOut(last, server)
    expect((await last.list()).map(({ state }) => state)).toEqual(items.map(() => 'sent'))
    expect(server.acts.size).toBe(items.length)
    expect(server.twice).toBe(0)
    expect(server.files.size).toBe(items.flatMap(({ photos }) => photos).length)
    for (const subject of ['a', 'b']) {
      const made = items.filter((one) => one.subject === subject).map(({ id }) => id)
      expect(server.order.filter((id) => made.includes(id))).toEqual(made)
    }
    expect(await last.drawer.photo.count()).toBe(0)
  })
  await fc.assert(story, { numRuns: 60 })
}, 60_000)

test('photos stay until a person decides, and go over to what was decided', async () => {
  const store = await open(fresh())
  const server = new FakeServer()
  server.answer = (path) => {
    if (path.endsWith('/moves')) throw new Declined(403, { code: 'loop.not_holder', title: '不在您手上' })
  }
  const move = item('a', 1, [photo()])
  await store.put(move)
  await sendOut(store, server)
  expect((await store.list())[0]).toMatchObject({ state: 'conflict', photos: 1, words: '两盏灯不亮' })
  const id = newId()
  const { photos: _photos, ...rest } = move
  await store.replace(move.id, { ...rest, id, kind: 'remark', path: '/matters/a/remarks', body: { ...rest.body, id } })
  await sendOut(store, server)
  expect(server.order).toEqual([id])
  expect((await store.list())[0]).toMatchObject({ state: 'sent', photos: 0 })
})

test('doors taken along go when they are the person’s no more, and with the sign-out; a conflict is told with what arrived', async () => {
  const store = await open(fresh())
  const [mine, other] = ['/visits/doors?area=mine&limit=100', '/visits/doors?area=other&limit=100']
  for (const path of [mine, `${mine}&after=x`, other, '/visits/round']) await store.keepPage(path, { items: [path] })
  expect((await store.pathsOf('/visits/doors?')).toSorted()).toEqual([mine, `${mine}&after=x`, other].toSorted())
  await store.dropPages(mine, new Set([mine]))
  await store.dropPages(other)
  expect(await store.pathsOf('/visits/')).toEqual([mine, '/visits/round'])
  expect((await store.findPage(mine))?.value).toEqual({ items: [mine] })
  const visit = { ...item('', 1), kind: 'visit' as const, path: '/visits' }
  await store.put(visit)
  const server = new FakeServer()
  server.send = () => Promise.resolve({ id: visit.id, conflicts: 2 })
  await sendOut(store, server)
  expect(await store.list()).toMatchObject([{ state: 'sent', conflicts: 2, words: '' }])
  await store.wipe()
  await store.enter('lead')
  expect(await store.pathsOf('/')).toEqual([])
})
