export const views = ['campaigns', 'latest', 'conflicts', 'stewards'] as const
export type VisitsView = (typeof views)[number]

/** Which part of the page, out of the address. */
export function visitsSearch(search: Record<string, unknown>): { view?: VisitsView } {
  const view = views.find((one) => one === search['view'])
  return view ? { view } : {}
}

/** Where in a campaign one looks, and which gaps. */
export function campaignSearch(search: Record<string, unknown>): { area?: string; standing?: string } {
  const text = (name: string) =>
    typeof search[name] === 'string' && search[name] !== '' ? String(search[name]) : undefined
  const [area, standing] = [text('area'), text('standing')]
  return { ...(area && { area }), ...(standing && { standing }) }
}
