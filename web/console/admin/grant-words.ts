import type { Static } from 'typebox'
import type { RoleGrant } from '../../../src/grid/posts/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'

type Grant = Static<typeof RoleGrant>

/** What a grant lets somebody do, in plain words. */
export const actionNames: Record<Grant['action'], TextKey> = {
  'loop.report': 'grant.loopReport',
  'loop.read': 'grant.loopRead',
  'loop.accept': 'grant.loopAccept',
  'loop.dispatch': 'grant.loopDispatch',
  'loop.handle': 'grant.loopHandle',
  'loop.verify': 'grant.loopVerify',
  'loop.close': 'grant.loopClose',
  'loop.supervise': 'grant.loopSupervise',
  'loop.void': 'grant.loopVoid',
  'loop.unmask': 'grant.loopUnmask',
  'duty.write': 'grant.dutyWrite',
  'duty.read': 'grant.dutyRead',
  'duty.unmask': 'grant.dutyUnmask',
  'ledger.read': 'grant.ledgerRead',
  'grid.read': 'grant.gridRead',
  'grid.manage': 'grant.gridManage',
  'grid.unmask': 'grant.gridUnmask',
  'files.read': 'grant.filesRead',
  'notify.read': 'grant.notifyRead',
  'notify.manage': 'grant.notifyManage',
  'packs.read': 'grant.packsRead',
  'packs.manage': 'grant.packsManage',
  'registry.read': 'grant.registryRead',
  'registry.write': 'grant.registryWrite',
  'registry.unmask': 'grant.registryUnmask',
  'registry.merge': 'grant.registryMerge',
  'registry.import': 'grant.registryImport',
  'registry.export': 'grant.registryExport',
  'registry.campaign': 'grant.registryCampaign',
  'registry.visit': 'grant.registryVisit',
  'registry.answer': 'grant.registryAnswer',
  'registry.followUp': 'grant.registryFollowUp',
  'signing.read': 'grant.signingRead',
  'signing.manage': 'grant.signingManage',
  'signing.approve': 'grant.signingApprove',
  'signing.seal': 'grant.signingSeal',
  'signing.help': 'grant.signingHelp',
  'insight.read': 'grant.insightRead',
}

export const purposeNames: Record<Grant['purpose'], TextKey> = {
  handling: 'purpose.handling',
  supervision: 'purpose.supervision',
  audit: 'purpose.audit',
  administration: 'purpose.administration',
  statistics: 'purpose.statistics',
  own: 'purpose.own',
}

/** What another system may be given: nothing by which it could make itself more rights. */
export const systemActions = (Object.keys(actionNames) as Grant['action'][]).filter(
  (action) => action !== 'grid.manage',
)

const isAction = (word: string): word is Grant['action'] => Object.hasOwn(actionNames, word)
const isPurpose = (word: string): word is Grant['purpose'] => Object.hasOwn(purposeNames, word)

/** The words for a grant read from somewhere; undefined for one that this page does not know. */
export const actionName = (word: string): TextKey | undefined => (isAction(word) ? actionNames[word] : undefined)
export const purposeName = (word: string): TextKey | undefined => (isPurpose(word) ? purposeNames[word] : undefined)
