/** Long enough to find the phone, short enough that a ticket left on a screen is worth nothing. */
export const TICKET_SECONDS = 300
export const TICKET_WRONG_MAX = 5

export interface TicketLife {
  stage: string
  wrongCount: number
  expiresAt: Date
  usedAt: Date | null
}

/** Whether a ticket still leads on from this stage. */
export const isTicketGood = (ticket: TicketLife, stage: 'totp' | 'enrolTotp', now: Date): boolean =>
  ticket.stage === stage && ticket.usedAt === null && ticket.wrongCount < TICKET_WRONG_MAX && now < ticket.expiresAt

/** What comes after a right first factor. */
export function afterFirstFactor(standing: { hasTotp: boolean; totpRequired: boolean }): 'done' | 'totp' | 'enrolTotp' {
  if (standing.hasTotp) return 'totp'
  return standing.totpRequired ? 'enrolTotp' : 'done'
}
