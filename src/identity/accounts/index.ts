export {
  changeMe,
  createStaffAccount,
  findOrCreateGuest,
  findOrCreateResident,
  nameOf,
  namesOf,
  noteCredential,
  phoneOf,
  requireKeeper,
  requirePhone,
  requireSecondFactor,
  unmask,
  type PersonalField,
} from './service.ts'
export { accountRoutes } from './routes.ts'
