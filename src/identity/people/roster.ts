import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { findAccount } from '../store.ts'
import { countStaffRows, listInvitedRows, listLoginNamesFrom, listStaffByPhones } from './store.ts'

/** Somebody of staff as a sheet of names is held against them. */
export interface RosterPerson {
  readonly id: string
  readonly name: string
  readonly seated: boolean
  readonly disabled: boolean
}

/**
 * Staff by phone, for taking in a sheet; the caller has checked that the actor manages accounts. Names are in the clear,
 * to compare with, and never to be shown.
 *
 * @param phones Normalised, at most 10,000.
 */
export async function staffOfPhones(cmd: Command, phones: readonly string[]): Promise<Map<string, RosterPerson>> {
  if (phones.length > 10_000) throw new Error('staffOfPhones: more than 10,000 at once')
  const blinds = new Map(phones.map((phone) => [cmd.vault.blind(cmd.county, 'phone', phone).toString('hex'), phone]))
  const rows = await listStaffByPhones(cmd.tx, cmd.county, [...blinds.keys()])
  return new Map(
    rows.map((row) => [
      blinds.get(row.blind) ?? '',
      {
        id: row.id,
        name: row.nameSealed ? cmd.vault.open(cmd.county, row.nameSealed) : '',
        seated: row.seated,
        disabled: row.status === 'disabled',
      },
    ]),
  )
}

/** Login names of the county that begin with a letter and go on with digits: what a sheet's own numbering must step over. */
export const numberedLoginNames = async (cmd: Command, letter: string): Promise<Set<string>> =>
  new Set(await listLoginNamesFrom(cmd.tx, cmd.county, [`${letter}0`, `${letter}:`]))

/** How many of staff there are who hold no administrator's seat, and how many of them have set a password. */
export const countStaff = (cmd: Command): Promise<{ staff: number; invited: number; active: number }> =>
  countStaffRows(cmd.tx, cmd.county)

/** Staff without a seat who have not set a password yet, by login name; at most `limit` after the one named. */
export const listInvited = (
  cmd: Command,
  page: { after: string; limit: number },
): Promise<{ id: string; loginName: string }[]> => listInvitedRows(cmd.tx, cmd.county, page)

/** A member of staff as an account: by what they sign in, and its version for a change. @throws kernel.not_found */
export async function staffAccount(
  cmd: Command,
  accountId: string,
): Promise<{ loginName: string | null; version: number; status: string }> {
  const row = await findAccount(cmd.tx, cmd.county, accountId)
  if (row?.kind !== 'staff') throw new Fault('kernel.not_found')
  return { loginName: row.loginName, version: row.version, status: row.status }
}
