import type { Static } from 'typebox'
import type { ActKind, Danger } from './contract.ts'

/** What belongs to each kind of act. Names of events of rooms above are only looked for, never written here. */
export const eventsOf: Record<Static<typeof ActKind>, readonly string[]> = {
  look: [
    'account.unmasked',
    'matter.unmasked',
    'diary.unmasked',
    'file.original_opened',
    'followUp.looked',
    'registry.unmasked',
  ],
  export: ['matter.exported', 'acts.exported', 'people.exported', 'registry.exported', 'gaps.exported', 'backup.made'],
  administration: [
    'administrator.appointed',
    'administrator.dismissed',
    'seatChange.proposed',
    'seatChange.decided',
    'roleChange.proposed',
    'roleChange.decided',
    'role.changed',
    'account.created',
    'account.disabled',
    'account.enabled',
    'account.sessions_ended',
    'account.credential_changed',
    'apiToken.created',
    'apiToken.approved',
    'apiToken.revoked',
    'identity.setting_changed',
    'setting.changed',
    'calendar.changed',
    'notify.wording_saved',
    'notify.setting_saved',
    'smsProvider.changed',
    'staffSheet.taken',
    'invitations.issued',
    'duty.handed_over',
    'webhook.added',
    'webhook.changed',
    'webhook.removed',
    'webhook.key_changed',
    'robot.added',
    'robot.changed',
    'robot.removed',
    'pack.published',
    'ledger.job_retried',
    'ledger.verified',
  ],
}

export interface Tried {
  at: Date
  outcome: string
  accountId: string | null
  /** Keyed hash of the login name. */
  subject: string | null
  /** The network address; it is compared and never given on. */
  address: string
  seated: boolean
}

/** So many wrong passwords in a day are no slip of the fingers. */
const GUESSES = 5
/** So many different names from one address are a script, or a very unlucky office. */
const NAMES = 8
/** The hours in which nobody in an office signs in: 23 to 5 in Beijing. */
const isNight = (at: Date): boolean => {
  const hour = (at.getUTCHours() + 8) % 24
  return hour >= 23 || hour < 5
}

type Found = Omit<Danger, 'name'>

/** What in a day's attempts does not look right; newest first, at most 100. */
export function dangersIn(attempts: readonly Tried[]): Found[] {
  const found = [...byAccount(attempts), ...byAddress(attempts)]
  return found.sort((one, other) => (one.lastAt < other.lastAt ? 1 : -1)).slice(0, 100)
}

const found = (kind: Danger['kind'], accountId: string | null, tries: readonly Tried[]): Found => ({
  kind,
  accountId,
  count: tries.length,
  lastAt: new Date(Math.max(...tries.map(({ at }) => at.getTime()))).toISOString(),
})

function byAccount(attempts: readonly Tried[]): Found[] {
  const list: Found[] = []
  for (const [accountId, tries] of grouped(attempts, (one) => one.accountId)) {
    const refused = tries.filter(({ outcome }) => outcome === 'refused')
    const accepted = tries.filter(({ outcome }) => outcome === 'accepted')
    const lastRefusal = Math.max(0, ...refused.map(({ at }) => at.getTime()))
    const afterwards = accepted.filter(({ at }) => at.getTime() > lastRefusal)
    if (refused.length >= GUESSES) {
      list.push(found(afterwards.length > 0 ? 'guessedThenIn' : 'guessed', accountId, refused))
    }
    const seated = accepted.filter((one) => one.seated)
    const night = seated.filter(({ at }) => isNight(at))
    if (night.length > 0) list.push(found('night', accountId, night))
    const addresses = new Set(seated.map(({ address }) => address))
    if (addresses.size > 2) list.push(found('administratorElsewhere', accountId, seated))
  }
  return list
}

function byAddress(attempts: readonly Tried[]): Found[] {
  const list: Found[] = []
  for (const [, tries] of grouped(attempts, (one) => one.address || null)) {
    const refused = tries.filter(({ outcome }) => outcome === 'refused')
    const names = new Set(refused.map(({ subject }) => subject ?? ''))
    if (names.size >= NAMES) list.push(found('manyNames', null, refused))
  }
  return list
}

function grouped(attempts: readonly Tried[], keyOf: (one: Tried) => string | null): Map<string, Tried[]> {
  const groups = new Map<string, Tried[]>()
  for (const one of attempts) {
    const key = keyOf(one)
    if (key) groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return groups
}
