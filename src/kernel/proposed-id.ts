import { Type } from 'typebox'

/**
 * An id that a client makes for what it is about to hand in, so that a repeat is harmless.
 *
 * Random or by time only (UUID version 4 or 7): ids made from names (version 5) are ours, name settings, areas and packs in the
 * ledger, and can be worked out by anybody. Whoever took one for a report of their own would keep its owner from ever
 * being written down again.
 */
export const ProposedId = Type.String({
  format: 'uuid',
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[47][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$',
  description: 'Made by the client: UUID version 7 or 4.',
})
