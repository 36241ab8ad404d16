import { useText } from '../shared/i18n/text.ts'
import { Button, ButtonLink } from '../shared/ui/button.tsx'
import { Empty } from '../shared/ui/states.tsx'

export function ShellNotFound() {
  const t = useText()
  return <Empty title={t('shell.noPage')} action={<ButtonLink href="/console/matters">{t('nav.work')}</ButtonLink>} />
}

/** A fault of the page itself: said plainly, with the one thing that helps. */
export function ShellTrouble() {
  const t = useText()
  return (
    <Empty title={t('shell.broken')} action={<Button onClick={() => location.reload()}>{t('act.retry')}</Button>}>
      {t('shell.brokenNext')}
    </Empty>
  )
}
