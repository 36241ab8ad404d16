export { wordingRoutes } from './routes.ts'
export { smsSignName, textFor, type CountyText } from './service.ts'
export { fill, masked, messageTexts, placeholdersOf, smsPattern } from './rules.ts'
export type { Channel } from './contract.ts'
