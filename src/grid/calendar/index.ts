/** The county's working calendar: its own days and hours over the State Council's, and the other things it sets for itself. */
export { CountyCalendars, OFFICE_HOURS } from './source.ts'
export { findSetting, findSettingWithVersion, offerSetting, rewriteSetting, saveSetting } from './settings.ts'
export { calendarRoutes } from './routes.ts'
export { CalendarChanged, SettingChanged } from './contract.ts'
