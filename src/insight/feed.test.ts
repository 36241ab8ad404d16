import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../test/support/ground.ts'
import type { Grant } from '../kernel/grants.ts'
import type { Receipt } from '../loop/contract.ts'
import type { WallChange, WallPoints, WallTick } from './contract.ts'
import { feedOf } from './feed.ts'

let house: TestApp
let port: number
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  await house.startWorkers()
  await house.http.listen({ port: 0, host: '127.0.0.1' })
  port = (house.http.server.address() as AddressInfo).port
})
afterAll(() => house.close())

interface Message {
  id: string | undefined
  event: string
  data: unknown
}

/** One open stream, as a browser holds it. */
class Stream {
  readonly messages: Message[] = []
  ended = false
  status = 0
  body = ''
  #answer: IncomingMessage | undefined

  static async open(token: string, area: string, headers: Record<string, string> = {}): Promise<Stream> {
    const stream = new Stream()
    const asked = request({
      port,
      host: '127.0.0.1',
      path: `/api/v1/wall/events?area=${encodeURIComponent(area)}`,
      headers: { authorization: `Bearer ${token}`, ...headers },
    })
    asked.end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    stream.#answer = answer
    stream.status = answer.statusCode ?? 0
    answer.setEncoding('utf8')
    answer.on('data', (text: string) => stream.#take(text))
    answer.once('end', () => (stream.ended = true))
    answer.on('error', () => (stream.ended = true))
    return stream
  }

  #take(text: string): void {
    this.body += text
    const parts = this.body.split('\n\n')
    this.body = parts.pop() ?? ''
    for (const part of parts) {
      const fields = Object.fromEntries(
        part.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
      )
      if (fields['event'] === undefined) continue
      this.messages.push({ id: fields['id'], event: fields['event'], data: JSON.parse(fields['data'] ?? 'null') })
    }
  }

  async waitFor(found: (message: Message) => boolean): Promise<Message> {
    for (let turn = 0; turn < 200; turn++) {
      const message = this.messages.find(found)
      if (message) return message
      await sleep(50)
    }
    throw new Error(`not among ${JSON.stringify(this.messages)}`)
  }

  async waitForEnd(): Promise<void> {
    for (let turn = 0; turn < 100 && !this.ended; turn++) await sleep(50)
    expect(this.ended).toBe(true)
  }

  close(): void {
    this.#answer?.destroy()
  }
}

const holder = (role: string, path: string) => house.as({ id: holderId(role, path), label: role })
const resident = () => house.as({ kind: 'resident', label: '居民' })
async function report(areaPath: string): Promise<Receipt> {
  const body = { kind: 'event', category: '0101', text: '红联村张三家门口 13812345678', areaPath }
  const answer = await resident().post<Receipt>('/api/v1/matters', body)
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const tells = (id: string) => (message: Message) =>
  message.event === 'change' && (message.data as WallChange).items.some((item) => item.matterId === id)

test('a listener hears of its own subtree within moments, gets the figures, and no personal data', async () => {
  const [secretary, foreign] = [holder('villageSecretary', paths.village), holder('townDispatcher', paths.otherTown)]
  const here = await Stream.open(secretary.token, paths.village)
  const elsewhere = await Stream.open(foreign.token, paths.otherTown)
  expect(here.status).toBe(200)
  const { id, number } = await report(paths.right)
  const change = (await here.waitFor(tells(id))).data as WallChange
  const item = change.items.find(({ matterId }) => matterId === id)!
  expect(item).toMatchObject({ what: 'reported', number, areaPath: paths.right })
  const ticked = await here.waitFor(
    ({ event, data }) => event === 'figures' && (data as WallTick).figures.openedToday >= 1,
  )
  expect((ticked.data as WallTick).children.map(({ path }) => path)).toEqual([paths.grid])
  expect(JSON.stringify(here.messages)).not.toMatch(/张三|138/)
  expect(elsewhere.messages.some(({ event }) => event === 'change')).toBe(false)
  here.close()
  elsewhere.close()
})

test('where exactly a matter lies is told to those alone who may read it', async () => {
  const counting = house.as({ grants: [{ action: 'insight.read', path: paths.town }] })
  const leader = holder('townLeader', paths.town)
  const streams = [await Stream.open(counting.token, paths.town), await Stream.open(leader.token, paths.town)] as const
  const body = { kind: 'event', category: '0101', text: '门口积水', position: middleOf(paths.right) }
  const { id } = (await resident().post<Receipt>('/api/v1/matters', body)).body
  const points = await Promise.all(
    streams.map(async (stream) => {
      const { data } = await stream.waitFor(tells(id))
      stream.close()
      return (data as WallChange).items.find(({ matterId }) => matterId === id)?.point
    }),
  )
  const { longitude, latitude } = middleOf(paths.right)
  expect(points).toEqual([null, [longitude, latitude]])
  const seen = async (who: typeof leader) => {
    const { items } = (await who.get<WallPoints>(`/api/v1/wall/points?area=${encodeURIComponent(paths.town)}`)).body
    const wall = await who.get(`/api/v1/wall/matters?area=${encodeURIComponent(paths.town)}`)
    const missed = await who.get(`/api/v1/wall/events?follow=false&area=${encodeURIComponent(paths.town)}`, {
      'last-event-id': '-1',
    })
    return [items.some((item) => item.id === id), `${wall.text}${missed.text}`.includes(String(longitude))]
  }
  expect(await seen(leader)).toEqual([true, true])
  expect(await seen(counting)).toEqual([false, false])
})

test('whoever was cut off is told what was missed, in order and once; too long away, to read anew', async () => {
  const leader = holder('townLeader', paths.town)
  const first = await Stream.open(leader.token, paths.town)
  const one = await report(paths.right)
  const heard = await first.waitFor(tells(one.id))
  first.close()
  const [two, three] = [await report(paths.beside), await report(paths.right)]
  await sleep(1500)
  const again = await Stream.open(leader.token, paths.town, { 'last-event-id': heard.id! })
  await again.waitFor(tells(three.id))
  const told = again.messages
    .filter(({ event }) => event === 'change')
    .flatMap(({ data }) => (data as WallChange).items)
    .map(({ leaf, matterId }) => ({ leaf, matterId }))
  expect(told.map(({ matterId }) => matterId).toSorted()).toEqual([two.id, three.id].toSorted())
  expect(told).toEqual(told.toSorted((one, other) => one.leaf - other.leaf))
  again.close()
  const asked = await leader.get(`/api/v1/wall/events?follow=false&area=${encodeURIComponent(paths.town)}`, {
    'last-event-id': heard.id!,
  })
  expect(asked.text).toContain(two.id)
  expect(asked.text).toContain('event: figures')
  const lost = await leader.get(`/api/v1/wall/events?follow=false`, { 'last-event-id': '-5000' })
  expect(lost.text).toContain('event: reset')
  const odd = await leader.get(`/api/v1/wall/events?follow=false`, { 'last-event-id': 'abc' })
  expect(odd.status).toBe(400)
})

test('a stream ends when the session is over or the post is lost', async () => {
  const grants = [{ action: 'insight.read', path: paths.town }]
  const person = house.as({ grants })
  const stream = await Stream.open(person.token, paths.town)
  await stream.waitFor(({ event }) => event === 'ready')
  await feedOf(house.app).check()
  expect(stream.ended).toBe(false)
  const { grantsOf } = house.app.ports.grants
  house.app.ports.grants = { grantsOf: async (): Promise<readonly Grant[]> => [] }
  await feedOf(house.app).check()
  house.app.ports.grants = { grantsOf }
  await stream.waitForEnd()
  expect(stream.messages.at(-1)?.event).toBe('ended')

  const other = house.as({ grants })
  const second = await Stream.open(other.token, paths.town)
  await second.waitFor(({ event }) => event === 'ready')
  const { resolve } = house.app.ports.sessions
  house.app.ports.sessions = { resolve: async () => null }
  await feedOf(house.app).check()
  house.app.ports.sessions = { resolve }
  await second.waitForEnd()
})

test('an account holds a limited number of streams open', async () => {
  const person = house.as({ grants: [{ action: 'insight.read', path: paths.grid }] })
  const streams: Stream[] = []
  for (let at = 0; at < 8; at++) streams.push(await Stream.open(person.token, paths.grid))
  expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
  const ninth = await Stream.open(person.token, paths.grid)
  expect(ninth.status).toBe(429)
  streams.pop()!.close()
  await sleep(200)
  const next = await Stream.open(person.token, paths.grid)
  expect(next.status).toBe(200)
  for (const stream of [...streams, next]) stream.close()
})

test('a house that stops ends its streams at once', async () => {
  const own = await testApp({ database: house.database })
  await own.http.listen({ port: 0, host: '127.0.0.1' })
  const before = port
  port = (own.http.server.address() as AddressInfo).port
  const stream = await Stream.open(own.as({ grants: [{ action: 'insight.read', path: paths.town }] }).token, paths.town)
  port = before
  await stream.waitFor(({ event }) => event === 'ready')
  const begun = performance.now()
  await own.close()
  expect(performance.now() - begun).toBeLessThan(5_000)
  await stream.waitForEnd()
  expect(stream.messages.at(-1)).toMatchObject({ event: 'ended', data: { reason: 'closing' } })
})
