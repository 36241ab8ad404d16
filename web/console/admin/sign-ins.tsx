import { Table } from 'antd'
import type { SignInRecord } from '../../../src/identity/administrators/contract.ts'
import type { TextKey } from '../../shared/i18n/text.ts'
import { useText } from '../../shared/i18n/text.ts'
import { More } from '../../shared/ui/more.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Time } from '../../shared/ui/time.tsx'
import { usePagedQuery } from '../paged-query.ts'
import { SheetTable } from '../sheet-table.tsx'

const methods: Record<SignInRecord['method'], TextKey> = {
  password: 'signIn.password',
  totp: 'signIn.totp',
  recoveryCode: 'signIn.recovery',
  phoneCode: 'phone.code',
  oidc: 'method.oidc',
  link: 'method.link',
  demo: 'demo.title',
}

/** Who tried to sign in, how and from where: the audit administrator's list. */
export function SignIns() {
  const t = useText()
  const list = usePagedQuery<SignInRecord>('/identity/sign-ins?limit=50')
  return (
    <div className="stack">
      <Shown of={list} waiting={<Skeleton lines={8} />}>
        {(items) => (
          <SheetTable>
            <Table<SignInRecord>
              rowKey="id"
              dataSource={items}
              pagination={false}
              size="middle"
              scroll={{ x: 760 }}
              columns={[
                { title: t('sms.at'), width: 140, render: (_, record) => <Time at={record.at} /> },
                { title: t('account.name'), render: (_, record) => record.name || t('method.unknown') },
                { title: t('method.title'), render: (_, record) => t(methods[record.method]) },
                {
                  title: t('work.state'),
                  width: 110,
                  render: (_, record) =>
                    record.outcome === 'accepted' ? (
                      <span className="tag tag-verified">{t('method.accepted')}</span>
                    ) : (
                      <span className="tag tag-overdue">{t('method.refused')}</span>
                    ),
                },
                { title: t('devices.title'), dataIndex: 'device' },
                { title: t('method.address'), dataIndex: 'address', width: 150 },
              ]}
            />
          </SheetTable>
        )}
      </Shown>
      <More more={list.more} busy={list.busy} />
    </div>
  )
}
