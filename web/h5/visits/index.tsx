import { useText } from '../../shared/i18n/text.ts'
import { useAddress } from '../../shared/router.ts'
import { ConflictList } from '../../shared/visits/conflict-list.tsx'
import { Page } from '../shell.tsx'
import { AreaPage } from './area.tsx'
import { DoorPage } from './door.tsx'
import { RoundPage } from './round.tsx'
import { VisitPage } from './visit.tsx'
import '../../shared/visits/visits.css'

/** The pages under /h5/visits: one's round, a micro-grid's doors, one door, one visit, what waits for a decision. */
export function VisitSection({ pathname }: { pathname: string }) {
  const t = useText()
  const asked = useAddress().searchParams
  const [area, door] = [asked.get('area'), asked.get('door')]
  const id = /^\/h5\/visits\/([0-9a-f-]{36})$/.exec(pathname)?.[1]
  if (id) return <VisitPage id={id} key={id} />
  if (pathname === '/h5/visits/conflicts')
    return (
      <Page title={t('visit.conflicts')} back="/h5/visits">
        <ConflictList />
      </Page>
    )
  if (area && door) return <DoorPage area={area} subject={door} key={door} />
  if (area) return <AreaPage area={area} key={area} />
  return <RoundPage />
}
