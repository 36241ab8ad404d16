import { useState } from 'react'
import type { Static } from 'typebox'
import type { CalendarYear, OfficeHoursSet } from '../../../src/grid/calendar/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { TextField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { say } from '../../shared/ui/notice.tsx'
import { Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'

type Year = Static<typeof CalendarYear>

/** Office hours, in which deadlines run and reminders go out. */
export function HoursStep({ saved }: { saved: () => void }) {
  const t = useText()
  const [year] = useState(() => new Date().getFullYear())
  const calendar = useRead<Year>(`/grid/calendar?year=${year}`)
  return (
    <>
      <p className="soft">{t('setup.hoursLead')}</p>
      <Shown of={calendar} waiting={<Skeleton lines={3} />}>
        {(now) => (
          <HoursForm
            now={now}
            key={now.officeHoursVersion}
            saved={() => {
              calendar.reload()
              saved()
            }}
          />
        )}
      </Shown>
    </>
  )
}

function HoursForm({ now, saved }: { now: Year; saved: () => void }) {
  const t = useText()
  const [hours, setHours] = useState(now.officeHours.length === 2 ? now.officeHours : [...now.officeHours])
  const act = useAct((officeHours: typeof hours, key) =>
    send<Static<typeof OfficeHoursSet>>('/grid/calendar/hours', {
      method: 'PUT',
      body: { officeHours, version: now.officeHoursVersion },
      key,
    }),
  )
  const change = (at: number, part: 'from' | 'to', value: string) =>
    setHours(hours.map((span, place) => (place === at ? { ...span, [part]: value } : span)))
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault()
        if (!(await act.run(hours))) return
        say(t('setup.saved'))
        saved()
      }}
    >
      {hours.map((span, at) => (
        <div className="row" key={at}>
          <TextField
            label={t(at === 0 ? 'setup.morningFrom' : 'setup.afternoonFrom')}
            type="time"
            value={span.from}
            onChange={(value) => change(at, 'from', value)}
            required
          />
          <TextField
            label={t(at === 0 ? 'setup.morningTo' : 'setup.afternoonTo')}
            type="time"
            value={span.to}
            onChange={(value) => change(at, 'to', value)}
            required
          />
        </div>
      ))}
      <p className="banner">
        <Icon name="info" />
        {t(now.known ? 'setup.holidaysKnown' : 'setup.holidaysUnknown', { year: now.year })}
      </p>
      <Refused error={act.error} />
      <div>
        <Button type="submit" kind="primary" busy={act.busy}>
          {t('setup.hoursSave')}
        </Button>
      </div>
    </form>
  )
}
