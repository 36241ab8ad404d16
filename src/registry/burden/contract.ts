import { Type, type Static } from 'typebox'
import { areaPath, instant, uuid } from '../contract.ts'

export const AskBurden = Type.Object({
  area: Type.Optional(areaPath),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 92, description: 'How many days back; 30 if not said.' })),
})
export type AskBurden = Static<typeof AskBurden>

const asked = Type.Integer({ description: 'How often somebody was asked.' })
const known = Type.Integer({ description: 'Of these, how often the answer was already known and still fresh.' })

export const Burden = Type.Object({
  from: instant,
  until: instant,
  complete: Type.Boolean({ description: 'False: more happened than is counted at once; only the latest is.' }),
  asked,
  known,
  visits: Type.Integer(),
  groups: Type.Array(
    Type.Object({
      code: Type.String(),
      name: Type.String(),
      freshMonths: Type.Integer(),
      asked,
      known,
      confirmed: Type.Integer({ description: 'Asked by “still so?”: nothing was typed.' }),
      typed: Type.Integer({ description: 'Given anew.' }),
      records: Type.Integer({ description: 'Of how many people, households, premises or organisations.' }),
    }),
  ),
  sources: Type.Array(Type.Object({ source: Type.String(), asked, known })),
  posts: Type.Array(Type.Object({ label: Type.String(), asked, known }), { maxItems: 20 }),
  doors: Type.Array(
    Type.Object({
      premisesId: uuid,
      address: Type.String(),
      areaName: Type.String(),
      asked,
      known,
      visits: Type.Integer(),
    }),
    { maxItems: 20, description: 'The doors asked most often although it was known; none for statistics.' },
  ),
})
export type Burden = Static<typeof Burden>
