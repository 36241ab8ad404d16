import { Compile } from 'typebox/compile'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor } from '../../kernel/grants.ts'
import { findSetting, offerSetting } from '../../grid/index.ts'
import { FollowUpSetting } from './contract.ts'
import { shippedSetting, type Person } from './rules.ts'
import type { FollowUpRow } from './store.ts'

export const FOLLOW_UP = 'registry.followUp'

const SETTING = 'registry.followUp'
const fits = Compile(FollowUpSetting)
offerSetting(SETTING, (value) => {
  if (!fits.Check(value)) return false
  const codes = value.bases.map(({ code }) => code)
  return new Set(codes).size === codes.length
})

/** The county's legal bases and terms; the shipped ones where it has set nothing. */
export const settingOf = async (cmd: Command): Promise<FollowUpSetting> =>
  (await findSetting<FollowUpSetting>(cmd, SETTING)) ?? shippedSetting

/** The words of a follow-up. */
export interface Words {
  person: Person
  basisWords: string
}
export const wordsOf = (cmd: Command, row: Pick<FollowUpRow, 'sealed'>): Words =>
  JSON.parse(cmd.vault.open(cmd.county, row.sealed)) as Words

export function selfOf(cmd: Command): string {
  requireActor(cmd, 'staff')
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  return cmd.actor.id
}
