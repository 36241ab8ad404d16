import type { Command } from '../../kernel/command.ts'
import type { AccountKind, Visitor } from '../contract.ts'
import { recordAttempt } from '../service.ts'
import { openSession } from '../sessions/index.ts'
import type { Outcome } from '../sign-in/index.ts'
import { listSeats } from '../store.ts'
import type { DemoPerson, DemoSignIn } from './contract.ts'
import { listPeople } from './store.ts'

interface Titled {
  id: string
  title: { zh: string; en: string }
  shown?: boolean
}
let titles: () => readonly Titled[] = () => []

/** Tells who the invented people are; called at import by whoever invents them. Only those with `shown` get their title. */
export function titleDemoPeople(source: () => readonly Titled[]): void {
  titles = source
}

/** The invented people of a demo folder, to choose from. */
export async function listDemoPeople(cmd: Command): Promise<{ items: DemoPerson[] }> {
  const titled = new Map(titles().flatMap(({ id, title, shown }) => (shown ? [[id, title] as const] : [])))
  const items: DemoPerson[] = []
  for (const row of await listPeople(cmd.tx, cmd.county)) {
    items.push({
      accountId: row.id,
      kind: row.kind as AccountKind,
      name: row.nameSealed ? cmd.vault.open(cmd.county, row.nameSealed) : '',
      loginName: row.loginName,
      title: (cmd.locale === 'en' ? titled.get(row.id)?.en : titled.get(row.id)?.zh) ?? null,
      seats: await listSeats(cmd.tx, cmd.county, row.id),
    })
  }
  return { items }
}

/** Signs in as an invented person with one click. */
export async function signInAsDemo(cmd: Command, input: DemoSignIn, visitor: Visitor): Promise<Outcome> {
  const session = await openSession(cmd, { accountId: input.accountId, method: 'demo', secondFactor: true, visitor })
  await recordAttempt(cmd, visitor, { method: 'demo', outcome: 'accepted', accountId: input.accountId })
  return { answer: { next: 'done', kind: session.kind, expiresAt: session.expiresAt.toISOString() }, session }
}
