import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { BuildingSheet, Door } from '../../../src/registry/visits/contract.ts'
import { countyName } from '../../shared/county.ts'
import { exactTime } from '../../shared/dates.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useRead } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Title } from '../../shared/ui/title.tsx'
import { blockName } from '../../shared/visits/doors.ts'
import { StandingTag } from '../../shared/visits/standing-tag.tsx'
import { useMe } from '../me-context.ts'
import '../matter/matter-page.css'
import './visits.css'

/** A building's visiting sheet for whoever goes with paper: who should be there, what is asked, room to write. */
export function BuildingPage() {
  const t = useText()
  const { id, building } = useParams({ from: '/visits/$id/buildings/$building' })
  const loaded = useRead<BuildingSheet>(`/visits/campaigns/${id}/buildings/${building}`)
  return (
    <div className="page">
      <div className="row no-print">
        <Link className="button button-plain button-small" to="/visits/$id" params={{ id }} search={{}}>
          <Icon name="back" />
          {t('act.back')}
        </Link>
        <Button kind="primary" small onClick={() => print()}>
          {t('print.do')}
        </Button>
      </div>
      {loaded.data === undefined && <Title text={t('visit.title')} hidden />}
      <Shown of={loaded} waiting={<Skeleton lines={8} />}>
        {(sheet) => <Paper of={sheet} />}
      </Shown>
    </div>
  )
}

function Paper({ of }: { of: BuildingSheet }) {
  const t = useText()
  const me = useMe()
  const [printedAt] = useState(() => new Date())
  return (
    <article className="paper visits-paper">
      <Title text={`${of.campaign} ${of.building.name}`}>
        {of.campaign} · {of.building.address}
      </Title>
      <div className="paper-under">
        <span>
          {countyName()} {of.areaName}
        </span>
        <span>
          {t('visit.responsible')} {of.head || '—'}
        </span>
      </div>
      {of.questions.length > 0 && (
        <p className="small">
          {t('visit.asked')} {of.questions.map((one, at) => `${at + 1}. ${one}`).join('　')}
        </p>
      )}
      <table className="visits-table">
        <thead>
          <tr>
            <th scope="col">{t('visit.room')}</th>
            <th scope="col">{t('visit.shouldBe')}</th>
            <th scope="col">{t('visit.sofar')}</th>
            <th scope="col">{t('visit.result')}</th>
            <th scope="col">{t('visit.asked')}</th>
          </tr>
        </thead>
        <tbody>
          {of.doors.map((door) => (
            <Rows key={door.premisesId} of={door} />
          ))}
        </tbody>
      </table>
      <p className="small">{t('visit.printedBy', { who: me.name, at: exactTime(printedAt) })}</p>
    </article>
  )
}

function Rows({ of }: { of: Door }) {
  const t = useText()
  return of.subjects.map((subject) => (
    <tr key={subject.id}>
      <th scope="row">
        {[blockName({ building: '', unit: of.unit }), of.room].filter(Boolean).join(' ') || of.address}
      </th>
      <td>
        {subject.people.map(({ id, name, age, phone }) => (
          <div key={id}>
            {[name, age === null ? '' : t('visit.age', { years: age }), phone].filter(Boolean).join(' ')}
          </div>
        ))}
      </td>
      <td>{subject.targets[0] && <StandingTag of={subject.targets[0].standing} />}</td>
      <td>&#8195;</td>
      <td>&#8195;</td>
    </tr>
  ))
}
