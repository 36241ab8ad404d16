import type { DuplicateReason } from '../../../src/registry/duplicates/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'

export const gradeNames: Record<number, TextKey> = { 1: 'twice.sure', 2: 'twice.likely', 3: 'twice.possible' }
export const reasonNames: Record<DuplicateReason, TextKey> = {
  citizenId: 'twice.sameId',
  phoneName: 'twice.samePhone',
  swappedDigits: 'twice.slip',
  nameBirth: 'twice.sameBirth',
  nameHome: 'twice.sameHome',
  soundHome: 'twice.sounds',
}
export const fieldNames: Record<string, TextKey> = {
  name: 'registry.name',
  sex: 'twice.sex',
  bornOn: 'twice.bornOn',
  citizenId: 'twice.citizenId',
  phone: 'registry.phone',
  registration: 'registry.registrationName',
}
