import { useCallback, useEffect, useState } from 'react'
import type { Door, DoorPage, DoorSubject, Round } from '../../../src/registry/visits/contract.ts'
import { keptAt, read, type Refusal } from '../api.ts'
import { t } from '../i18n/text.ts'
import { asRefusal } from '../loading.ts'
import { withStore } from '../offline/index.ts'
import type { Item } from '../offline/store.ts'

const pagesMax = 12
/** Micro-grids that a phone takes along at most. */
const areasMax = 6

const pathOf = (area: string) => `/visits/doors?area=${encodeURIComponent(area)}&limit=100`

/** All doors of a micro-grid, page by page; each page stays on the phone, and none that is no more. */
async function readDoors(area: string): Promise<{ doors: Door[]; at: number | undefined }> {
  const first = pathOf(area)
  const seen: string[] = []
  const doors: Door[] = []
  let at: number | undefined
  for (let path: string | null = first; path !== null && seen.length < pagesMax;) {
    const page: DoorPage = await read<DoorPage>(path)
    at ??= keptAt(page)
    seen.push(path)
    doors.push(...page.items)
    path = page.next === null ? null : `${first}&after=${encodeURIComponent(page.next)}`
  }
  if (at === undefined) await withStore((store) => store.dropPages(first, new Set(seen))).catch(() => undefined)
  return { doors, at }
}

export interface Doors {
  doors: readonly Door[] | undefined
  /** When the phone last heard of them; undefined for what was just read. */
  keptAt: number | undefined
  error: Refusal | undefined
  reload: () => void
}

export function useDoors(area: string): Doors {
  const [state, setState] = useState<Omit<Doors, 'reload'>>({ doors: undefined, keptAt: undefined, error: undefined })
  const [round, setRound] = useState(0)
  useEffect(() => {
    let over = false
    readDoors(area).then(
      ({ doors, at }) => !over && setState({ doors, keptAt: at, error: undefined }),
      (error: unknown) => !over && setState((before) => ({ ...before, error: asRefusal(error) })),
    )
    return () => {
      over = true
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another round asks the same again
  }, [area, round])
  return { ...state, reload: useCallback(() => setRound((count) => count + 1), []) }
}

let underWay = false

/**
 * Takes the actor's micro-grids along before there is no network any more, and lets go of those that are theirs no more or
 * that no campaign goes over.
 */
export async function takeDoors(round: Round): Promise<void> {
  if (underWay || keptAt(round) !== undefined || !navigator.onLine) return
  underWay = true
  try {
    const wanted = round.areas.filter(({ doors }) => doors > 0 && round.campaigns.length > 0).slice(0, areasMax)
    await withStore(async (store) => {
      const paths = new Set(wanted.map(({ path }) => pathOf(path)))
      const kept = await store.pathsOf('/visits/doors?')
      const gone = kept.filter((path) => ![...paths].some((begin) => path.startsWith(begin)))
      for (const path of gone) await store.dropPages(path)
    })
    for (const { path } of wanted) await readDoors(path)
  } catch {
    // Without it the person sees less offline; they do not miss it now.
  } finally {
    underWay = false
  }
}

/** Doors of which a visit still waits on this phone. */
export const queuedSubjects = (outbox: readonly Item[]): ReadonlySet<string> =>
  new Set(
    outbox
      .filter(({ kind, state }) => kind === 'visit' && state !== 'sent')
      .map(({ body }) => String(body['householdId'] ?? body['premisesId'])),
  )

export interface Stop {
  door: Door
  subject: DoorSubject
}

/** The doors as one walks past them, each household a stop. */
export const stopsOf = (doors: readonly Door[]): Stop[] =>
  doors.flatMap((door) => door.subjects.map((subject) => ({ door, subject })))

/** Whether some live campaign still wants something here. */
export const isGap = ({ subject }: Stop, queued: ReadonlySet<string>): boolean =>
  !queued.has(subject.id) && subject.targets.some(({ standing }) => standing !== 'done')

/** The next stop with something to do, from one on and round again. */
export function nextStop(
  stops: readonly Stop[],
  after: string | undefined,
  queued: ReadonlySet<string>,
): Stop | undefined {
  const at = stops.findIndex(({ subject }) => subject.id === after)
  const order = [...stops.slice(at + 1), ...stops.slice(0, Math.max(0, at))]
  return order.find((stop) => isGap(stop, queued))
}

const lastPath = (area: string) => `phone:visits-at|${area}`

/** Where somebody stopped in a micro-grid; they go on from there. */
export const rememberStop = (area: string, subject: string): Promise<unknown> =>
  withStore((store) => store.keepPage(lastPath(area), subject)).catch(() => undefined)

export const lastStop = async (area: string): Promise<string | undefined> =>
  (await withStore((store) => store.findPage(lastPath(area))).catch(() => undefined))?.value as string | undefined

/** 3 幢 2 单元 201; the whole address where a house has neither. */
export const doorName = (door: Door): string => [blockName(door), door.room].filter(Boolean).join(' ') || door.address

/** Building and unit; a unit that is but a number is said to be one. */
export const blockName = ({ building, unit }: Pick<Door, 'building' | 'unit'>): string =>
  [building, /^\d+$/.test(unit) ? t('visit.unit', { number: unit }) : unit].filter(Boolean).join(' ')
