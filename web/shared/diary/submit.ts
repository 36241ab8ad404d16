import type { DiaryView, WriteDiary } from '../../../src/duty/diary/contract.ts'
import { isUnanswered, requireWay, send } from '../api.ts'
import { queue } from '../offline/index.ts'
import type { KeptPhoto, Photos } from '../photos.tsx'
import type { Place } from '../report/draft.ts'
import { newId } from '../ids.ts'

/** An unfinished entry as it is kept on the device. Its id is the entry's for ever: handing it in again makes no second one. */
export interface DiaryDraft {
  id: string
  /** When the page was opened at the door, not when a network came back. */
  metAt: string
  kind: string
  text: string
  visited: string
  address: string
  place: Place | null
  done: boolean
  /** Local day, or empty. */
  followUpOn: string
  followsId: string
  photos: readonly KeptPhoto[]
}

export const emptyDiary = (): DiaryDraft => ({
  id: newId(),
  metAt: new Date().toISOString(),
  kind: '',
  text: '',
  visited: '',
  address: '',
  place: null,
  done: false,
  followUpOn: '',
  followsId: '',
  photos: [],
})

export const isDiaryBegun = (draft: DiaryDraft) => draft.text !== '' || draft.photos.length > 0

/** What is handed in: said once, whether it goes out at once or waits for a network. */
const diaryBody = (draft: DiaryDraft, fileIds: string[]): WriteDiary => ({
  id: draft.id,
  kind: draft.kind,
  text: draft.text.trim(),
  metAt: draft.metAt,
  done: draft.done,
  ...(draft.visited.trim() ? { visited: draft.visited.trim() } : {}),
  ...(draft.address.trim() ? { address: draft.address.trim() } : {}),
  ...(draft.place?.position ? { position: draft.place.position } : {}),
  ...(draft.place?.areaPath ? { areaPath: draft.place.areaPath } : {}),
  ...(draft.followUpOn ? { followUpOn: draft.followUpOn } : {}),
  ...(draft.followsId ? { followsId: draft.followsId } : {}),
  ...(fileIds.length > 0 ? { fileIds } : {}),
})

/**
 * Hands the entry in, or puts it into the outbox where no server answers: its id makes both the same entry.
 *
 * @param kindName How the outbox names it to the person.
 * @returns `queued` when it waits on this phone.
 */
export async function handInDiary(
  draft: DiaryDraft,
  { photos, kindName, key }: { photos: Photos; kindName: string; key: string },
): Promise<DiaryView | 'queued'> {
  const body = diaryBody(
    draft,
    photos.list.map(({ id }) => id),
  )
  try {
    requireWay()
    await photos.sendAll()
    return await send<DiaryView>('/diary', { body, key })
  } catch (error) {
    if (!isUnanswered(error)) throw error
    const kept = await queue({
      id: draft.id,
      kind: 'diary',
      subject: draft.id,
      title: kindName,
      place: draft.place?.names.join(' ') ?? '',
      words: body.text,
      answers: [],
      path: '/diary',
      body,
      key,
      photos: photos.list.map((photo) => ({ ...photo, role: photos.role })),
    })
    if (!kept) throw error
    return 'queued'
  }
}
