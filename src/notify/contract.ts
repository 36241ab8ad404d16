/** What notify shows to the pages, one name for all its parts. */
export * from './inbox/contract.ts'
export * from './sms/contract.ts'
export * from './outbound/contract.ts'
export * from './wording/contract.ts'
