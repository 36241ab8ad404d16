import { hot, type Tx } from '../../kernel/db.ts'

/** Most attempts looked at for one day; a county has some thousands. */
const ATTEMPTS_MAX = 20_000

export interface AttemptSeen {
  at: Date
  outcome: string
  accountId: string | null
  subjectBlind: Buffer | null
  addressSealed: Buffer | null
  seated: boolean
}

/** Attempts since then, newest first, with whether the account holds a seat now. */
export const listRecentAttempts = (tx: Tx, county: string, since: Date): Promise<AttemptSeen[]> =>
  hot(
    tx,
    'identity_recent_attempts',
    `select a.at, a.outcome, a.account_id as "accountId", a.subject_blind as "subjectBlind",
       a.address_sealed as "addressSealed", s.id is not null as seated
     from sign_in_attempt a
     left join administrator_seat s on s.county = $1 and s.account_id = a.account_id and s.held_until is null
     where a.county = $1 and a.at >= $2 order by a.at desc, a.id desc limit $3`,
    [county, since, ATTEMPTS_MAX],
  )

export interface Counted {
  kind: string
  taken: number
  subjects: number
}

/** How far each limit's present window is used: by count of tries, how many subjects. */
export const countWindows = (tx: Tx, county: string, now: Date): Promise<Counted[]> =>
  hot(
    tx,
    'identity_count_windows',
    `select kind, taken, count(*)::int as subjects from throttle
     where county = $1 and ends_at > $2 and window_at <= $2 group by kind, taken order by kind, taken limit 1000`,
    [county, now],
  )
