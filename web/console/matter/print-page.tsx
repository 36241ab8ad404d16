import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Matter } from '../../../src/loop/contract.ts'
import { countyName } from '../../shared/county.ts'
import { exactTime } from '../../shared/dates.ts'
import { pictureOf } from '../../shared/files.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Title } from '../../shared/ui/title.tsx'
import { useMe } from '../me-context.ts'
import './matter-page.css'

/** The matter on A4, as it goes into a folder: what it is, how it went, and by what it can be checked. */
export function MatterPrintPage() {
  const t = useText()
  const { id } = useParams({ from: '/matters/$id/print' })
  const loaded = useRead<Matter>(`/matters/${id}`)
  return (
    <div className="page">
      <div className="row no-print">
        <Link className="button button-plain button-small" to="/matters/$id" params={{ id }}>
          <Icon name="back" />
          {t('act.back')}
        </Link>
        <Button kind="primary" small onClick={() => print()}>
          {t('print.do')}
        </Button>
      </div>
      <Shown of={loaded} waiting={<Skeleton lines={8} cards={2} />}>
        {(matter) => <Paper matter={matter} />}
      </Shown>
    </div>
  )
}

function Paper({ matter }: { matter: Matter }) {
  const t = useText()
  const me = useMe()
  const [printedAt] = useState(() => new Date())
  const pictures = matter.files.filter(({ mediaType, state }) => mediaType.startsWith('image/') && state === 'ready')
  const reporter = [matter.reporter.label, matter.reporter.name, matter.reporter.phone].filter(Boolean).join(' ')
  const last = matter.timeline.at(-1)
  return (
    <article className="paper">
      <Title text={`${t('print.title')} ${matter.number}`}>{t('print.title')}</Title>
      <div className="paper-under">
        <span>{countyName()}</span>
        <span>
          {t('matter.number')} {matter.number}
        </span>
      </div>
      <table>
        <tbody>
          <Row of={[t('matter.category'), matter.categoryName, t('work.state'), matter.stateName]} />
          <Row of={[t('matter.reportedAt'), exactTime(matter.reportedAt), t('matter.reporter'), reporter]} />
          <Row
            of={[t('matter.where'), [matter.areaNames.slice(1).join(' '), matter.address].filter(Boolean).join(' ')]}
          />
          <Row of={[t('matter.story'), matter.text]} />
          <Row of={[t('receipt.due'), matter.due ? (matter.due.sentence ?? exactTime(matter.due.dueAt)) : '—']} />
          <Row
            of={[
              t('matter.holder'),
              matter.holder || '—',
              t('look.closed'),
              matter.closedAt ? exactTime(matter.closedAt) : '—',
            ]}
          />
          {matter.dutyBasis && <Row of={[t('matter.duty'), matter.dutyBasis]} />}
          {matter.rating && <Row of={[t('event.matterRated'), matter.rating.comment || '—']} />}
        </tbody>
      </table>
      <h2>{t('matter.timeline')}</h2>
      <Steps matter={matter} />
      {pictures.length > 0 && (
        <>
          <h2>{t('photo.title')}</h2>
          <div className="paper-photos">
            {pictures.map(({ id, role }, index) => (
              <img
                key={id}
                src={pictureOf(id).url}
                alt={`${t(role === 'after' ? 'photo.after' : 'photo.before')} ${index + 1}`}
              />
            ))}
          </div>
        </>
      )}
      <p className="paper-foot">
        {t('print.proof', { count: matter.timeline.length, entry: last?.entryId ?? '—' })}
        <br />
        {t('print.by', { who: me.name, at: exactTime(printedAt) })}
      </p>
    </article>
  )
}

/** Two or four cells; of two the second takes the whole width. */
function Row({ of }: { of: readonly [string, string] | readonly [string, string, string, string] }) {
  const [name, value, other, otherValue] = of
  return (
    <tr>
      <th scope="row">{name}</th>
      <td colSpan={other === undefined ? 3 : 1}>{value}</td>
      {other !== undefined && (
        <>
          <th scope="row">{other}</th>
          <td>{otherValue}</td>
        </>
      )}
    </tr>
  )
}

function Steps({ matter }: { matter: Matter }) {
  const t = useText()
  return (
    <table className="steps">
      <thead>
        <tr>
          <th>{t('ledger.at')}</th>
          <th>{t('print.step')}</th>
          <th>{t('ledger.by')}</th>
          <th>{t('sms.text')}</th>
        </tr>
      </thead>
      <tbody>
        {matter.timeline.map((item) => (
          <tr key={item.entryId}>
            <td>{exactTime(item.at)}</td>
            <td>{item.title}</td>
            <td>{[item.by, item.byName].filter(Boolean).join(' ')}</td>
            <td>{item.details.map(({ label, value }) => `${label}: ${value}`).join('; ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
