import type { Deadline } from '../../../src/loop/contract.ts'
import { exactTime } from '../dates.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../ui/icon.tsx'

/** A deadline nearer than this is shown as due soon. */
const soonMs = 8 * 3_600_000

const lookOf = (due: Deadline): 'overdue' | 'soon' | 'running' =>
  due.overdue ? 'overdue' : Date.parse(due.dueAt) - Date.now() < soonMs ? 'soon' : 'running'

/** What is left, as people say it; the exact time on hover. */
export function DueLeft({ due }: { due: Deadline }) {
  const look = lookOf(due)
  return (
    <span className={`due due-${look}`} title={exactTime(due.dueAt)}>
      <Icon name={look === 'overdue' ? 'warning' : 'clock'} />
      {due.left}
    </span>
  )
}

/** The deadline with its own explanation. */
export function DueExplained({ due }: { due: Deadline }) {
  const t = useText()
  return (
    <div className="stack-s">
      {due.left && <DueLeft due={due} />}
      <p className="due-why">{due.sentence}</p>
      {due.provisional && (
        <p className="banner banner-warn small">
          <Icon name="info" />
          {t('matter.provisional')}
        </p>
      )}
    </div>
  )
}
