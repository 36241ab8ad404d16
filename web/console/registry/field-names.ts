import type { TextKey } from '../../shared/i18n/text.ts'

/** What the fields of the groups of details are called. */
export const fieldNames: Readonly<Record<string, TextKey>> = {
  ethnicity: 'registry.field.ethnicity',
  nativePlace: 'registry.field.nativePlace',
  political: 'registry.field.political',
  employer: 'registry.field.employer',
  occupation: 'registry.field.occupation',
  workPlace: 'registry.field.workPlace',
  degree: 'registry.field.degree',
  school: 'registry.field.school',
  marriage: 'registry.field.marriage',
  emergencyName: 'registry.field.emergencyName',
  emergencyPhone: 'registry.field.emergencyPhone',
  cameFrom: 'registry.field.cameFrom',
  disability: 'registry.field.disability',
  illness: 'registry.field.illness',
  care: 'registry.field.care',
  text: 'registry.field.text',
}
export const groupCodes = ['identity', 'work', 'education', 'family', 'health', 'remark'] as const
export type GroupCode = (typeof groupCodes)[number]
export const isGroup = (code: string): code is GroupCode => (groupCodes as readonly string[]).includes(code)
