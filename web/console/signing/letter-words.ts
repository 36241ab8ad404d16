import type { LetterBrief } from '../../../src/signing/letters/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'

export const letterTags: Record<LetterBrief['state'], { label: TextKey; tone: string }> = {
  draft: { label: 'signing.letterDraft', tone: 'dueSoon' },
  approved: { label: 'signing.letterApproved', tone: 'verified' },
  retired: { label: 'signing.letterRetired', tone: 'parked' },
}
