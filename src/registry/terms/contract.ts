import { Type, type Static } from 'typebox'
import { orNull } from '../../kernel/schema.ts'
import { Place } from '../contract.ts'

/** What one may do in the registry for the purpose that was stated, and where one begins. */
export const RegistryTerms = Type.Object({
  mayRead: Type.Boolean(),
  mayCount: Type.Boolean({ description: 'Sees figures of places: whoever reads, and whoever only counts.' }),
  mayWrite: Type.Boolean(),
  mayUnmask: Type.Boolean(),
  mayMerge: Type.Boolean(),
  mayImport: Type.Boolean(),
  mayExport: Type.Boolean(),
  mayCampaign: Type.Boolean(),
  mayAnswer: Type.Boolean({ description: 'Answers what people ask about their own records.' }),
  mayVisit: Type.Boolean(),
  places: Type.Array(Place, { description: 'Where one reads, none inside another.' }),
})
export type RegistryTerms = Static<typeof RegistryTerms>

/** How much a place holds, for the head of a list. */
export const PlaceFigures = Type.Object({
  buildings: Type.Integer(),
  premises: Type.Integer(),
  let: Type.Integer(),
  vacant: Type.Integer(),
  households: Type.Integer(),
  residents: Type.Integer({ description: 'Everybody whom the list of people shows for the place.' }),
  newResidents: Type.Integer(),
  organisations: Type.Integer(),
  chatGroups: Type.Integer(),
  countedAt: orNull(
    Type.String({
      format: 'date-time',
      description: 'A large place is not counted while one waits: as it was then. Null: now.',
    }),
  ),
})
export type PlaceFigures = Static<typeof PlaceFigures>
