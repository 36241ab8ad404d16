import { Type, type Static } from 'typebox'
import { PageQuery, Page } from '../../kernel/pages.ts'
import { purposes } from '../../kernel/grants.ts'
import { At, Id } from '../contract.ts'

/** Looks: behind masks and into originals. Exports: what left the house. Administration: who changed who may do what. */
export const ActKind = Type.Enum(['look', 'export', 'administration'])
export type ActKind = Static<typeof ActKind>

export const ActQuery = Type.Object({
  ...PageQuery.properties,
  kind: Type.Optional(ActKind),
  actorId: Type.Optional(Id),
  label: Type.Optional(Type.String({ maxLength: 60, description: 'Part of the post or role that the entry shows.' })),
  purpose: Type.Optional(Type.Enum(purposes)),
  from: Type.Optional(At),
  until: Type.Optional(At),
})
export type ActQuery = Static<typeof ActQuery>

export const Act = Type.Object({
  id: Id,
  at: At,
  event: Type.String(),
  by: Type.Union([Id, Type.Null()]),
  byName: Type.String(),
  label: Type.String({ description: 'The post or role in which it was done.' }),
  purpose: Type.String(),
  about: Type.String({ description: 'Whom it concerned, as the reader may see the name; may be empty.' }),
  subjectId: Id,
})
export type Act = Static<typeof Act>
export const ActPage = Page(Act)
const { limit: _limit, after: _after, ...wanted } = ActQuery.properties
export const ExportActs = Type.Object(wanted)
export type ExportActs = Static<typeof ExportActs>
export const ExportedActs = Type.Object({
  items: Type.Array(Act),
  complete: Type.Boolean({ description: 'False where there were more than fit.' }),
})
export type ExportedActs = Static<typeof ExportedActs>

export const Danger = Type.Object({
  kind: Type.Enum(['locked', 'guessed', 'guessedThenIn', 'manyNames', 'night', 'administratorElsewhere']),
  accountId: Type.Union([Id, Type.Null()]),
  name: Type.String({ description: 'Empty where no account fits: a name that does not exist, or an address.' }),
  count: Type.Integer(),
  lastAt: At,
})
export type Danger = Static<typeof Danger>
export const Dangers = Type.Object({
  lockedNames: Type.Integer({ description: 'Names and browsers that are locked at this moment.' }),
  refusedToday: Type.Integer(),
  acceptedToday: Type.Integer(),
  throttles: Type.Array(Type.Object({ kind: Type.String(), subjects: Type.Integer(), reached: Type.Integer() }), {
    description: 'Each limit: how many counted in its present window, how many reached it.',
  }),
  items: Type.Array(Danger, { description: 'Of the last 24 hours, at most 100.' }),
})
export type Dangers = Static<typeof Dangers>
