import type { ErrorComponentProps } from '@tanstack/react-router'
import { useText } from '../shared/i18n/text.ts'
import { Button, ButtonLink } from '../shared/ui/button.tsx'
import { Empty } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'

export function ShellNotFound() {
  const t = useText()
  return (
    <>
      <Title text={t('shell.noPage')} hidden />
      <Empty title={t('shell.noPage')} action={<ButtonLink href="/console/matters">{t('nav.work')}</ButtonLink>} />
    </>
  )
}

/** A part of the page that did not arrive: the line is down, or a new release took the old part away. */
const isMissingPart = (error: unknown) =>
  error instanceof Error && /dynamically imported module|preload CSS|Importing a module/.test(error.message)

/** A fault of the page itself, or a page that did not arrive: said plainly, with the one thing that helps. */
export function ShellTrouble({ error, reset }: ErrorComponentProps) {
  const t = useText()
  const title = isMissingPart(error) && !navigator.onLine ? t('trouble.offline') : t('shell.broken')
  return (
    <>
      <Title text={title} hidden />
      <Empty
        title={title}
        action={<Button onClick={() => (navigator.onLine ? location.reload() : reset())}>{t('act.retry')}</Button>}
      >
        {navigator.onLine && t('shell.brokenNext')}
      </Empty>
    </>
  )
}
