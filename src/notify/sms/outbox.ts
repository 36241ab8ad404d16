import type { SmsSender } from '../../kernel/ports.ts'

/** The default provider: nothing leaves the house, the outbox page shows the message. */
export const outboxSms: SmsSender = {
  name: 'outbox',
  send: async (message) => ({ outcome: 'accepted', providerId: message.id }),
  receipt: async () => 'delivered',
}
