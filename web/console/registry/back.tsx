import { Link } from '@tanstack/react-router'
import { useText } from '../../shared/i18n/text.ts'
import { Icon } from '../../shared/ui/icon.tsx'
import type { RegistryTab } from './search.ts'

/** The way back to the list, at the place that the record lies in. */
export function BackToList({ tab, area }: { tab: RegistryTab; area: string | undefined }) {
  const t = useText()
  return (
    <p className="no-print">
      <Link className="row back-link" to="/registry" search={{ tab, ...(area !== undefined && { area }) }}>
        <Icon name="back" />
        {t('registry.backToList')}
      </Link>
    </p>
  )
}
