import { expect, it } from 'vitest'
import { ageOn, dayAfter } from '../rules.ts'
import { bornDays } from './jobs.ts'

it('comes on the very day on which somebody grows older, whenever they were born, and on no other', () => {
  for (const bornOn of ['2020-02-28', '2020-02-29', '2020-03-01', '2021-02-28', '2021-03-01', '2023-12-31'])
    for (let on = '2025-01-01'; on < '2033-01-01'; on = dayAfter(on)) {
      const years = ageOn(bornOn, on)
      const turns = years !== ageOn(bornOn, new Date(Date.parse(on) - 86_400_000).toISOString().slice(0, 10))
      expect(bornDays(on, years).includes(bornOn), `${bornOn} on ${on}`).toBe(turns)
    }
})
