import { expect, test } from 'vitest'
import { isCitizenId, isMobile } from '../kernel/codes.ts'
import { gaoqiaoFamilies, honglianFamilies } from './seed-estates.ts'

const TODAY = '2026-11-21'

test('Gaoqiao Garden has its figures: 3,723 flats, 12,560 people who live there, 6,340 of them new', () => {
  const homes = gaoqiaoFamilies(TODAY)
  const people = homes.flatMap((home) => home.people)
  const living = people.filter(({ ties }) => ties.some(({ livesHere }) => livesHere))
  expect(homes.flatMap(({ building }) => building.doors)).toHaveLength(3_723)
  expect(living).toHaveLength(12_560)
  expect(living.filter(({ registration }) => registration === 'floating')).toHaveLength(6_340)
  expect(
    people.filter(({ citizenId, phone }) => !isCitizenId(citizenId, TODAY) || (phone && !isMobile(phone))),
  ).toEqual([])
  expect(new Set(people.map(({ citizenId }) => citizenId)).size).toBe(people.length)
  const phones = people.flatMap(({ phone }) => phone ?? [])
  expect(new Set(phones).size).toBe(phones.length)
})

test('the same people at every call, and the demo’s residents among them', () => {
  expect(honglianFamilies(TODAY)).toEqual(honglianFamilies(TODAY))
  const phones = honglianFamilies(TODAY).flatMap(({ people }) => people.map(({ phone }) => phone))
  expect(phones).toContain('19911000001')
})
