export const dayMs = 86_400_000
/** What others told the server (matters, places) goes after a week without contact; a phone's session lives as long. */
export const pagesDays = 7
/** One's own unsent work and drafts are given a second week. */
export const workDays = 14
/** What an open page keeps for somebody who has not signed in. */
export const guestDays = 2
/** Pages that are kept at most, the newest. */
export const pagesMax = 200
/** What arrived stands in the outbox so long, without its words and photos. */
export const sentDays = 7
