import { Table } from 'antd'
import type { ApiToken } from '../../../src/identity/tokens/contract.ts'
import { send } from '../../shared/api.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Refused, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { usePagedQuery } from '../paged-query.ts'

const states: Record<ApiToken['state'], { name: TextKey; look: string }> = {
  waiting: { name: 'token.waiting', look: 'dueSoon' },
  live: { name: 'token.live', look: 'verified' },
  expired: { name: 'token.expired', look: 'parked' },
  revoked: { name: 'token.revoked', look: 'parked' },
}

/** Keys that other systems hold: made by one administrator, approved by another. */
export function Tokens() {
  const t = useText()
  const list = usePagedQuery<ApiToken>('/identity/tokens?limit=50')
  const act = useAct(({ id, what }: { id: string; what: 'approve' | 'revoke' }, key) =>
    send(`/identity/tokens/${id}/${what}`, { body: {}, key }),
  )
  const run = async (id: string, what: 'approve' | 'revoke') => {
    await act.run({ id, what })
    list.reload()
  }
  return (
    <div className="stack">
      <p className="soft">{t('token.lead')}</p>
      <Refused error={act.error} />
      <Shown of={list} waiting={<Skeleton lines={6} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('token.none')}>{t('token.noneNext')}</Empty>
          ) : (
            <div className="sheet-table">
              <Table<ApiToken>
                rowKey="id"
                dataSource={items}
                pagination={false}
                size="middle"
                scroll={{ x: 760 }}
                columns={[
                  { title: t('token.label'), dataIndex: 'label' },
                  {
                    title: t('work.state'),
                    width: 110,
                    render: (_, token) => (
                      <span className={`tag tag-${states[token.state].look}`}>{t(states[token.state].name)}</span>
                    ),
                  },
                  { title: t('token.until'), width: 150, render: (_, token) => <Time at={token.expiresAt} /> },
                  {
                    title: t('account.do'),
                    width: 190,
                    render: (_, token) => (
                      <span className="row">
                        {token.state === 'waiting' && (
                          <Button small busy={act.busy} onClick={() => void run(token.id, 'approve')}>
                            {t('token.approve')}
                          </Button>
                        )}
                        {(token.state === 'waiting' || token.state === 'live') && (
                          <Button small kind="danger" busy={act.busy} onClick={() => void run(token.id, 'revoke')}>
                            {t('token.revoke')}
                          </Button>
                        )}
                      </span>
                    ),
                  },
                ]}
              />
            </div>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </div>
  )
}
