import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Command } from '../../kernel/command.ts'
import { grantedPaths, isWithin, requireGrant, subtreeRange } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import { writeSheets } from '../../kernel/sheet-writer.ts'
import { areaNames, areasBelow, getArea } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { rangesOf } from '../access.ts'
import { figurePaths, getSeen, noFigures } from './campaigns.ts'
import { GapsExported, type AskGaps, type AskGapSheet, type Coverage, type Gap, type GapPage } from './contract.ts'
import { headOf, rangesFor } from './doors.ts'
import { dayOf } from './rules.ts'
import { countByArea, countByBuilding, countByCampaign, listGaps, type GapRow } from './target-store.ts'

/** Where one begins to look: the actor's own place, the campaign's where it lies inside. */
function startOf(paths: readonly string[], areaPaths: readonly string[]): string {
  const inside = areaPaths.filter((area) => paths.some((path) => isWithin(area, path)))
  const above = paths.filter((path) => areaPaths.some((area) => isWithin(path, area)))
  const starts = inside.length > 0 ? inside : above
  const first = starts[0] ?? areaPaths[0] ?? ''
  if (starts.length <= 1) return first
  const parts = first.split('/')
  while (parts.length > 1 && !starts.every((one) => isWithin(one, parts.join('/')))) parts.pop()
  return parts.join('/')
}

/** The part of an area in which the actor may count. */
function countedIn(paths: readonly string[], area: string): string[] {
  if (paths.some((path) => isWithin(area, path))) return [area]
  return paths.filter((path) => isWithin(path, area))
}

/**
 * How far a campaign has come in an area: it as a whole, what lies directly below, and in a leaf its buildings. Every figure
 * is counted from the doors as they are now.
 *
 * @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose, grid.unknown_area
 */
export async function showCoverage(cmd: Command, id: string, asked: string | undefined): Promise<Coverage> {
  const { row, areaPaths } = await getSeen(cmd, id)
  const paths = figurePaths(cmd)
  const path = asked ?? startOf(paths, areaPaths)
  const counted = countedIn(paths, path)
  if (counted.length === 0) requireGrant(cmd, 'registry.read', path)
  const { low, high } = rangesOf(counted)
  const depth = path.split('/').length + 1
  const [area, below, [total], byArea, buildings] = await Promise.all([
    getArea(cmd, path),
    areasBelow(cmd, path),
    countByCampaign(cmd.tx, cmd.county, [row.id], low, high),
    countByArea(cmd.tx, cmd.county, { ids: [row.id], low, high, depth }),
    countByBuilding(cmd.tx, cmd.county, row.id, ...leafRanges(path, counted)),
  ])
  const shown = byArea.filter((one) => one.path !== path).slice(0, 500)
  const names = await areaNames(cmd, [path, ...shown.map((one) => one.path)])
  const hasBelow = new Map(below.map((one) => [one.path, one.hasBelow]))
  return {
    area: { path, name: names.get(path)?.shortName ?? area.name },
    total: total ?? noFigures,
    below: await Promise.all(
      shown.map(async ({ campaignId: _id, path: one, ...figures }) => ({
        path: one,
        name: names.get(one)?.name ?? one,
        hasBelow: hasBelow.get(one) ?? false,
        head: hasBelow.get(one) === false ? await headOf(cmd, one) : '',
        ...figures,
      })),
    ),
    buildings: shown.length === 0 ? buildings : [],
  }
}

/** Buildings are counted of one area only, not of a town. */
const leafRanges = (path: string, counted: readonly string[]): [readonly string[], readonly string[]] =>
  counted.length === 1 && counted[0] === path ? [[path], [`${path}/`]] : [[], []]

const LIMIT = 50

function cursorOf(after: string | undefined): [string, string, string] | null {
  return after === undefined ? null : (decodeCursor(after, 3).map(String) as [string, string, string])
}

async function presentGaps(cmd: Command, rows: readonly GapRow[]): Promise<Gap[]> {
  const areas = [...new Set(rows.map(({ areaPath }) => areaPath))]
  const names = await areaNames(cmd, areas)
  const heads = new Map(await Promise.all(areas.map(async (path) => [path, await headOf(cmd, path)] as const)))
  return rows.map(({ sortKey: _key, visitedAt, areaPath, ...row }) => ({
    ...row,
    areaPath,
    areaName: names.get(areaPath)?.shortName ?? areaPath,
    responsible: heads.get(areaPath) ?? '',
    visitedAt: visitedAt?.toISOString() ?? null,
  }))
}

/** The doors that a campaign has not done, as work to do. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function showGaps(cmd: Command, id: string, query: AskGaps): Promise<GapPage> {
  const { low, high } = rangesFor(cmd, query.area)
  await getSeen(cmd, id)
  const limit = query.limit ?? LIMIT
  const asked = { id, low, high, standing: query.standing ?? null, after: cursorOf(query.after), limit: limit + 1 }
  const rows = await listGaps(cmd.tx, cmd.county, asked)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await presentGaps(cmd, shown),
    next: rows.length > limit && last ? encodeCursor([last.areaPath, last.sortKey, last.subjectId]) : null,
  }
}

const SHEET_ROWS_MAX = 20_000
const SHEET_PAGE = 1_000

const words = {
  'zh-CN': {
    sheet: '未完成清单',
    heads: ['微网格', '责任人', '地址', '户主', '情况', '应见人数', '未见人数', '上门次数', '最近上门', '下次上门'],
    standing: {
      done: '已完成',
      open: '未上门',
      nobodyHome: '家中无人',
      refused: '未让进门',
      person: '有人未见',
      questions: '有问题未问',
    },
    by: '导出人',
  },
  en: {
    sheet: 'Gaps',
    heads: [
      'Micro-grid',
      'Head',
      'Address',
      'Household',
      'State',
      'Persons',
      'Not met',
      'Tries',
      'Last visit',
      'Next visit',
    ],
    standing: {
      done: 'Done',
      open: 'Not visited',
      nobodyHome: 'Nobody home',
      refused: 'Refused',
      person: 'Somebody not met',
      questions: 'Questions left',
    },
    by: 'Exported by',
  },
} as const
const widths = [26, 12, 36, 12, 14, 10, 10, 10, 14, 14]

/**
 * The gaps as a workbook, marked with who took it out; each is a fact in the ledger.
 *
 * @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function gapSheet(cmd: Command, id: string, query: AskGapSheet): Promise<Buffer> {
  const area = query.area ?? grantedPaths(cmd, 'registry.campaign')[0] ?? cmd.county
  requireGrant(cmd, 'registry.campaign', area)
  const { row } = await getSeen(cmd, id)
  const [low, high] = subtreeRange(area)
  const gaps: GapRow[] = []
  let after: [string, string, string] | null = null
  for (;;) {
    const asked = { id, low: [low], high: [high], standing: query.standing ?? null, after, limit: SHEET_PAGE }
    const page = await listGaps(cmd.tx, cmd.county, asked)
    gaps.push(...page)
    const last = page.at(-1)
    if (page.length < SHEET_PAGE || !last || gaps.length >= SHEET_ROWS_MAX) break
    after = [last.areaPath, last.sortKey, last.subjectId]
  }
  const said = words[cmd.locale]
  const rows = (await presentGaps(cmd, gaps)).map((gap) => [
    gap.areaName,
    gap.responsible,
    gap.address,
    gap.head,
    said.standing[gap.standing],
    String(gap.persons),
    String(gap.missing),
    String(gap.tries),
    gap.visitedAt ? dayOf(new Date(gap.visitedAt)) : '',
    gap.nextOn ?? '',
  ])
  const title = [`${row.name} · ${said.sheet} · ${dayOf(cmd.now)} · ${said.by} ${cmd.actor.label}`]
  const sheet = { name: said.sheet, widths, headings: 2, rows: [title, [...said.heads], ...rows] }
  const bytes = await buffer(writeSheets([sheet]))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const exported = { campaignId: id, areaPath: area, rows: rows.length, sha256 }
  await record(cmd, GapsExported, { id: uuidv7(cmd.now), version: 1 }, exported)
  return bytes
}
