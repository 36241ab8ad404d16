import { useQuery } from '@tanstack/react-query'
import type { Delivery } from '../../../src/notify/outbound/contract.ts'
import { read } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Tag } from './rows.tsx'

export const deliveryStates: Record<Delivery['state'], { name: TextKey; look: string }> = {
  queued: { name: 'sms.queued', look: 'parked' },
  sending: { name: 'sms.sending', look: 'running' },
  delivered: { name: 'sms.delivered', look: 'verified' },
  failed: { name: 'sms.failed', look: 'overdue' },
  unknown: { name: 'sms.unknown', look: 'dueSoon' },
}

const askEveryMs = 1500

/** What became of a test, asked until it is settled. */
export function TestResult({ id }: { id: string }) {
  const t = useText()
  const query = useQuery({
    queryKey: ['delivery', id],
    queryFn: () => read<Delivery>(`/notify/deliveries/${id}`),
    refetchInterval: ({ state }) => (state.data?.settledAt ? false : askEveryMs),
  })
  const state = deliveryStates[query.data?.state ?? 'queued']
  return (
    <p className="row" role="status">
      {t('test.result')} <Tag look={state.look}>{t(state.name)}</Tag>
      {query.data?.lastCode && <span className="soft small">{t('webhook.answer', { code: query.data.lastCode })}</span>}
    </p>
  )
}
