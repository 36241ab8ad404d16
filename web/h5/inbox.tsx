import type { InboxMessage } from '../../src/notify/inbox/contract.ts'
import { useText } from '../shared/i18n/text.ts'
import { InboxList } from '../shared/inbox/inbox-list.tsx'
import { Page } from './shell.tsx'

const hrefOf = (message: InboxMessage) =>
  message.subject?.kind === 'matter' ? `/h5/tasks/${message.subject.id}` : undefined

export function InboxPage({ changed }: { changed: () => void }) {
  const t = useText()
  return (
    <Page title={t('h5.inbox')}>
      <InboxList hrefOf={hrefOf} changed={changed} />
    </Page>
  )
}
