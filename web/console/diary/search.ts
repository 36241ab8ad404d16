/** What the diary page shows; it stands in the address. */
export interface DiarySearch {
  month?: string
  day?: string
  kind?: string
  open?: true
}

const asText = (value: unknown, pattern: RegExp): string | undefined =>
  typeof value === 'string' && pattern.test(value) ? value : undefined

export function diarySearch(search: Record<string, unknown>): DiarySearch {
  const month = asText(search['month'], /^20\d{2}-(0[1-9]|1[0-2])$/)
  const day = asText(search['day'], /^20\d{2}-\d{2}-\d{2}$/)
  const kind = asText(search['kind'], /^[a-z][A-Za-z0-9]{1,30}$/)
  const open = search['open'] === true || search['open'] === 'true'
  return { ...(month && { month }), ...(day && { day }), ...(kind && { kind }), ...(open && { open: true as const }) }
}
