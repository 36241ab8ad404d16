import type { Seat } from '../../../src/identity/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'

export type Section =
  | 'accounts'
  | 'seats'
  | 'roles'
  | 'tokens'
  | 'webhooks'
  | 'robots'
  | 'messages'
  | 'sms'
  | 'duty'
  | 'signIn'
  | 'workings'
  | 'dangers'
  | 'unmaskings'
  | 'acts'
  | 'signIns'
  | 'verification'

export const sectionNames: Record<Section, TextKey> = {
  accounts: 'admin.accounts',
  seats: 'admin.seats',
  roles: 'admin.roles',
  tokens: 'admin.tokens',
  webhooks: 'admin.webhooks',
  robots: 'admin.robots',
  messages: 'admin.messages',
  sms: 'admin.sms',
  duty: 'admin.duty',
  signIn: 'admin.signIn',
  workings: 'admin.workings',
  dangers: 'admin.dangers',
  unmaskings: 'admin.unmaskings',
  acts: 'admin.acts',
  signIns: 'admin.signIns',
  verification: 'admin.verification',
}

/** What each of the three administrators has to do with, in the order of their work. */
export const sectionsOf: Record<Seat, readonly Section[]> = {
  system: [
    'accounts',
    'seats',
    'roles',
    'tokens',
    'webhooks',
    'robots',
    'messages',
    'sms',
    'duty',
    'signIn',
    'workings',
  ],
  security: ['seats', 'roles', 'tokens', 'dangers', 'unmaskings', 'accounts', 'signIn'],
  audit: ['acts', 'seats', 'verification', 'signIns', 'accounts', 'tokens'],
}
