import { Compile } from 'typebox/compile'
import type { Command } from '../../kernel/command.ts'
import { findSetting, offerSetting } from '../../grid/index.ts'
import { VisitSetting } from './contract.ts'
import { shippedKeepDays } from './rules.ts'

const KEY = 'registry.visits'
const fits = Compile(VisitSetting)
offerSetting(KEY, (value) => fits.Check(value))

/** How long words and photos of visits are kept; the shipped time where the county has set nothing. */
export const keepDaysOf = async (cmd: Command): Promise<number> =>
  (await findSetting<VisitSetting>(cmd, KEY))?.keepDays ?? shippedKeepDays
