import { isStoreFull, withStore } from './offline/index.ts'
import type { Photo } from './offline/store.ts'

interface Kept {
  photos?: readonly Photo[]
}

/** An unfinished report and its photos, sealed on this device. A browser that can keep nothing knows none. */
export async function findDraft<Draft extends Kept>(name: string): Promise<Draft | undefined> {
  const found = await withStore((store) => store.findDraft(name)).catch(() => undefined)
  return found as Draft | undefined
}

/** `full` where the phone has no room, `none` where this browser keeps nothing, so that the page can say it. */
export async function keepDraft(name: string, draft: Kept): Promise<'kept' | 'full' | 'none'> {
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
  await withStore((store) => store.dropDraft(name)).catch(() => undefined)
}
