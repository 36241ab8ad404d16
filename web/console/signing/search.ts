export interface SigningSearch {
  part: 'campaigns' | 'letters' | 'seals'
}

export const signingSearch = (search: Record<string, unknown>): SigningSearch => ({
  part: search['part'] === 'letters' || search['part'] === 'seals' ? search['part'] : 'campaigns',
})

export interface CampaignSearch {
  area?: string
  state?: string
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

export function campaignSearch(search: Record<string, unknown>): CampaignSearch {
  const [area, state] = [textIn(search['area']), textIn(search['state'])]
  return { ...(area ? { area } : {}), ...(state ? { state } : {}) }
}
