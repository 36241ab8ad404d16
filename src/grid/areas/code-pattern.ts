import { RE2JS } from 're2js'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { findSetting, offerSetting } from '../calendar/index.ts'
import type { AreaKind } from './contract.ts'

/** How a county numbers its grids, as one pattern for the local code. @source CJ/T 349 and local practice differ, so it is a setting. */
export const CODE_PATTERN = 'grid.codePattern'
const PATTERN_LENGTH_MAX = 100

const compiles = (pattern: string): boolean => {
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    return false
  }
}

offerSetting(
  CODE_PATTERN,
  (value) => typeof value === 'string' && value.length <= PATTERN_LENGTH_MAX && compiles(value),
)

const numbered: ReadonlySet<AreaKind> = new Set<AreaKind>(['grid', 'microGrid', 'dedicatedGrid'])

/**
 * Refuses the code of a grid that does not follow the county's pattern, where it has set one.
 *
 * Patterns run in RE2, which takes time linear in the text: an administrator cannot stop the process with one.
 * @throws grid.code_unfit
 */
export async function requireCode(cmd: Command, kind: AreaKind, code: string): Promise<void> {
  if (!numbered.has(kind)) return
  const pattern = await findSetting<string>(cmd, CODE_PATTERN)
  if (!pattern || RE2JS.compile(pattern).matches(code)) return
  throw new Fault('grid.code_unfit', { code, pattern })
}
