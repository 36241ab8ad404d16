import { Compile } from 'typebox/compile'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, hasGrant, isWithin, requireGrant } from '../../kernel/grants.ts'
import { decodeCursor, encodeCursor } from '../../kernel/pages.ts'
import { listFiles } from '../../files/index.ts'
import { areaNames, findSetting, offerSetting } from '../../grid/index.ts'
import { namesOf } from '../../identity/index.ts'
import { statesOf } from '../../loop/index.ts'
import { categoryName, currentKind } from '../../packs/index.ts'
import {
  DiarySetting,
  type AskAreaMonth,
  type DiaryEntry,
  type DiaryHistory,
  type DiaryMonth,
  type DiaryOrigin,
  type DiaryPage,
  type DiaryTerms,
  type DiaryView,
  type ListDiary,
  type ListMine,
} from './contract.ts'
import { keptUntil, kindName, maskWords, shippedSetting, spanOf, type Words } from './rules.ts'
import * as store from './store.ts'

export const DIARY_SETTING = 'duty.diary'
const fits = Compile(DiarySetting)
offerSetting(DIARY_SETTING, (value) => {
  if (!fits.Check(value)) return false
  const codes = value.kinds.map(({ code }) => code)
  return new Set(codes).size === codes.length
})

/** The county's kinds of entries and how long words are kept; the shipped ones where it has set nothing. */
export const settingOf = async (cmd: Command): Promise<DiarySetting> =>
  (await findSetting<DiarySetting>(cmd, DIARY_SETTING)) ?? shippedSetting

const inUse = (kinds: DiarySetting['kinds']) => kinds.filter(({ gone }) => !gone)

/** What somebody may choose from when writing, in the reader's language. */
export async function diaryTerms(cmd: Command): Promise<DiaryTerms> {
  const [{ kinds, keepDays }, pack] = await Promise.all([settingOf(cmd), currentKind(cmd, 'event')])
  return {
    kinds: inUse(kinds).map((kind) => ({
      code: kind.code,
      name: cmd.locale === 'en' ? kind.en : kind.zh,
      category: kind.category,
      categoryName: categoryName(pack, kind.category, cmd.locale),
    })),
    keepDays,
    mayWrite: holdsAnywhere(cmd, 'duty.write'),
    mayRead: holdsAnywhere(cmd, 'duty.read'),
    mayVisit: holdsAnywhere(cmd, 'registry.visit'),
    mayPlan: holdsAnywhere(cmd, 'registry.campaign'),
  }
}

const holdsAnywhere = (cmd: Command, action: string): boolean =>
  cmd.grants.some((grant) => grant.action === action && grant.purpose === cmd.purpose)

const LIMIT = 20
const noWords: Words = { text: '', visited: '', address: '' }

/** The words of an entry; of a correction also why. */
function openWords(cmd: Command, sealed: Buffer | null): Words & { reason: string } {
  return { reason: '', ...(sealed ? (JSON.parse(cmd.vault.open(cmd.county, sealed)) as Words) : noWords) }
}

/** Rows in the reader's language; names, places and cases are asked for at once. */
async function present(cmd: Command, rows: readonly store.DiaryRow[]): Promise<DiaryEntry[]> {
  const matters = rows.map((row) => row.matterId).filter((id) => id !== null)
  const paths = rows.map((row) => row.areaPath)
  const authors = rows.map((row) => row.authorId)
  const [{ kinds }, names, areas, states] = await Promise.all([
    settingOf(cmd),
    namesOf(cmd, authors),
    areaNames(cmd, paths),
    statesOf(cmd, matters),
  ])
  return rows.map((row) => {
    const mine = row.authorId === cmd.actor.id
    const words = openWords(cmd, row.wordsSealed)
    const { text, visited, address } = mine ? words : maskWords(words)
    return {
      id: row.id,
      version: row.version,
      metAt: row.metAt.toISOString(),
      metOn: row.metOn,
      kind: row.kind,
      kindName: kindName(kinds, row.kind, cmd.locale),
      areaPath: row.areaPath,
      areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
      visited,
      address,
      text,
      done: row.done,
      photos: row.photos,
      followUpOn: row.followUpOn,
      followed: row.followedBy !== null,
      authorName: names.get(row.authorId) ?? '',
      authorPost: row.authorLabel,
      mine,
      forgotten: row.wordsSealed === null,
      matter: (row.matterId && states.get(row.matterId)) || null,
    }
  })
}

/** An entry with what its page needs. */
export async function viewOf(cmd: Command, row: store.DiaryRow): Promise<DiaryView> {
  const [[shown], { kinds, keepDays }, pack, files, versions] = await Promise.all([
    present(cmd, [row]),
    settingOf(cmd),
    currentKind(cmd, 'event'),
    row.photos > 0 && row.wordsSealed ? listFiles(cmd, 'diary', row.id) : [],
    store.listVersions(cmd.tx, cmd.county, row.id),
  ])
  const category = kinds.find(({ code }) => code === row.kind)?.category ?? ''
  const mayChange = row.authorId === cmd.actor.id && row.wordsSealed !== null && row.matterId === null
  const { longitude, latitude, accuracyMetres } = row
  return {
    ...shown!,
    position: longitude === null || latitude === null ? null : { longitude, latitude, accuracyMetres },
    writtenAt: row.writtenAt.toISOString(),
    keptUntil: keptUntil(row.writtenAt, keepDays),
    fileIds: files.map(({ id }) => id),
    followsId: row.followsId,
    followedBy: row.followedBy,
    corrections: Math.max(0, versions.length - 1),
    mayCorrect: mayChange,
    mayFile: mayChange && hasGrant(cmd, 'duty.write', row.areaPath),
    mayUnmask: row.authorId !== cmd.actor.id && row.wordsSealed !== null && hasGrant(cmd, 'duty.unmask', row.areaPath),
    category,
    categoryName: categoryName(pack, category, cmd.locale),
  }
}

/** The entry, if the actor wrote it or may read diaries where it lies. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
async function getReadable(cmd: Command, id: string): Promise<store.DiaryRow> {
  const row = await store.findEntry(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  if (row.authorId !== cmd.actor.id) requireGrant(cmd, 'duty.read', row.areaPath)
  return row
}

export const showDiary = async (cmd: Command, id: string): Promise<DiaryView> => viewOf(cmd, await getReadable(cmd, id))

/** Whether the actor may see an entry's photos; for the files' gate, which asks and does not refuse. */
export async function maySeeDiary(cmd: Command, id: string): Promise<boolean> {
  const row = await store.findEntry(cmd.tx, cmd.county, id)
  return row !== undefined && mayRead(cmd, row)
}

const mayRead = (cmd: Command, row: store.DiaryRow): boolean =>
  row.authorId === cmd.actor.id || hasGrant(cmd, 'duty.read', row.areaPath)

/** Names the entry that a case came from, to those who may read it. */
export async function showOrigin(cmd: Command, matterId: string): Promise<DiaryOrigin> {
  const row = await store.findByMatter(cmd.tx, cmd.county, matterId)
  if (!row || !mayRead(cmd, row)) return { id: null, kindName: '', authorName: '' }
  const [shown] = await present(cmd, [row])
  return { id: row.id, kindName: shown?.kindName ?? '', authorName: shown?.authorName ?? '' }
}

type Narrowed = Pick<ListDiary, 'day' | 'month' | 'kind' | 'open' | 'after' | 'limit' | 'matter'>

async function pageOf(
  cmd: Command,
  query: Narrowed,
  whose: Pick<store.DiaryQuery, 'author' | 'paths'>,
): Promise<DiaryPage> {
  const limit = query.limit ?? LIMIT
  const [from, to] = query.month === undefined ? [] : spanOf(query.month)
  const rows = await store.listEntries(cmd.tx, {
    county: cmd.county,
    ...whose,
    from: query.day ?? from,
    to: query.day === undefined ? to : nextDay(query.day),
    kind: query.kind,
    matter: query.matter,
    open: query.open ?? false,
    after: cursorOf(query.after),
    limit: limit + 1,
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await present(cmd, shown),
    next: rows.length > limit && last ? encodeCursor([last.metAt.toISOString(), last.id]) : null,
  }
}

const nextDay = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

function cursorOf(after: string | undefined): [Date, string] | null {
  if (after === undefined) return null
  const [at, id] = decodeCursor(after, 2)
  const metAt = new Date(String(at))
  if (Number.isNaN(metAt.getTime())) throw new Fault('kernel.bad_request', { field: 'after' })
  return [metAt, String(id)]
}

function selfOf(cmd: Command): string {
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  return cmd.actor.id
}

/** One's own diary, newest visit first. */
export const listMyDiary = (cmd: Command, query: ListMine): Promise<DiaryPage> =>
  pageOf(cmd, query, { author: selfOf(cmd), paths: undefined })

/** Where the actor may read; an area asked for must lie inside. @throws kernel.forbidden, kernel.wrong_purpose */
function pathsFor(cmd: Command, area: string | undefined): string[] {
  const granted = grantedPaths(cmd, 'duty.read')
  if (area === undefined) return granted
  if (!granted.some((root) => isWithin(area, root))) requireGrant(cmd, 'duty.read', area)
  return [area]
}

/** The diaries of the places that one answers for. */
export const listDiary = (cmd: Command, query: ListDiary): Promise<DiaryPage> =>
  pageOf(cmd, query, { author: query.author, paths: pathsFor(cmd, query.area) })

async function monthOf(cmd: Command, month: string, counts: store.DayCount[]): Promise<DiaryMonth> {
  const { kinds } = await settingOf(cmd)
  const sum = (figure: (count: store.DayCount) => number) => counts.reduce((total, count) => total + figure(count), 0)
  const by = (key: (count: store.DayCount) => string): [string, number][] => {
    const sums = new Map<string, number>()
    for (const count of counts) sums.set(key(count), (sums.get(key(count)) ?? 0) + count.count)
    return [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1))
  }
  return {
    month,
    total: sum(({ count }) => count),
    done: sum(({ done }) => done),
    cases: sum(({ cases }) => cases),
    days: by(({ on }) => on).map(([on, count]) => ({ on, count })),
    kinds: by(({ kind }) => kind).map(([kind, count]) => ({
      kind,
      kindName: kindName(kinds, kind, cmd.locale),
      count,
    })),
  }
}

/** One's own month: how many entries on which day, and of which kind. */
export const showMyMonth = async (cmd: Command, month: string): Promise<DiaryMonth> =>
  monthOf(cmd, month, await store.countMine(cmd.tx, cmd.county, selfOf(cmd), spanOf(month)))

/** The same of an area. @throws kernel.forbidden, kernel.wrong_purpose */
export const showMonth = async (cmd: Command, { month, area }: AskAreaMonth): Promise<DiaryMonth> =>
  monthOf(cmd, month, await store.countWithin(cmd.tx, cmd.county, pathsFor(cmd, area), spanOf(month)))

/** Every version of an entry, the latest first. */
export async function showHistory(cmd: Command, id: string): Promise<DiaryHistory> {
  const row = await getReadable(cmd, id)
  const mine = row.authorId === cmd.actor.id
  const [{ kinds }, versions] = await Promise.all([settingOf(cmd), store.listVersions(cmd.tx, cmd.county, id)])
  const accounts = versions.map(({ byAccount }) => byAccount)
  const names = await namesOf(cmd, accounts)
  return {
    items: versions.map((version) => {
      const words = openWords(cmd, version.wordsSealed)
      return {
        version: version.version,
        at: version.at.toISOString(),
        byName: names.get(version.byAccount) ?? '',
        kindName: kindName(kinds, version.kind, cmd.locale),
        ...(mine ? words : maskWords(words)),
        done: version.done,
        followUpOn: version.followUpOn,
      }
    }),
  }
}
