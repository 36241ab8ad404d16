import { Type, type Static } from 'typebox'

const Clock = Type.Union([
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'Hour of the day in Beijing, 22:00.' }),
  Type.Null(),
])
export const QuietHours = Type.Object({
  from: Clock,
  until: Clock,
  version: Type.Integer({ minimum: 0, description: 'Sent back with the change; a stale one is refused.' }),
})
export type QuietHours = Static<typeof QuietHours>
