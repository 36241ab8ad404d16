import { useQueryClient } from '@tanstack/react-query'
import type { InboxMessage } from '../../../src/notify/inbox/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { InboxList } from '../../shared/inbox/inbox-list.tsx'
import { ConsolePage } from '../page.tsx'

const hrefOf = (message: InboxMessage) => {
  if (message.subject?.kind === 'matter') return `/console/matters/${message.subject.id}`
  if (message.subject?.kind === 'ownRequest') return '/console/own-requests'
  if (message.subject?.kind === 'followUp') return '/console/follow-ups'
  return message.subject?.kind === 'diary' ? `/console/diary/${message.subject.id}` : undefined
}

export function InboxPage() {
  const t = useText()
  const queries = useQueryClient()
  return (
    <ConsolePage title={t('h5.inbox')}>
      <InboxList hrefOf={hrefOf} changed={() => void queries.invalidateQueries({ queryKey: ['unread'] })} />
    </ConsolePage>
  )
}
