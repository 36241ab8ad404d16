import { useState } from 'react'
import { useText } from '../../shared/i18n/text.ts'
import { TextField } from '../../shared/ui/field.tsx'
import { PlaceDutyList } from '../places/duty-list.tsx'

/**
 * Who answers for a place in all nets, and who did on a day: history is asked, never guessed.
 *
 * @param query `path=…` or `lng=…&lat=…`.
 */
export function WhoWas({ query }: { query: string }) {
  const t = useText()
  const [day, setDay] = useState('')
  const [time, setTime] = useState('12:00')
  const [now] = useState(() => Date.now())
  const chosen = /^\d{4}-\d{2}-\d{2}$/.test(day) && /^\d{2}:\d{2}$/.test(time)
  const at = chosen ? new Date(`${day}T${time}:00+08:00`) : null
  const asked =
    at && !Number.isNaN(at.getTime()) && at.getTime() <= now ? `&at=${encodeURIComponent(at.toISOString())}` : ''
  return (
    <div className="stack">
      <div className="row who-was-when">
        <TextField label={t('whoWas.day')} hint={t('whoWas.dayHint')} type="date" value={day} onChange={setDay} />
        {day !== '' && <TextField label={t('whoWas.time')} type="time" value={time} onChange={setTime} />}
      </div>
      {at && asked === '' && <p className="soft">{t('whoWas.future')}</p>}
      <PlaceDutyList query={query + asked} key={query + asked} />
    </div>
  )
}
