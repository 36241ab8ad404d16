import { useNavigate } from '@tanstack/react-router'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Empty } from '../../shared/ui/states.tsx'
import type { RegistrySearch, RegistryTab } from './search.ts'

const titles: Record<RegistryTab, TextKey> = {
  people: 'registry.nobody',
  households: 'registry.noHousehold',
  premises: 'registry.noBuilding',
  organisations: 'registry.noOrganisation',
  groups: 'groups.none',
}

/** An empty list says whether a filter made it so, and what to do next. */
export function Nothing({ search, what }: { search: RegistrySearch; what: RegistryTab }) {
  const t = useText()
  const navigate = useNavigate()
  const { tab, area, ...filters } = search
  const filtered = Object.values(filters).some((value) => value !== undefined)
  if (!filtered) return <Empty title={t(titles[what])}>{t('registry.emptyNext')}</Empty>
  const clear = () => void navigate({ to: '/registry', search: { tab, area } })
  return (
    <Empty title={t('work.noneFiltered')} action={<Button onClick={clear}>{t('work.clear')}</Button>}>
      {t('work.noneFilteredNext')}
    </Empty>
  )
}
