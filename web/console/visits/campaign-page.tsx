import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Campaign, Coverage, Figures, Gap, MoveCampaign } from '../../../src/registry/visits/contract.ts'
import { fileOf, send } from '../../shared/api.ts'
import { saidDay, today } from '../../shared/dates.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct, useRead } from '../../shared/loading.ts'
import { statedPurpose } from '../../shared/purpose.ts'
import { saveFile } from '../../shared/save-file.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField } from '../../shared/ui/field.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { Bar } from '../../shared/visits/bar.tsx'
import { StandingTag } from '../../shared/visits/standing-tag.tsx'
import { gapStandings, standingNames } from '../../shared/visits/words.ts'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { Figure } from './plan-page.tsx'
import { CampaignState } from './visits-page.tsx'
import '../../shared/visits/visits.css'
import './visits.css'

const moveNames: Record<MoveCampaign['move'], TextKey> = {
  pause: 'visit.movePause',
  resume: 'visit.moveResume',
  close: 'visit.moveClose',
}

/** How far a campaign has come, from the town down to the building, and what is left to do. */
export function CampaignPage() {
  const t = useText()
  const { id } = useParams({ from: '/visits/$id' })
  const { area, standing } = useSearch({ from: '/visits/$id' })
  const loaded = useRead<Campaign>(`/visits/campaigns/${id}`)
  const at = area ? `?area=${encodeURIComponent(area)}` : ''
  const coverage = useRead<Coverage>(`/visits/campaigns/${id}/coverage${at}`)
  const counting = statedPurpose('/visits')['tongxin-purpose'] === 'statistics'
  return (
    <ConsolePage
      title={loaded.data?.name ?? t('visit.campaign')}
      side={loaded.data && <Moves of={loaded.data} moved={loaded.replace} />}
    >
      <Shown of={loaded} waiting={<Skeleton lines={2} />}>
        {(campaign) => (
          <>
            <p className="row">
              <CampaignState of={campaign} />
              <span className="soft">
                {t('visit.until', { from: saidDay(campaign.fromOn), day: saidDay(campaign.untilOn) })} ·{' '}
                {campaign.areas.map(({ name }) => name).join('、')} · {campaign.byLabel}
              </span>
            </p>
            {!campaign.filled && (
              <p className="banner banner-warn" role="status">
                <Icon name="clock" />
                <span>{t('visit.filling')}</span>
              </p>
            )}
          </>
        )}
      </Shown>
      <Shown of={coverage} waiting={<Skeleton lines={5} cards={2} />}>
        {(known) => (
          <>
            <section className="card stack">
              <div className="spread">
                <h2>{known.area.name}</h2>
                {area && (
                  <Link to="/visits/$id" params={{ id }} search={{}}>
                    {t('visit.wholeCampaign')}
                  </Link>
                )}
              </div>
              <Bar done={known.total.done} all={known.total.doors} />
              <AllFigures of={known.total} />
            </section>
            <Below of={known} id={id} />
          </>
        )}
      </Shown>
      {!counting && <Gaps id={id} area={area} standing={standing} />}
    </ConsolePage>
  )
}

function AllFigures({ of }: { of: Figures }) {
  const t = useText()
  return (
    <div className="visits-figures">
      <Figure name={t('visit.figureDoors')} count={of.doors} />
      <Figure name={t('visit.done')} count={of.done} />
      {gapStandings.map((one) => (
        <Figure key={one} name={t(standingNames[one])} count={of[one]} />
      ))}
      <Figure name={t('visit.figurePersons')} count={of.persons} />
      <Figure name={t('visit.figureMissing')} count={of.missing} />
    </div>
  )
}

function Moves({ of, moved }: { of: Campaign; moved: (next: Campaign) => void }) {
  const t = useText()
  const act = useAct((move: MoveCampaign['move'], key) =>
    send<Campaign>(`/visits/campaigns/${of.id}/moves`, { body: { move, version: of.version }, key }),
  )
  const make = async (move: MoveCampaign['move']) => {
    const next = await act.run(move)
    if (next) moved(next)
  }
  return (
    <>
      <Refused error={act.error} />
      {of.moves.map((move) => (
        <Button
          key={move}
          small
          kind={move === 'close' ? 'danger' : 'quiet'}
          busy={act.busy}
          onClick={() => void make(move)}
        >
          {t(moveNames[move])}
        </Button>
      ))}
    </>
  )
}

function Below({ of, id }: { of: Coverage; id: string }) {
  const t = useText()
  const rows = of.below.length > 0 ? of.below : of.buildings
  if (rows.length === 0) return null
  return (
    <section className="card visits-scroll">
      <table className="visits-table">
        <caption className="only-read-aloud">{t('visit.coverage')}</caption>
        <thead>
          <tr>
            <th scope="col">{t(of.below.length > 0 ? 'visit.area' : 'visit.building')}</th>
            <th scope="col">{t('visit.share')}</th>
            <th scope="col">{t('visit.done')}</th>
            <th scope="col">{t('visit.figureDoors')}</th>
            {gapStandings.map((one) => (
              <th scope="col" key={one}>
                {t(standingNames[one])}
              </th>
            ))}
            <th scope="col">{t('visit.figureMissing')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={'path' in row ? row.path : row.id}>
              <th scope="row">
                {'path' in row ? (
                  <>
                    <Link to="/visits/$id" params={{ id }} search={{ area: row.path }}>
                      {row.name}
                    </Link>
                    {row.head && <div className="soft small">{row.head}</div>}
                  </>
                ) : (
                  <Link to="/visits/$id/buildings/$building" params={{ id, building: row.id }}>
                    {row.name}
                  </Link>
                )}
              </th>
              <td className="visits-bar">
                <Bar done={row.done} all={row.doors} />
              </td>
              <td>{row.done}</td>
              <td>{row.doors}</td>
              {gapStandings.map((one) => (
                <td key={one}>{row[one]}</td>
              ))}
              <td>{row.missing}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface Asking {
  id: string
  area: string | undefined
  standing: string | undefined
}

function Gaps({ id, area, standing }: Asking) {
  const t = useText()
  const navigate = useNavigate()
  const query = new URLSearchParams({ limit: '50' })
  if (area) query.set('area', area)
  if (standing) query.set('standing', standing)
  const list = usePagedQuery<Gap>(`/visits/campaigns/${id}/gaps?${query}`)
  const show = (next: string) =>
    void navigate({
      to: '/visits/$id',
      params: { id },
      search: { ...(area && { area }), ...(next && { standing: next }) },
    })
  return (
    <section className="card stack">
      <div className="spread">
        <h2>{t('visit.gaps')}</h2>
        <GapSheet id={id} area={area} standing={standing} />
      </div>
      <SelectField
        label={t('visit.gapReason')}
        value={standing ?? ''}
        onChange={show}
        empty={t('scope.all')}
        choices={gapStandings.map((one) => ({ value: one, label: t(standingNames[one]) }))}
      />
      <Shown of={list} waiting={<Skeleton lines={4} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('visit.noGaps')}>{t('visit.noGapsNext')}</Empty>
          ) : (
            <GapTable of={items} />
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </section>
  )
}

function GapTable({ of }: { of: readonly Gap[] }) {
  const t = useText()
  return (
    <div className="visits-scroll">
      <table className="visits-table">
        <thead>
          <tr>
            <th scope="col">{t('visit.area')}</th>
            <th scope="col">{t('matter.where')}</th>
            <th scope="col">{t('visit.head')}</th>
            <th scope="col">{t('visit.gapReason')}</th>
            <th scope="col">{t('visit.figureMissing')}</th>
            <th scope="col">{t('visit.tries')}</th>
            <th scope="col">{t('visit.nextTry')}</th>
            <th scope="col">{t('visit.responsible')}</th>
          </tr>
        </thead>
        <tbody>
          {of.map((gap) => (
            <tr key={gap.subjectId}>
              <td>{gap.areaName}</td>
              <td>{gap.address}</td>
              <td>{gap.head}</td>
              <td>
                <StandingTag of={gap.standing} />
              </td>
              <td>
                {gap.missing} / {gap.persons}
              </td>
              <td>
                {gap.tries} {gap.visitedAt && <Time at={gap.visitedAt} />}
              </td>
              <td>{gap.nextOn ? saidDay(gap.nextOn) : ''}</td>
              <td>{gap.responsible}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function GapSheet({ id, area, standing }: Asking) {
  const t = useText()
  const act = useAct((body: object) => fileOf(`/visits/campaigns/${id}/gaps/sheet`, body))
  const save = async () => {
    const file = await act.run({ ...(area && { area }), ...(standing && { standing }) })
    if (file) saveFile(`${t('visit.gaps')}-${today()}.xlsx`, file, file.type)
  }
  return (
    <div className="row">
      <Refused error={act.error} />
      <Button small icon="download" busy={act.busy} onClick={() => void save()}>
        {t('work.export')}
      </Button>
    </div>
  )
}
