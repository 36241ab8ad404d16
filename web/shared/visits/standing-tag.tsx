import type { Standing } from '../../../src/registry/visits/contract.ts'
import { useText } from '../i18n/text.ts'
import { standingLooks, standingNames } from './words.ts'

/** How far a door has come, by a word with a shape of its own. */
export function StandingTag({ of }: { of: Standing }) {
  const t = useText()
  return <span className={`tag tag-${standingLooks[of]}`}>{t(standingNames[of])}</span>
}
