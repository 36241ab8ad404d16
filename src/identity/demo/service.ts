import type { App } from '../../kernel/app.ts'
import type { Command } from '../../kernel/command.ts'
import type { AccountKind, Visitor } from '../contract.ts'
import { recordAttempt } from '../service.ts'
import { openSession } from '../sessions/index.ts'
import type { Outcome } from '../sign-in/index.ts'
import { listSeats } from '../store.ts'
import type { DemoLoading, DemoPeopleQuery, DemoPerson, DemoSignIn } from './contract.ts'
import { listPeople } from './store.ts'

interface Titled {
  id: string
  title: { zh: string; en: string }
  shown?: boolean
  first?: { zh: string; en: string }
  face?: 'phone' | 'desk'
  idTail?: string
}
let titles: () => readonly Titled[] = () => []

/** Tells who the invented people are; called at import by whoever invents them. Only those with `shown` get their title. */
export function titleDemoPeople(source: () => readonly Titled[]): void {
  titles = source
}

const loads = new WeakMap<object, DemoLoading['loading']>()

/** Says how far the rest of the demo has been loaded into this house; null ends it. */
export const tellDemoLoading = (app: Pick<App, 'ports'>, now: DemoLoading['loading']): void =>
  void loads.set(app.ports, now)

export const loadingOf = (app: Pick<App, 'ports'>): DemoLoading => ({ loading: loads.get(app.ports) ?? null })

/** The invented people of a demo folder, to choose from: those worth trying first, in their order, then the oldest. */
export async function listDemoPeople(cmd: Command, query: DemoPeopleQuery): Promise<{ items: DemoPerson[] }> {
  const titled = new Map(titles().flatMap((one) => (one.shown ? [[one.id, one] as const] : [])))
  const order = [...titled.keys()]
  const all = await listPeople(cmd.tx, cmd.county, order)
  const worthTrying = query.titled === true ? all.filter(({ id }) => titled.has(id)) : []
  const rows = worthTrying.length > 0 ? worthTrying : all
  const places = new Map(order.map((id, at) => [id, at]))
  const placeOf = ({ id }: { id: string }): number => places.get(id) ?? order.length
  const english = cmd.locale === 'en'
  const items: DemoPerson[] = []
  for (const row of rows.toSorted((one, other) => placeOf(one) - placeOf(other))) {
    const { title, first, face, idTail } = titled.get(row.id) ?? {}
    items.push({
      accountId: row.id,
      kind: row.kind as AccountKind,
      name: row.nameSealed ? cmd.vault.open(cmd.county, row.nameSealed) : '',
      loginName: row.loginName,
      title: (english ? title?.en : title?.zh) ?? null,
      first: (english ? first?.en : first?.zh) ?? null,
      face: face ?? null,
      idTail: idTail ?? null,
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
