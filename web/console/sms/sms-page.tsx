import { Table } from 'antd'
import { useState } from 'react'
import type { SmsItem } from '../../../src/notify/sms/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { SelectField } from '../../shared/ui/field.tsx'
import { More } from '../../shared/ui/more.tsx'
import { Empty, Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { ConsolePage } from '../page.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { SheetTable } from '../sheet-table.tsx'

type State = SmsItem['state']
const states: Record<State, { name: TextKey; look: string }> = {
  queued: { name: 'sms.queued', look: 'parked' },
  sending: { name: 'sms.sending', look: 'running' },
  accepted: { name: 'sms.accepted', look: 'running' },
  delivered: { name: 'sms.delivered', look: 'verified' },
  failed: { name: 'sms.failed', look: 'overdue' },
  unknown: { name: 'sms.unknown', look: 'dueSoon' },
}

/** Every text message that left or waits, with its fate. */
export function SmsPage() {
  const t = useText()
  const [state, setState] = useState('')
  const list = usePagedQuery<SmsItem>(`/notify/sms?limit=50${state ? `&state=${state}` : ''}`)
  return (
    <ConsolePage
      title={t('nav.sms')}
      side={
        <Button small onClick={list.reload} busy={list.busy}>
          {t('act.refresh')}
        </Button>
      }
    >
      <p className="soft">{t('sms.lead')}</p>
      <div style={{ maxWidth: 240 }}>
        <SelectField
          label={t('work.state')}
          value={state}
          onChange={setState}
          empty={t('scope.all')}
          choices={Object.entries(states).map(([value, { name }]) => ({ value, label: t(name) }))}
        />
      </div>
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('sms.none')}>{t('sms.noneNext')}</Empty>
          ) : (
            <SheetTable>
              <Table<SmsItem>
                rowKey="id"
                dataSource={items}
                pagination={false}
                size="middle"
                scroll={{ x: 760 }}
                columns={[
                  {
                    title: t('work.state'),
                    width: 110,
                    render: (_, item) => (
                      <span className={`tag tag-${states[item.state].look}`}>{t(states[item.state].name)}</span>
                    ),
                  },
                  { title: t('phone.label'), dataIndex: 'phone', width: 140 },
                  {
                    title: t('sms.text'),
                    render: (_, item) => (
                      <>
                        {item.text}
                        {item.refusalText && (
                          <div className="small" style={{ color: 'var(--overdue)' }}>
                            {item.refusalText}
                          </div>
                        )}
                      </>
                    ),
                  },
                  { title: t('sms.at'), width: 130, render: (_, item) => <Time at={item.createdAt} /> },
                ]}
              />
            </SheetTable>
          )
        }
      </Shown>
      <More more={list.more} busy={list.busy} />
    </ConsolePage>
  )
}
