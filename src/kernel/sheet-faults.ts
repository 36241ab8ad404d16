import { defineFaults, Fault } from './faults.ts'

export const sheetFaults = defineFaults({
  'kernel.sheet_unreadable': {
    status: 400,
    zh: '读不了这个表格：{reasonZh}',
    en: 'This sheet cannot be read: {reasonEn}',
  },
  'kernel.sheet_too_large': {
    status: 413,
    zh: '这个表格太大：{reasonZh}',
    en: 'This sheet is too large: {reasonEn}',
  },
})

/** @throws kernel.sheet_unreadable with the reason in both languages. */
export function refuseSheet(reasonZh: string, reasonEn: string, cause?: unknown): never {
  throw new Fault('kernel.sheet_unreadable', { reasonZh, reasonEn }, { cause })
}

/** @throws kernel.sheet_too_large with the reason in both languages. */
export function refuseLargeSheet(reasonZh: string, reasonEn: string): never {
  throw new Fault('kernel.sheet_too_large', { reasonZh, reasonEn })
}
