import type { Seat } from '../../../src/identity/contract.ts'
import type { TextKey } from '../i18n/text.ts'

export const seatNames: Record<Seat, TextKey> = {
  system: 'seat.system',
  security: 'seat.security',
  audit: 'seat.audit',
}
