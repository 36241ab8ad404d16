import { Type, type Static } from 'typebox'
import { Page, PageQuery } from '../../kernel/pages.ts'

const instant = Type.String({ format: 'date-time' })

export const InboxMessage = Type.Object({
  id: Type.String({ format: 'uuid' }),
  topic: Type.String(),
  title: Type.String(),
  body: Type.String(),
  subject: Type.Union([Type.Object({ kind: Type.String(), id: Type.String({ format: 'uuid' }) }), Type.Null()], {
    description: 'What the message is about; the page opens it.',
  }),
  createdAt: instant,
  readAt: Type.Union([instant, Type.Null()]),
})
export type InboxMessage = Static<typeof InboxMessage>

export const InboxPage = Page(InboxMessage)
export const InboxQuery = Type.Object({ ...PageQuery.properties, unread: Type.Optional(Type.Boolean()) })
export type InboxQuery = Static<typeof InboxQuery>

export const UnreadCount = Type.Object({ unread: Type.Integer({ description: 'Counted up to 100.' }) })

export const MarkRead = Type.Object(
  {
    ids: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: 100 })),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'Everything up to this instant.' })),
  },
  { additionalProperties: false },
)
export type MarkRead = Static<typeof MarkRead>
export const MarkedRead = Type.Object({ marked: Type.Integer() })
