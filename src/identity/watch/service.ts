import type { Command } from '../../kernel/command.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { PageOf } from '../../kernel/pages.ts'
import { listActs as findActs, record } from '../../ledger/index.ts'
import { ActsExported } from '../contract.ts'
import { namesOf } from '../people/index.ts'
import { limits } from '../rules.ts'
import type { Act, ActQuery, Danger, Dangers, ExportActs, ExportedActs } from './contract.ts'
import { dangersIn, eventsOf } from './rules.ts'
import * as store from './store.ts'

const DAY_MS = 86_400_000
/** Rows of one exported list, and pages looked through for it. */
const EXPORT_MAX = 5_000
const EXPORT_PAGES_MAX = 200

/** Who looked at what, exported, or acted as administrator: for the audit administrator. A page may be short and still have a next. */
export async function listActs(cmd: Command, query: ActQuery): Promise<PageOf<Act>> {
  requireGrant(cmd, 'identity.read_acts', cmd.county)
  return pageOfActs(cmd, query)
}

async function pageOfActs(cmd: Command, query: ActQuery): Promise<PageOf<Act>> {
  const page = await findActs(cmd, {
    events: query.kind ? eventsOf[query.kind] : Object.values(eventsOf).flat(),
    actorId: query.actorId,
    label: query.label?.trim() || undefined,
    purpose: query.purpose,
    from: query.from ? new Date(query.from) : undefined,
    until: query.until ? new Date(query.until) : undefined,
    limit: query.limit ?? 20,
    after: query.after,
  })
  const about = (body: unknown): string | undefined => {
    const { account } = body as { account?: unknown }
    return typeof account === 'string' ? account : undefined
  }
  const people = page.items.flatMap(({ actor, body }) => [actor.id, about(body)].filter((id) => typeof id === 'string'))
  const names = await namesOf(cmd, people)
  return {
    next: page.next,
    items: page.items.map(({ id, at, event, actor, purpose, body, subjectId }) => ({
      id,
      at,
      event,
      by: actor.id,
      byName: names.get(actor.id ?? '') ?? '',
      label: actor.label,
      purpose,
      about: names.get(about(body) ?? '') ?? '',
      subjectId,
    })),
  }
}

/** The whole list, to be kept outside; that it was taken is itself an entry. */
export async function exportActs(cmd: Command, wanted: ExportActs): Promise<ExportedActs> {
  requireGrant(cmd, 'identity.read_acts', cmd.county)
  const items: Act[] = []
  let after: string | undefined
  let complete = false
  for (let page = 0; page < EXPORT_PAGES_MAX && items.length < EXPORT_MAX && !complete; page++) {
    const found = await pageOfActs(cmd, { ...wanted, limit: 100, ...(after ? { after } : {}) })
    items.push(...found.items)
    after = found.next ?? undefined
    complete = found.next === null
  }
  const body = { by: cmd.actor.id, kind: wanted.kind ?? null, rows: items.length, complete }
  await record(cmd, ActsExported, { id: uuidv7(cmd.now), version: 1 }, body)
  return { items, complete }
}

/** What at the doors does not look right: for the security administrator. */
export async function readDangers(cmd: Command): Promise<Dangers> {
  requireGrant(cmd, 'identity.read_dangers', cmd.county)
  const rows = await store.listRecentAttempts(cmd.tx, cmd.county, new Date(cmd.now.getTime() - DAY_MS))
  const open = (sealed: Buffer | null): string => (sealed ? cmd.vault.open(cmd.county, sealed) : '')
  const found = dangersIn(
    rows.map(({ subjectBlind, addressSealed, ...row }) => ({
      ...row,
      subject: subjectBlind?.toString('hex') ?? null,
      address: open(addressSealed),
    })),
  )
  const throttles = throttlesIn(await store.countWindows(cmd.tx, cmd.county, cmd.now))
  const names = await namesOf(
    cmd,
    found.flatMap(({ accountId }) => (accountId ? [accountId] : [])),
  )
  const items: Danger[] = found.map((one) => ({ ...one, name: names.get(one.accountId ?? '') ?? '' }))
  return {
    lockedNames: throttles.find(({ kind }) => kind === limits.signIn.kind)?.reached ?? 0,
    refusedToday: rows.filter(({ outcome }) => outcome === 'refused').length,
    acceptedToday: rows.filter(({ outcome }) => outcome === 'accepted').length,
    throttles,
    items,
  }
}

/** Every limit, used or not; what is counted elsewhere (the county's codes an hour) has a number of its own and is left out. */
function throttlesIn(counted: readonly store.Counted[]): Dangers['throttles'] {
  return Object.values(limits).map(({ kind, most }) => {
    const own = counted.filter((row) => row.kind === kind)
    const sum = (list: readonly store.Counted[]) => list.reduce((total, row) => total + row.subjects, 0)
    return { kind, subjects: sum(own), reached: sum(own.filter(({ taken }) => taken >= most)) }
  })
}
