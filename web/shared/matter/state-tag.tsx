import type { MatterBrief } from '../../../src/loop/contract.ts'
import { useText } from '../i18n/text.ts'

const looks: Record<MatterBrief['tone'], string> = {
  waiting: 'dueSoon',
  running: 'running',
  parked: 'parked',
  done: 'verified',
  void: 'parked',
}

/** The state's word with a shape of its own, so that it is told apart without colour too. */
export function StateTag({ of }: { of: Pick<MatterBrief, 'tone' | 'stateName'> }) {
  return <span className={`tag tag-${looks[of.tone]}`}>{of.stateName}</span>
}

export function UrgentTag() {
  const t = useText()
  return <span className="tag tag-overdue">{t('matter.urgent')}</span>
}
