import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor } from '../../kernel/grants.ts'
import type { QuietHours } from './contract.ts'
import { afterQuiet } from './rules.ts'
import * as store from './store.ts'

function ownAccount(cmd: Command): string {
  requireActor(cmd, 'staff', 'resident')
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  return cmd.actor.id
}

export async function readQuietHours(cmd: Command): Promise<QuietHours> {
  const [row] = await store.listQuiet(cmd.tx, cmd.county, [ownAccount(cmd)])
  return { from: row?.quietFrom ?? null, until: row?.quietUntil ?? null, version: row?.version ?? 0 }
}

/** Names the own silent hours; both empty: none. @throws kernel.stale, kernel.invalid_input when only one is given. */
export async function saveQuietHours(cmd: Command, input: QuietHours): Promise<QuietHours> {
  const accountId = ownAccount(cmd)
  if ((input.from === null) !== (input.until === null)) {
    const words = { zh: '开始和结束都要填，或者都不填。', en: 'Give both hours, or neither.' }
    throw new Fault('kernel.invalid_input', { fields: [{ path: 'until', message: words.zh, ...words }] })
  }
  const version = input.version + 1
  const row = { accountId, quietFrom: input.from, quietUntil: input.until, version }
  if (!(await store.saveQuiet(cmd.tx, cmd.county, row, cmd.now))) throw new Fault('kernel.stale')
  return { ...input, version }
}

/** For each of these people, the instant at which their browser may be woken. */
export async function wakingTimes(
  cmd: Command,
  accountIds: readonly string[],
  at: Date,
): Promise<(accountId: string) => Date> {
  const rows = await store.listQuiet(cmd.tx, cmd.county, accountIds)
  const quiet = new Map(
    rows.flatMap(({ accountId, quietFrom, quietUntil }) =>
      quietFrom && quietUntil ? [[accountId, { from: quietFrom, until: quietUntil }] as const] : [],
    ),
  )
  return (accountId) => afterQuiet(at, quiet.get(accountId))
}
