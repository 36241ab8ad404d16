import type {
  Correction,
  PersonFate,
  PremisesUse,
  RecordVisit,
  VisitResult,
  VisitView,
} from '../../../src/registry/visits/contract.ts'
import { isUnanswered, requireWay, send } from '../../shared/api.ts'
import { dayIn } from '../../shared/dates.ts'
import { filledValues, type FormValues } from '../../shared/form/form.ts'
import { newId } from '../../shared/ids.ts'
import { queue } from '../../shared/offline/index.ts'
import type { KeptPhoto, Photos } from '../../shared/photos.tsx'
import type { Stop } from '../../shared/visits/doors.ts'

export interface Newcomer {
  id: string
  name: string
  phone: string
  citizenId: string
  relation: Extract<Correction, { kind: 'joined' }>['relation']
}

/** An unfinished visit as it is kept on the phone. Its id is the visit's for ever: handing it in again makes no second one. */
export interface VisitDraft {
  id: string
  /** When the page was opened at the door, not when a network came back. */
  metAt: string
  result: VisitResult | ''
  fates: Record<string, PersonFate>
  /** New numbers by person; left out where nothing changed. */
  phones: Record<string, string>
  newcomers: Newcomer[]
  use: PremisesUse
  answers: Record<string, FormValues>
  duties: string[]
  text: string
  nextOn: string
  photos: readonly KeptPhoto[]
}

export const emptyVisit = (stop: Stop): VisitDraft => ({
  id: newId(),
  metAt: new Date().toISOString(),
  result: '',
  fates: {},
  phones: {},
  newcomers: [],
  use: stop.door.use,
  answers: {},
  duties: [],
  text: '',
  nextOn: '',
  photos: [],
})

export const isVisitBegun = (draft: VisitDraft) => draft.result !== '' || draft.text !== '' || draft.photos.length > 0

/** What was found otherwise, each against the version that the phone had in hand. */
function correctionsOf(draft: VisitDraft, { door, subject }: Stop): Correction[] {
  const corrections: Correction[] = []
  for (const { id: personId, version: basedOn } of subject.people) {
    const phone = draft.phones[personId]?.trim()
    if (phone) corrections.push({ kind: 'phone', personId, basedOn, phone })
    if (draft.fates[personId] === 'left')
      corrections.push({ kind: 'left', personId, basedOn, on: dayIn(new Date(draft.metAt)) })
  }
  if (draft.result !== 'visited') return corrections.filter(({ kind }) => kind === 'left')
  for (const { id, name, phone, citizenId, relation } of draft.newcomers) {
    if (!name.trim()) continue
    const more = {
      ...(phone.trim() ? { phone: phone.trim() } : {}),
      ...(citizenId.trim() ? { citizenId: citizenId.trim() } : {}),
    }
    corrections.push({ kind: 'joined', id, name: name.trim(), relation, ...more })
  }
  if (draft.use !== door.use) corrections.push({ kind: 'use', basedOn: door.version, use: draft.use })
  return corrections
}

/** What is handed in: said once, whether it goes out at once or waits for a network. */
function visitBody(draft: VisitDraft, stop: Stop, fileIds: string[]): RecordVisit {
  const { door, subject } = stop
  const corrections = correctionsOf(draft, stop)
  const people = Object.entries(draft.fates).map(([personId, fate]) => ({ personId, fate }))
  const answers = Object.entries(draft.answers)
    .map(([campaignId, values]) => ({ campaignId, values: filledValues(values) }))
    .filter(({ values }) => Object.keys(values).length > 0)
  return {
    id: draft.id,
    premisesId: door.premisesId,
    ...(subject.householdId ? { householdId: subject.householdId } : {}),
    result: draft.result || 'visited',
    metAt: draft.metAt,
    ...(draft.text.trim() ? { text: draft.text.trim() } : {}),
    ...(draft.duties.length > 0 ? { duties: draft.duties } : {}),
    ...(people.length > 0 ? { people } : {}),
    ...(answers.length > 0 && draft.result === 'visited' ? { answers } : {}),
    ...(corrections.length > 0 ? { corrections } : {}),
    ...(draft.nextOn && draft.result !== 'visited' ? { nextOn: draft.nextOn } : {}),
    ...(fileIds.length > 0 ? { fileIds } : {}),
  }
}

/**
 * Hands the visit in, or puts it into the outbox where no server answers: its id makes both the same visit.
 *
 * @param said How the outbox names it to the person.
 * @returns `queued` when it waits on this phone.
 */
export async function handInVisit(
  draft: VisitDraft,
  { stop, photos, said, key }: { stop: Stop; photos: Photos; said: { title: string; place: string }; key: string },
): Promise<VisitView | 'queued'> {
  const body = visitBody(
    draft,
    stop,
    photos.list.map(({ id }) => id),
  )
  try {
    requireWay()
    await photos.sendAll()
    return await send<VisitView>('/visits', { body, key })
  } catch (error) {
    if (!isUnanswered(error)) throw error
    const kept = await queue({
      id: draft.id,
      kind: 'visit',
      subject: draft.id,
      ...said,
      words: draft.text.trim(),
      answers: [],
      path: '/visits',
      body: { ...body },
      key,
      photos: photos.list.map((photo) => ({ ...photo, role: photos.role })),
    })
    if (!kept) throw error
    return 'queued'
  }
}
