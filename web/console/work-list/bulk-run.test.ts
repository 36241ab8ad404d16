import { expect, test, vi } from 'vitest'
import type { BulkRow } from './bulk-run.ts'

vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => {} })
vi.stubGlobal('location', { pathname: '/console', search: '' })
const { Refusal } = await import('../../shared/api.ts')
const { anew, bulkRow, runBulk } = await import('./bulk-run.ts')

const five = (): BulkRow[] =>
  Array.from({ length: 5 }, (_, at) => bulkRow({ id: `m${at}`, number: `${at}`, summary: `事${at}`, version: 1 }))
const fates = (rows: readonly BulkRow[]) => rows.map(({ fate }) => fate)

test('one that somebody else moved stops none of the others, and is made anew on its new version with another key', async () => {
  const rows = five()
  const sent: string[] = []
  const move = async ({ id, key }: BulkRow) => {
    sent.push(key)
    if (id === 'm2' && sent.length < 6) throw new Refusal(409, { code: 'kernel.stale', title: '别人刚刚更新了' })
  }
  const first = await runBulk(rows, move, () => {})
  expect(fates(first)).toEqual(['done', 'done', 'stale', 'done', 'done'])
  const second = await runBulk(anew(first, new Map([['m2', 4]])), move, () => {})
  expect(fates(second)).toEqual(['done', 'done', 'done', 'done', 'done'])
  expect(second[2]?.version).toBe(4)
  expect(new Set(sent).size).toBe(6)
})

test('a lost line stops the rest, and going on repeats the one without an answer by its own key', async () => {
  const rows = five()
  const sent: string[] = []
  let down = true
  const move = async ({ id, key }: BulkRow) => {
    sent.push(key)
    if (id === 'm1' && down) throw new Refusal(0, {})
  }
  const first = await runBulk(rows, move, () => {})
  expect(fates(first)).toEqual(['done', 'unanswered', 'waiting', 'waiting', 'waiting'])
  down = false
  expect(fates(await runBulk(first, move, () => {}))).toEqual(['done', 'done', 'done', 'done', 'done'])
  expect(sent[1]).toBe(sent[2])
  expect(sent).toHaveLength(6)
})

test('what is refused is not tried again', async () => {
  const first = await runBulk(
    five(),
    async () => {
      throw new Refusal(403, { code: 'loop.not_holder' })
    },
    () => {},
  )
  expect(fates(first)).toEqual(Array.from({ length: 5 }, () => 'refused'))
  let asked = 0
  await runBulk(
    first,
    async () => asked++,
    () => {},
  )
  expect(asked).toBe(0)
})
