import { expect, test } from 'vitest'
import { checkProofs, proofOf, proofsIn } from './proofs.ts'

const leaf = (entry: string) => ({ leaf: btoa(JSON.stringify({ entry })) })

test('one proof, a list, and a list under items are all read', () => {
  expect(proofsIn({ leaf: 'x' })).toEqual([{ leaf: 'x' }])
  expect(proofsIn([1, 2])).toEqual([1, 2])
  expect(proofsIn({ items: [1, 2] })).toEqual([1, 2])
})

test('the proof of one entry is found by what its leaf says', () => {
  expect(proofOf('b', [leaf('a'), leaf('b')])).toEqual(leaf('b'))
  expect(proofOf('c', [leaf('a'), { leaf: '%' }, null])).toBeUndefined()
})

test('what is no proof is said to be none, and never holds', async () => {
  expect(await checkProofs('not json')).toBeUndefined()
  expect(await checkProofs('{"items": []}')).toBeUndefined()
  expect((await checkProofs('{"hello": 1}'))?.every((verdict) => verdict.holds)).toBe(false)
})
