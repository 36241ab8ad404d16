import { expect, test } from 'vitest'
import { messyRoster } from '../../../test/support/messy-roster.ts'
import { readWholeSheets } from '../../kernel/sheets.ts'
import { headingOf } from './headings.ts'
import { RowReader } from './rows.ts'

test('tmp', async () => {
  const roster = await messyRoster(4)
  const [sheet] = await readWholeSheets(roster.bytes)
  const heading = headingOf(sheet!.rows, 'people')!
  console.log(heading)
  const reader = new RowReader('people', heading, '2026-11-21', '高桥花园')
  const read = sheet!.rows.map((row) => reader.read(row)).filter((row) => row !== undefined)
  console.log(read.length, read.filter((r) => r.noise).map((r) => r.cells.join('|')), roster.people, roster.repeated, roster.noise)
  console.log(read.slice(0, 4).map((r) => ({ ...r, cells: 0 })), read.filter((r) => r.person).length)
  const wrong = read.filter((r) => r.problems.length > 0)
  console.log(wrong.map((r) => [r.number, r.problems[0]!.field, r.problems[0]!.zh.slice(0, 30)]), roster.faults.map((f) => [f.row, f.column, f.kind, f.written]))
  expect(new Set(read.filter((r) => !r.noise).map((r) => JSON.stringify(r.door))).size).toBe(roster.flats)
})
