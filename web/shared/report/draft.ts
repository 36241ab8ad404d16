import type { ReportMatter } from '../../../src/loop/contract.ts'
import type { FormValues } from '../form/form.ts'
import { newId } from '../ids.ts'
import type { KeptPhoto } from '../photos.tsx'

export interface Place {
  position?: ReportMatter['position']
  areaPath?: string
  /** For showing; the server finds the names anew. */
  names: readonly string[]
}

/** An unfinished report as it is kept on the device. Its id is the matter's id to be, so sending it twice makes one matter. */
export interface Draft {
  id: string
  category: string
  text: string
  form: FormValues
  address: string
  place: Place | null
  name: string
  phone: string
  channel: string
  photos: readonly KeptPhoto[]
}

export const emptyDraft = (): Draft => ({
  id: newId(),
  category: '',
  text: '',
  form: {},
  address: '',
  place: null,
  name: '',
  phone: '',
  channel: 'phone',
  photos: [],
})

export const isBegun = (draft: Draft) => draft.text !== '' || draft.category !== '' || draft.photos.length > 0
