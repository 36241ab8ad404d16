import type { DiaryMonth } from '../../../src/duty/diary/contract.ts'
import type { TextKey } from '../i18n/text.ts'
import { language, useText } from '../i18n/text.ts'
import { today } from '../dates.ts'
import { monthAway, thisMonth, weeksOf } from './months.ts'

interface Viewing {
  of: DiaryMonth | undefined
  month: string
  day: string | null
  /** The address that shows a day, or a month where `day` is null. */
  href: (month: string, day: string | null) => string
}

const weekdays: readonly TextKey[] = [
  'diary.mon',
  'diary.tue',
  'diary.wed',
  'diary.thu',
  'diary.fri',
  'diary.sat',
  'diary.sun',
]

const monthName = (month: string) =>
  new Intl.DateTimeFormat(language(), { timeZone: 'UTC', year: 'numeric', month: 'long' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )

/** A month on one screen: how many entries on which day; a day with entries opens them. */
export function MonthView({ of, month, day, href }: Viewing) {
  const t = useText()
  const counts = new Map(of?.days.map(({ on, count }) => [on, count]))
  const now = today()
  return (
    <section className="card stack-s month">
      <div className="spread">
        <a className="button button-plain button-small" href={href(monthAway(month, -1), null)}>
          {t('diary.monthBefore')}
        </a>
        <h2>{monthName(month)}</h2>
        {month < thisMonth() ? (
          <a className="button button-plain button-small" href={href(monthAway(month, 1), null)}>
            {t('diary.monthAfter')}
          </a>
        ) : (
          <span className="month-gap" />
        )}
      </div>
      <table>
        <caption className="only-read-aloud">{monthName(month)}</caption>
        <thead>
          <tr>
            {weekdays.map((name) => (
              <th key={name} scope="col">
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week, index) => (
            <tr key={week.find(Boolean) ?? index}>
              {week.map((on, cell) => (
                <td key={on ?? cell} className={on === now ? 'today' : undefined}>
                  {on && <DayCell on={on} count={counts.get(on) ?? 0} chosen={on === day} href={href(month, on)} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {of && <p className="soft small">{t('diary.monthSum', { total: of.total, done: of.done, cases: of.cases })}</p>}
    </section>
  )
}

function DayCell({ on, count, chosen, href }: { on: string; count: number; chosen: boolean; href: string }) {
  const t = useText()
  const number = Number(on.slice(8))
  if (count === 0) return <span className="day faint">{number}</span>
  return (
    <a className="day day-has" href={href} aria-current={chosen ? 'date' : undefined}>
      {number}
      <span className="day-count">
        {count}
        <span className="only-read-aloud">{t('diary.dayCount')}</span>
      </span>
    </a>
  )
}
