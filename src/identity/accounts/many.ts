import type { Command } from '../../kernel/command.ts'
import { entryOf, recordAll } from '../../ledger/index.ts'
import { AccountCreated } from '../contract.ts'
import { newAccount, requirePhone, sealName, sealPhone } from '../people/index.ts'
import { normaliseLoginName } from '../rules.ts'
import { insertAccounts } from './store.ts'

/** A member of staff as a sheet names one. */
export interface NewColleague {
  readonly id: string
  readonly loginName: string
  readonly name: string
  readonly phone: string
}

/**
 * Makes many staff accounts at once, all invited: the same as `createStaffAccount` for each, in a few statements. The
 * calling room has checked that the actor may.
 *
 * @throws identity.login_name_taken, identity.phone_taken, identity.phone_invalid, kernel.invalid_input; then none is made.
 */
export async function createStaffAccounts(cmd: Command, people: readonly NewColleague[]): Promise<void> {
  const rows = people.map(({ id, loginName, name, phone }) => ({
    ...newAccount(cmd, 'staff', id),
    status: 'invited',
    invitedBy: cmd.actor.id,
    loginName: normaliseLoginName(loginName),
    nameSealed: sealName(cmd, name),
    ...sealPhone(cmd, requirePhone(phone)),
  }))
  await insertAccounts(cmd.tx, rows)
  const body = { by: cmd.actor.id, kind: 'staff' as const, status: 'invited' as const }
  await recordAll(
    cmd,
    rows.map(({ id }) => entryOf(cmd, AccountCreated, { id, version: 1 }, body)),
  )
}
