import type { Place, Places } from '../../../src/grid/areas/contract.ts'
import type { MyPosts } from '../../../src/grid/posts/contract.ts'
import type { Matter, MatterBrief } from '../../../src/loop/contract.ts'
import { keptAt, read } from '../api.ts'
import { longQuiet } from '../quiet.ts'
import { withStore } from './index.ts'

const pagesMax = 20
let underWay = false

interface SavingNetwork {
  connection?: { saveData?: boolean }
}

/**
 * Fetches the pages of one's tasks before they are opened, with the forms of their legal moves, so that they can be read and
 * handled where there is no network. Only what has changed since, one at a time, nothing for who saves data.
 */
export async function takeAlong(briefs: readonly Pick<MatterBrief, 'id' | 'version'>[]): Promise<void> {
  const saving = (navigator as SavingNetwork).connection?.saveData === true
  if (underWay || saving || keptAt(briefs) !== undefined || !navigator.onLine) return
  underWay = true
  try {
    await longQuiet()
    await withStore(async (store) => {
      await read('/kinds')
      for (const { id, version } of briefs.slice(0, pagesMax)) {
        const path = `/matters/${id}`
        const held = (await store.findPage(path))?.value as Matter | undefined
        if (held?.version !== version) await read(path)
      }
      await takePlaces()
    })
  } catch {
    // Without it the person sees less offline; they do not miss it now.
  } finally {
    underWay = false
  }
}

/** The report form, and the names of the places that one answers for and of those beside them. */
async function takePlaces(): Promise<void> {
  const { items } = await read<MyPosts>('/grid/posts/mine')
  await read('/grid/places')
  for (const parent of parentsOf(items.map(({ areaPath }) => areaPath)).slice(-levelsMax)) {
    const places = await read<Places>(`/grid/places?under=${encodeURIComponent(parent)}`)
    const near = parent.split('/').length >= nearDepth
    if (near) await rememberPlaces(places.items, 'known')
  }
}

const levelsMax = 10
/** From the village down a place is near enough to be offered by itself. */
const nearDepth = 3

/** The places on the way down to one's own, and these themselves, the nearest last: each is a level of the choice by names. */
function parentsOf(paths: readonly string[]): string[] {
  const all = paths.flatMap((path) => {
    const codes = path.split('/')
    return codes.slice(1).map((_, at) => codes.slice(0, at + 2).join('/'))
  })
  return [...new Set(all)].sort((a, b) => a.length - b.length)
}

export type KnownPlace = Pick<Place, 'path' | 'fullName'>

const listMax = { recent: 8, known: 40 }
type List = keyof typeof listMax
const pathOf = (list: List) => `phone:places-${list}`

/** What was chosen lately stands first when there is no network to ask. */
export async function rememberPlaces(places: readonly KnownPlace[], list: List): Promise<void> {
  await withStore(async (store) => {
    const before = ((await store.findPage(pathOf(list)))?.value ?? []) as KnownPlace[]
    const fresh = places.map(({ path, fullName }) => ({ path, fullName }))
    const others = before.filter(({ path }) => !fresh.some((one) => one.path === path))
    await store.keepPage(pathOf(list), [...fresh, ...others].slice(0, listMax[list]))
  }).catch(() => undefined)
}

export async function knownPlaces(): Promise<KnownPlace[]> {
  const lists = await withStore((store) =>
    Promise.all([store.findPage(pathOf('recent')), store.findPage(pathOf('known'))]),
  )
  const all = (lists ?? []).flatMap((found) => (found?.value ?? []) as KnownPlace[])
  return [...new Map(all.map((place) => [place.path, place])).values()]
}
