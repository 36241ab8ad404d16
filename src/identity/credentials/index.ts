export {
  confirmTotp,
  decoyHash,
  hashPassword,
  hasTotp,
  isOutdated,
  offerTotp,
  passwordFits,
  recoveryCodeFits,
  renewRecoveryCodes,
  requireGoodPassword,
  savePassword,
  totpFits,
  type TotpOffer,
} from './service.ts'
export { totpCode } from './rules.ts'
export { countRecoveryCodes, deleteTotp, findPasswordHash } from './store.ts'
