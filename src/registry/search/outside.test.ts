import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { county, testApp, type Asker, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { enterPerson } from '../../../test/support/registry.ts'
import { isWithin } from '../../kernel/grants.ts'
import { findDuplicates } from '../duplicates/index.ts'
import type { DuplicatePage } from '../duplicates/contract.ts'
import type { SearchAnswer } from './contract.ts'

let house: TestApp
const families = ['张', '沈', '单', '欧阳']
const letters = ['伟', '丽', '明', '喆', '行']
const leaves = [paths.right, paths.beside, paths.wrong]
const scopes = [paths.county, paths.town, paths.village, paths.right, paths.beside, paths.otherTown]

interface Known {
  id: string
  name: string
  phone: string
  /** Everywhere by which they may be seen. */
  places: string[]
}
const known: Known[] = []

/** A small county of people with the same few names, phones that are alike, and homes in two places. */
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  await house.db.transaction(county, async (tx) => {
    for (let n = 0; n < 60; n++) {
      const name = `${families[n % 4]!}${letters[(n * 3) % 5]!}${n % 3 === 0 ? '' : letters[(n * 7 + 1) % 5]!}`
      const areaPath = leaves[n % 3]!
      const alsoAt = n % 5 === 0 ? [leaves[(n + 1) % 3]!] : []
      const phone = `1385730${String(1000 + (n % 20))}`
      const person = { name, areaPath, alsoAt, phone, bornOn: `19${60 + (n % 8)}-01-01` }
      const id = await enterPerson(tx, house.app.vault, person)
      known.push({ id, name, phone, places: [areaPath, ...alsoAt] })
    }
    await tx
      .insertInto('duplicateDue')
      .values(known.map(({ id }) => ({ county, personId: id, at: house.clock.now() })))
      .execute()
  })
  await findDuplicates(house.app, county)
}, 60_000)
afterAll(() => house.close())

const asks = (path: string): Asker =>
  house.as({ grants: ['registry.read', 'registry.merge'].map((action) => ({ action, path })) })
const placesOf = (id: string): string[] => known.find((one) => one.id === id)!.places
const seenFrom = (scope: string, id: string): boolean => placesOf(id).some((place) => isWithin(place, scope))

const question = fc.oneof(
  fc.constantFrom(...families).chain((family) => fc.constantFrom(...letters).map((letter) => family + letter)),
  fc.tuple(fc.constantFrom(...letters), fc.constantFrom(...letters)).map((pair) => pair.join('')),
  fc.constantFrom('zhangwei', 'zw', 'shanli', 'danli', '喆', 'weiming', 'ouyangwei'),
  fc.integer({ min: 1000, max: 1019 }).chain((tail) => fc.constantFrom(String(tail), `1385730${tail}`)),
  fc.string({ maxLength: 12 }),
)

it('search finds nobody who lies outside, and everybody inside who bears the name', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...scopes), question, async (scope, q) => {
      const answer = await asks(scope).post<SearchAnswer>('/api/v1/registry/search', { q, group: 'people', limit: 50 })
      expect(answer.status, answer.text).toBe(200)
      const found = answer.body.people.items
      for (const { id, address } of found) {
        expect(seenFrom(scope, id), `${q} in ${scope}`).toBe(true)
        if (address !== null) expect(isWithin(placesOf(id)[0]!, scope)).toBe(true)
      }
      const ids = new Set(found.map(({ id }) => id))
      expect(ids.size).toBe(found.length)
      for (const one of known) if (one.name === q && seenFrom(scope, one.id)) expect(ids.has(one.id)).toBe(true)
    }),
    { numRuns: 120 },
  )
})

it('no pair shows a person who lives outside', async () => {
  const counts: number[] = []
  for (const scope of scopes) {
    const answer = await asks(scope).get<DuplicatePage>('/api/v1/registry/duplicates?limit=100')
    for (const { one, other } of answer.body.items) {
      for (const { id } of [one, other]) expect(isWithin(placesOf(id)[0]!, scope)).toBe(true)
    }
    counts.push(answer.body.items.length)
  }
  expect(counts[0]).toBeGreaterThan(counts[3]!)
})
