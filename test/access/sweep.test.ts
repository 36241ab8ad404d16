import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantActions } from '../../src/grid/index.ts'
import { purposes, type Purpose } from '../../src/kernel/grants.ts'
import { testApp, type TestApp } from '../support/app.ts'
import { cells, type AccessCase, type Cell, type SweepWorld } from './harness.ts'
import { layGround } from '../support/ground.ts'

const modules = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.cases.ts'))
const cases = (
  await Promise.all(
    modules.map(
      async (name) =>
        ((await import(/* @vite-ignore */ join(import.meta.dirname, name))) as { cases: AccessCase[] }).cases,
    ),
  )
).flat()
const sessionOnly = new Set(['own', 'staff', 'signedIn'])

let app: TestApp
let world: SweepWorld
const swept = new Map<string, Set<Cell>>()

beforeAll(async () => {
  app = await testApp()
  world = await makeWorld(app)
  await app.startWorkers()
}, 60_000)
afterAll(() => app.close())

/** Every action of the house: what posts give and what administrators' seats give, as the routes themselves ask. */
const everyAction = (): string[] => [
  ...new Set([
    ...grantActions,
    ...app.http.routeTable.map(({ access }) => access).filter((word) => word.includes('.')),
  ]),
]

const grantsAt = (path: string, stated: readonly Purpose[]) =>
  everyAction().flatMap((action) => stated.map((purpose) => ({ action, path, purpose })))

async function makeWorld(house: TestApp): Promise<SweepWorld> {
  const ground = await layGround(house)
  const served = purposes.filter((purpose) => purpose !== 'statistics')
  const right = house.as({
    label: '王店镇平台调度员',
    grants: grantsAt(ground.rightPlace, served),
    secondFactorAt: house.clock.now(),
  })
  const wrongPlace = house.as({
    label: '别处',
    grants: grantsAt(ground.wrongPlace, purposes),
    secondFactorAt: house.clock.now(),
  })
  const wrongPurpose = house.as({
    label: '统计',
    grants: grantsAt(ground.rightPlace, ['statistics']),
    secondFactorAt: house.clock.now(),
  })
  const owner = house.as({ kind: 'resident', label: '居民' })
  const other = house.as({ kind: 'resident', label: '居民' })
  const seat = (county: string) =>
    house.as({ county, label: '管理员', grants: grantsAt(county, served), secondFactorAt: house.clock.now() }).token
  const seats = (county: string) => ({ system: seat(county), security: seat(county), audit: seat(county) })
  return {
    app: house,
    county: ground.county,
    rightPlace: ground.rightPlace,
    wrongPlace: ground.wrongPlace,
    tokens: { right: right.token, wrongPlace: wrongPlace.token, wrongPurpose: wrongPurpose.token },
    accounts: { right: right.id, wrongPlace: wrongPlace.id, wrongPurpose: wrongPurpose.id },
    residents: { owner: owner.token, other: other.token, ownerId: owner.id, otherId: other.id },
    administrators: { ...seats(ground.county), otherCounty: seats('330421') },
  }
}

async function send(
  route: string,
  request: Awaited<ReturnType<AccessCase['prepare']>>,
  token: string | null,
  headers = {},
) {
  const method = route.split(' ')[0] as 'GET' | 'POST'
  const sent = await app.http.inject({
    method,
    url: request.url,
    headers: { ...request.headers, ...headers, ...(token && { authorization: `Bearer ${token}` }) },
    ...(request.payload !== undefined && { payload: request.payload as object }),
  })
  return { status: sent.statusCode, text: sent.body }
}

const isRefused = (status: number): boolean => [401, 403, 404].includes(status)

function note(route: string, cell: Cell): void {
  const seen = swept.get(route) ?? new Set<Cell>()
  swept.set(route, seen.add(cell))
}

describe.each(cases)('$route', (tried: AccessCase) => {
  it('is closed to nobody, the wrong place and the wrong purpose, and the same bytes succeed from the right one', async () => {
    const entry = app.http.routeTable.find((row) => `${row.method} ${row.url}` === tried.route)
    expect(entry, 'the route stands in the table').toBeDefined()
    const actors = { ...world.tokens, ...tried.actors?.(world) }
    const request = await tried.prepare(world)
    const secrets = tried.secrets?.(world) ?? []
    const leaks = (text: string): string[] => secrets.filter((secret) => text.includes(secret))

    const nobody = await send(tried.route, request, null)
    expect(nobody.status, `nobody: ${nobody.text}`).toBe(401)
    note(tried.route, 'nobody')

    const wrongPlace = await send(tried.route, request, actors.wrongPlace)
    if (tried.wrongPlace === 'ownData') expect(wrongPlace.status, wrongPlace.text).toBeLessThan(500)
    else expect(isRefused(wrongPlace.status), `wrong place got ${wrongPlace.status}: ${wrongPlace.text}`).toBe(true)
    expect(leaks(wrongPlace.text)).toEqual([])
    note(tried.route, 'wrongPlace')

    const byHeader = tried.wrongPurpose === 'header' || sessionOnly.has(entry!.access)
    const wrongPurpose = byHeader
      ? await send(tried.route, request, actors.right, { 'tongxin-purpose': 'statistics' })
      : await send(tried.route, request, actors.wrongPurpose)
    expect(wrongPurpose.status, `wrong purpose: ${wrongPurpose.text}`).toBe(403)
    expect(wrongPurpose.text).toContain('kernel.wrong_purpose')
    note(tried.route, 'wrongPurpose')

    const right = await send(tried.route, request, actors.right)
    expect(right.status, `right place: ${right.text}`).toBeGreaterThanOrEqual(200)
    expect(right.status, `right place: ${right.text}`).toBeLessThan(300)
    note(tried.route, 'right')
  })
})

describe('the route table', () => {
  it('has every closed route swept in all four cells, and counts them', () => {
    const closed = app.http.routeTable
      .filter(({ access }) => access !== 'public')
      .map(({ method, url }) => `${method} ${url}`)
    const missing = closed.filter((route) => swept.get(route)?.size !== cells.length)
    expect(missing, 'routes without all four cells').toEqual([])
    expect(closed.length).toBeGreaterThan(30)
    const count = [...swept.values()].reduce((sum, seen) => sum + seen.size, 0)
    process.stdout.write(
      `access sweep: ${swept.size} closed routes, ${count} cells, ${app.http.routeTable.length - closed.length} public routes\n`,
    )
  })

  it('names public routes one by one, so that none becomes public unseen', () => {
    const open = app.http.routeTable
      .filter(({ access }) => access === 'public')
      .map(({ method, url }) => `${method} ${url}`)
    expect(open.toSorted()).toMatchSnapshot()
  })

  it('gives every route an answer schema, every write a body limit, and every list a page limit', () => {
    const exempt = /\/(openapi\.json|content|thumbnail|original|:what|events|offline-page)$/
    const wrong = app.http.routeTable.filter(({ url, hasResponseSchema }) => !hasResponseSchema && !exempt.test(url))
    expect(wrong.map(({ method, url }) => `${method} ${url}`)).toEqual([])
    // A roster of a million rows goes to the store as it comes, encrypted, and is cut off by what arrived.
    const streamed = new Set(['/api/v1/registry/imports'])
    for (const { bodyLimit, url } of app.http.routeTable) {
      const most = streamed.has(url) ? 301 : 64
      expect(bodyLimit, url).toBeLessThanOrEqual(most * 1024 * 1024)
    }
  })
})
