import { isStoreFull, withStore } from './offline/index.ts'
import type { Photo } from './offline/store.ts'

interface Kept {
  photos?: readonly Photo[]
}

/**
 * That a draft lies on this device, and nothing of it: a page that is opened for the first time, by most people for the only
 * time, need not open the phone's store to learn that there is none. A browser without such marks looks each time.
 */
const markOf = (name: string) => `tongxin.draft.${name}`

function isMarked(name: string): boolean {
  try {
    return localStorage.getItem(markOf(name)) !== null
  } catch {
    return true
  }
}

function mark(name: string, lies: boolean): void {
  try {
    if (lies) localStorage.setItem(markOf(name), '1')
    else localStorage.removeItem(markOf(name))
  } catch {
    // Without marks every page looks.
  }
}

/** An unfinished report and its photos, sealed on this device. A browser that can keep nothing knows none. */
export async function findDraft<Draft extends Kept>(name: string): Promise<Draft | undefined> {
  if (!isMarked(name)) return undefined
  const found = await withStore((store) => store.findDraft(name)).catch(() => undefined)
  return found as Draft | undefined
}

/** `full` where the phone has no room, `none` where this browser keeps nothing, so that the page can say it. */
export async function keepDraft(name: string, draft: Kept): Promise<'kept' | 'full' | 'none'> {
  mark(name, true)
  try {
    return (
      (await withStore(async (store) => {
        await store.keepDraft(name, draft)
        return 'kept' as const
      })) ?? 'none'
    )
  } catch (error) {
    return isStoreFull(error) ? 'full' : 'none'
  }
}

export async function dropDraft(name: string): Promise<void> {
  if (!isMarked(name)) return
  await withStore((store) => store.dropDraft(name)).then(
    () => mark(name, false),
    () => undefined,
  )
}
