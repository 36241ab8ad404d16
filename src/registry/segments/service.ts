import { Compile } from 'typebox/compile'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, requireActor } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf } from '../../kernel/pages.ts'
import { cleanText } from '../../kernel/text.ts'
import { areaNames, areasBelow } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { rangesOf } from '../access.ts'
import { dayOf } from '../rules.ts'
import { askedBy, countQuestion, pageOfIds, type SegmentIds } from './asking.ts'
import {
  Question,
  SegmentClosed,
  SegmentSaved,
  type AskQuestion,
  type ChangeSegment,
  type CloseSegment,
  type ListSegments,
  type SaveSegment,
  type Segment,
  type SegmentCount,
  type SegmentPage,
  type SegmentSample,
  type SegmentTerms,
} from './contract.ts'
import { detailOf, termsIn } from './words.ts'
import * as store from './store.ts'

const fits = Compile(Question)

/** A kept question as it stands today; one that no longer fits the schema is refused, never guessed. */
function questionOf(row: store.SegmentRow): Question {
  if (!fits.Check(row.question)) throw new Fault('kernel.conflict', { segment: row.id })
  return row.question
}

function selfOf(cmd: Command): string {
  requireActor(cmd, 'staff')
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  return cmd.actor.id
}

/** The widest place in which the caller may read: where a segment of theirs belongs. */
const ownPlace = (cmd: Command): string =>
  grantedPaths(cmd, 'registry.read').toSorted((one, other) => one.length - other.length)[0]!

async function present(cmd: Command, rows: readonly store.SegmentRow[]): Promise<Segment[]> {
  const areas = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    name: row.name,
    question: questionOf(row),
    shared: row.shared,
    mine: row.byAccount === cmd.actor.id,
    areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
    byLabel: row.byLabel,
    updatedAt: row.updatedAt.toISOString(),
  }))
}

/** What a question may ask, in the reader's language. @throws kernel.forbidden, kernel.wrong_purpose */
export async function segmentTerms(cmd: Command): Promise<SegmentTerms> {
  const ranges = rangesOf(grantedPaths(cmd, 'registry.read'))
  return {
    fields: termsIn(cmd.locale),
    campaigns: await store.listCampaigns(cmd.tx, cmd.county, ranges),
    maySample: cmd.purpose !== 'statistics',
    areaPath: ownPlace(cmd),
  }
}

const LIMIT = 20

/** One's own segments and those shared where one answers for a place. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listSegments(cmd: Command, query: ListSegments): Promise<SegmentPage> {
  const granted = grantedPaths(cmd, 'registry.read')
  const above = granted.flatMap((path) => path.split('/').map((_, at, codes) => codes.slice(0, at).join('/')))
  const limit = query.limit ?? LIMIT
  const rows = await store.listSegments(cmd.tx, cmd.county, {
    account: selfOf(cmd),
    ranges: rangesOf(granted),
    above: above.filter((path) => path !== ''),
    subject: query.subject ?? null,
    after: query.after ? String(decodeCursor(query.after, 1)[0]) : null,
    limit: limit + 1,
  })
  const page = pageOf(rows, limit, (row) => [row.id])
  return { ...page, items: await present(cmd, page.items) }
}

/** A segment that the caller may use. @throws kernel.not_found */
async function usable(cmd: Command, id: string): Promise<store.SegmentRow> {
  const row = await store.findSegment(cmd.tx, cmd.county, id)
  const granted = cmd.actor.kind === 'system' ? [cmd.county] : grantedPaths(cmd, 'registry.read')
  const reaches =
    row &&
    granted.some((path) => `${path}/`.startsWith(`${row.areaPath}/`) || `${row.areaPath}/`.startsWith(`${path}/`))
  const own = row?.byAccount === cmd.actor.id || cmd.actor.kind === 'system'
  if (!row || !(own || (row.shared && reaches))) throw new Fault('kernel.not_found')
  return row
}

export const showSegment = async (cmd: Command, id: string): Promise<Segment> =>
  (await present(cmd, [await usable(cmd, id)]))[0]!

/** Saves a question: the conditions alone; who fits is asked anew each time. */
export async function saveSegment(cmd: Command, input: SaveSegment): Promise<Segment> {
  const self = selfOf(cmd)
  const areaPath = ownPlace(cmd)
  askedBy(cmd, input.question, 'ids')
  const row: store.SegmentRow = {
    county: cmd.county,
    id: uuidv7(cmd.now),
    version: 1,
    areaPath,
    name: cleanText(input.name, { minLength: 1, maxLength: 60, path: 'name' }),
    question: { ...input.question },
    shared: input.shared,
    byAccount: self,
    byLabel: cmd.actor.label,
    createdAt: cmd.now,
    updatedAt: cmd.now,
    closedAt: null,
  }
  await store.insertSegment(cmd.tx, row)
  await record(cmd, SegmentSaved, row, bodyOf(row, input.question))
  return (await present(cmd, [row]))[0]!
}

const bodyOf = (row: store.SegmentRow, question: Question) => ({
  subject: question.subject,
  conditions: question.all.reduce((sum, { any }) => sum + any.length, 0),
  areaPath: row.areaPath,
  shared: row.shared,
})

async function lockOwn(cmd: Command, id: string, version: number): Promise<store.SegmentRow> {
  const self = selfOf(cmd)
  await usable(cmd, id)
  const row = await store.lockSegment(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  if (row.byAccount !== self) throw new Fault('registry.segment_not_yours')
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/** @throws registry.segment_not_yours, kernel.stale, and what saving throws */
export async function changeSegment(cmd: Command, id: string, input: ChangeSegment): Promise<Segment> {
  const row = await lockOwn(cmd, id, input.version)
  askedBy(cmd, input.question, 'ids')
  const change = {
    version: row.version + 1,
    name: cleanText(input.name, { minLength: 1, maxLength: 60, path: 'name' }),
    question: { ...input.question },
    shared: input.shared,
    updatedAt: cmd.now,
  }
  await store.saveSegment(cmd.tx, row, change)
  const next = { ...row, ...change }
  await record(cmd, SegmentSaved, next, bodyOf(next, input.question))
  return (await present(cmd, [next]))[0]!
}

/** Puts a segment away; what used it finds nobody any more. */
export async function closeSegment(cmd: Command, id: string, input: CloseSegment): Promise<Segment> {
  const row = await lockOwn(cmd, id, input.version)
  const change = { version: row.version + 1, closedAt: cmd.now, updatedAt: cmd.now }
  await store.saveSegment(cmd.tx, row, change)
  const next = { ...row, ...change }
  await record(cmd, SegmentClosed, next, { areaPath: row.areaPath })
  return (await present(cmd, [next]))[0]!
}

/** How many fit now, within what the caller may see. @throws registry.segment_condition, registry.segment_sensitive */
export async function countNow(cmd: Command, { question }: AskQuestion): Promise<SegmentCount> {
  const asked = askedBy(cmd, question, 'count')
  return countQuestion(cmd, asked, await placesIn(cmd, asked.ranges.low))
}

/** From so many places on, parts of a large place are chosen well enough. */
const PLACES_ENOUGH = 200

/** Paths of areas below some roots, in their order: going down level by level until there are enough. */
async function placesIn(cmd: Command, roots: readonly string[]): Promise<string[]> {
  let paths = [...roots]
  for (let level = 0; level < 4 && paths.length < PLACES_ENOUGH; level++) {
    const below = (await Promise.all(paths.map((path) => areasBelow(cmd, path)))).flat()
    if (below.length === 0) break
    paths = below.map(({ path }) => path)
  }
  return paths.toSorted()
}

const SAMPLE = 10

/** The first ten that fit. Not for figures. @throws kernel.wrong_purpose, and what counting throws */
export async function sampleNow(cmd: Command, { question }: AskQuestion): Promise<SegmentSample> {
  const asked = askedBy(cmd, question, 'ids')
  const { ids, next } = await pageOfIds(cmd, asked, { after: null, limit: SAMPLE + 1 })
  const rows = await store.listShown(cmd.tx, cmd.county, question.subject, {
    ids: ids.slice(0, SAMPLE),
    today: dayOf(cmd.now),
  })
  const areas = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  return {
    items: rows.map((row) => ({
      id: row.id,
      title: row.title,
      detail: detailOf(question.subject, row, cmd.locale),
      areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
      address: row.address,
    })),
    complete: next === null && ids.length <= SAMPLE,
  }
}

/**
 * Who or what fits a saved segment now, a page of ids at a time, within what the caller may see: for whatever addresses people
 * by a segment (signing, notices, points, visits).
 *
 * A page may be short, even empty, and still have a next one; each looks at 12,000 records at most.
 * @throws kernel.not_found for one that is closed or not shared with the caller, kernel.forbidden, registry.segment_sensitive
 */
export async function segmentIds(
  cmd: Command,
  id: string,
  page: { after: string | null; limit: number },
): Promise<SegmentIds & { subject: Question['subject'] }> {
  const question = questionOf(await usable(cmd, id))
  const found = await pageOfIds(cmd, askedBy(cmd, question, 'ids'), page)
  return { ...found, subject: question.subject }
}
