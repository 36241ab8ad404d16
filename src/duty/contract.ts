/** What the rooms beside this one may hear and show of it. */
export { DiaryFollowUpDue } from './diary/contract.ts'
