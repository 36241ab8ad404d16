import type { InboxMessage } from '../../src/notify/inbox/contract.ts'
import { useText } from '../shared/i18n/text.ts'
import { InboxList } from '../shared/inbox/inbox-list.tsx'
import { Page } from './shell.tsx'

const hrefIn = (list: 'tasks' | 'mine') => (message: InboxMessage) => {
  if (message.subject?.kind === 'matter') return `/h5/${list}/${message.subject.id}`
  if (message.subject?.kind === 'ownRecord') return '/h5/own'
  if (message.subject?.kind === 'followUp') return '/h5/follow-ups'
  return message.subject?.kind === 'diary' ? `/h5/diary/${message.subject.id}` : undefined
}

export function InboxPage({ staff, changed }: { staff: boolean; changed: () => void }) {
  const t = useText()
  return (
    <Page title={t('h5.inbox')}>
      <InboxList hrefOf={hrefIn(staff ? 'tasks' : 'mine')} changed={changed} />
    </Page>
  )
}
