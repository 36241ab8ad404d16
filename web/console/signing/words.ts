import type { CampaignBrief, Figures } from '../../../src/signing/campaigns/contract.ts'
import type { EnvelopeState } from '../../../src/signing/envelopes/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'

export const campaignStates: Record<CampaignBrief['state'], { label: TextKey; tone: string }> = {
  draft: { label: 'signing.stateDraft', tone: 'parked' },
  checked: { label: 'signing.stateChecked', tone: 'dueSoon' },
  running: { label: 'signing.stateRunning', tone: 'running' },
  paused: { label: 'signing.statePaused', tone: 'dueSoon' },
  closed: { label: 'signing.stateClosed', tone: 'parked' },
}

export const envelopeStates: Record<EnvelopeState, { label: TextKey; tone: string }> = {
  draft: { label: 'signing.envelopeDraft', tone: 'parked' },
  waiting: { label: 'signing.envelopeWaiting', tone: 'parked' },
  sent: { label: 'signing.envelopeSent', tone: 'running' },
  opened: { label: 'signing.envelopeOpened', tone: 'running' },
  consented: { label: 'signing.envelopeOpened', tone: 'running' },
  identified: { label: 'signing.envelopeIdentified', tone: 'running' },
  signed: { label: 'signing.envelopeSigned', tone: 'running' },
  sealing: { label: 'signing.envelopeSealing', tone: 'dueSoon' },
  sealed: { label: 'signing.envelopeSealed', tone: 'verified' },
  declined: { label: 'signing.envelopeDeclined', tone: 'overdue' },
  expired: { label: 'signing.envelopeExpired', tone: 'parked' },
  revoked: { label: 'signing.envelopeRevoked', tone: 'parked' },
  superseded: { label: 'signing.envelopeSuperseded', tone: 'parked' },
}

export const levelNames: Record<CampaignBrief['identityLevel'], TextKey> = {
  phone: 'signing.levelPhone',
  registry: 'signing.levelRegistry',
  face: 'signing.levelFace',
}

/** Everybody who was to sign, whatever became of it; rows with problems were never asked. */
export const askedOf = ({ waiting, sent, opened, signed, sealed, declined }: Figures): number =>
  waiting + sent + opened + signed + sealed + declined
export const signedOf = ({ signed, sealed }: Figures): number => signed + sealed

/** Why a letter is not sealed yet. */
const troubles: Record<string, TextKey> = {
  stamp_down: 'signing.troubleDown',
  stamp_refused: 'signing.troubleRefused',
  stamp_clock: 'signing.troubleClock',
  stamp_replayed: 'signing.troubleLies',
  altered: 'signing.troubleLies',
}
export const troubleName = (code: string): TextKey => troubles[code] ?? 'signing.troubleOther'
