import { FollowUps } from '../../shared/follow-up/follow-ups.tsx'
import { useText } from '../../shared/i18n/text.ts'
import { Page } from '../shell.tsx'

export function FollowUpPage() {
  const t = useText()
  return (
    <Page title={t('followUp.title')} back="/h5/me">
      <FollowUps />
    </Page>
  )
}
