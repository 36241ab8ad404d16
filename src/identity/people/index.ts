export {
  findOrCreateGuest,
  findOrCreateResident,
  listMyCounties,
  nameOf,
  namesOf,
  newAccount,
  phoneOf,
  recordCreated,
  requirePhone,
  requireSecondFactor,
  sealCitizenId,
  sealName,
  sealPhone,
  shownName,
  unmask,
  type PersonalField,
} from './service.ts'
export { maskPhone } from './rules.ts'
