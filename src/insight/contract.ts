import { Type, type Static } from 'typebox'
import { defineFaults } from '../kernel/faults.ts'
import { Page, PageQuery } from '../kernel/pages.ts'
import { orNull } from '../kernel/schema.ts'

export const insightFaults = defineFaults({
  'insight.unknown_area': {
    status: 404,
    zh: '没有这个区域，可能已撤并。请从上一级重新选择。',
    en: 'There is no such area; it may have been merged. Please choose again from above.',
  },
  'insight.too_many_screens': {
    status: 429,
    zh: '同一账号打开的态势页面太多，请先关掉几个。数字仍会每分钟更新。',
    en: 'Too many walls are open with this account. Please close some; the figures still refresh every minute.',
  },
})

const uuid = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const path = Type.String({ maxLength: 200 })
const count = Type.Integer()

export const WallQuery = Type.Object({
  area: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'An area within one’s grants; the highest of one’s own when left out.',
    }),
  ),
})
export type WallQuery = Static<typeof WallQuery>

const Crumb = Type.Object({ path, name: Type.String() })
export const WallChild = Type.Object({
  path,
  name: Type.String(),
  kind: Type.String(),
  hasBelow: Type.Boolean(),
  open: count,
  overdue: count,
  dueSoon: count,
  openedToday: count,
  closedToday: count,
})
export type WallChild = Static<typeof WallChild>

/** Hours are wall-clock hours from report to closure; null where nothing was closed. */
const hours = orNull(Type.Number())
export const WallDay = Type.Object({
  day: Type.String(),
  opened: count,
  closed: count,
  open: Type.Integer({ description: 'Open at the end of the day.' }),
  p50Hours: hours,
  p90Hours: hours,
})
export type WallDay = Static<typeof WallDay>

/** A matter on a screen that many people see: nothing that somebody wrote, nobody’s name. */
export const SeenMatter = Type.Object({
  id: uuid,
  number: Type.String(),
  categoryName: Type.String(),
  stateName: Type.String(),
  tone: Type.String(),
  urgent: Type.Boolean(),
  areaPath: path,
  areaName: Type.String(),
  stands: Type.Union([
    Type.Literal('overdue'),
    Type.Literal('dueSoon'),
    Type.Literal('inTime'),
    Type.Literal('closed'),
  ]),
  dueAt: orNull(instant),
  reportedAt: instant,
  closedAt: orNull(instant),
  point: orNull(Type.Array(Type.Number(), { description: 'Longitude and latitude, WGS-84.' })),
})
export type SeenMatter = Static<typeof SeenMatter>

/** What changes from second to second. */
export const WallFigures = Type.Object({
  asOf: Type.String({ format: 'date-time', description: 'The counts hold everything that was sealed by then.' }),
  open: count,
  overdue: count,
  dueSoon: Type.Integer({ description: 'Due within the next 24 hours.' }),
  openedToday: count,
  closedToday: count,
})
export type WallFigures = Static<typeof WallFigures>

export const Wall = Type.Object({
  area: Type.Object({ path, name: Type.String(), kind: Type.String() }),
  trail: Type.Array(Crumb, { description: 'From the highest area that one may see down to this one.' }),
  roots: Type.Array(Crumb, { description: 'The highest areas of one’s grants.' }),
  figures: WallFigures,
  /** The last element of the ledger that the counts hold; events go on from there. */
  counting: orNull(Type.Object({ share: Type.Number({ description: '0 to 1: how much of a first count is done.' }) })),
  last30: Type.Object({
    opened: count,
    closed: count,
    meanHours: hours,
    p50Hours: hours,
    p90Hours: hours,
    rated: count,
    satisfied: Type.Integer({ description: 'Of the rated, those who said satisfied or fairly satisfied.' }),
  }),
  phases: Type.Array(Type.Object({ state: Type.String(), name: Type.String(), tone: Type.String(), open: count })),
  categories: Type.Array(
    Type.Object({ kind: Type.String(), category: Type.String(), name: Type.String(), open: count }),
  ),
  otherCategories: Type.Integer({ description: 'Open matters of the categories that are not listed.' }),
  children: Type.Array(WallChild),
  trend: Type.Array(WallDay),
  latest: Type.Array(SeenMatter),
  worst: Type.Array(SeenMatter),
})
export type Wall = Static<typeof Wall>

export const WallPoints = Type.Object({
  items: Type.Array(SeenMatter),
  complete: Type.Boolean({ description: 'False: only the longest overdue and the newest open ones are sent.' }),
})
export type WallPoints = Static<typeof WallPoints>

const ring = Type.Array(Type.Array(Type.Number()))
export const WallOutline = Type.Object({
  /** One entry for each drawn area; an area may have several polygons of several rings. */
  areas: Type.Array(Type.Object({ path, schematic: Type.Boolean(), polygons: Type.Array(Type.Array(ring)) })),
})
export type WallOutline = Static<typeof WallOutline>

export const ListSeen = Type.Object({
  ...PageQuery.properties,
  ...WallQuery.properties,
  scope: Type.Optional(
    Type.Union([Type.Literal('open'), Type.Literal('overdue'), Type.Literal('closed'), Type.Literal('all')]),
  ),
})
export type ListSeen = Static<typeof ListSeen>
export const SeenPage = Page(SeenMatter)
export type SeenPage = Static<typeof SeenPage>

export const ListenQuery = Type.Object({
  ...WallQuery.properties,
  follow: Type.Optional(
    Type.Boolean({
      default: true,
      description: 'False: what came after Last-Event-ID is answered and the answer ends, where streams are cut off.',
    }),
  ),
})
export type ListenQuery = Static<typeof ListenQuery>
export const EventStream = Type.String({ description: 'text/event-stream of `change`, `figures`, `reset` and `ended`' })

/** One thing that has just happened; names in both languages, for one message serves every listener. */
export interface WallHappening {
  leaf: number
  at: string
  what: 'reported' | 'moved' | 'closed' | 'overdue' | 'reminded' | 'rated'
  matterId: string
  number: string
  areaPath: string
  areaName: string
  category: { zh: string; en: string }
  state: { zh: string; en: string }
  urgent: boolean
  stands: SeenMatter['stands']
  point: number[] | null
}

/** Data of the event `change`. */
export interface WallChange {
  asOf: string
  items: WallHappening[]
  /** How many more happened in the same moment. */
  more: number
}

/** Data of the event `figures`. */
export interface WallTick {
  figures: WallFigures
  children: WallChild[]
}
