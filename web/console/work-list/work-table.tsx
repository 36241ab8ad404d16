import { Link, useNavigate } from '@tanstack/react-router'
import { Table } from 'antd'
import { useState } from 'react'
import type { MatterBrief } from '../../../src/loop/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { DueLeft } from '../../shared/matter/deadline.tsx'
import { StateTag, UrgentTag } from '../../shared/matter/state-tag.tsx'
import { Time } from '../../shared/ui/time.tsx'

export function WorkTable({ items }: { items: readonly MatterBrief[] }) {
  const t = useText()
  const navigate = useNavigate()
  const [at, setAt] = useState('')
  return (
    <div
      className="sheet-table"
      onFocus={(event) => setAt(event.target.closest('tr')?.dataset['rowKey'] ?? '')}
      onBlur={() => setAt('')}
    >
      <Table<MatterBrief>
        rowKey="id"
        dataSource={items}
        pagination={false}
        scroll={{ x: 900 }}
        size="middle"
        rowClassName={(item) => (item.id === at ? 'work-row work-row-at' : 'work-row')}
        onRow={(item) => ({ onClick: () => void navigate({ to: '/matters/$id', params: { id: item.id } }) })}
        columns={[
          {
            title: t('work.state'),
            width: 128,
            render: (_, item) => (
              <span className="row">
                <StateTag of={item} />
                {item.urgent && <UrgentTag />}
              </span>
            ),
          },
          {
            title: t('work.what'),
            render: (_, item) => (
              <>
                <Link
                  className="work-what"
                  to="/matters/$id"
                  params={{ id: item.id }}
                  onClick={(event) => event.stopPropagation()}
                >
                  {item.summary}
                </Link>
                <span className="faint small">
                  {item.categoryName} · {item.number}
                </span>
              </>
            ),
          },
          { title: t('matter.where'), width: 170, render: (_, item) => item.areaName },
          { title: t('matter.holder'), width: 170, render: (_, item) => item.holder },
          {
            title: t('receipt.due'),
            width: 150,
            render: (_, item) => (item.due ? <DueLeft due={item.due} /> : <span className="faint">—</span>),
          },
          { title: t('matter.reportedAt'), width: 130, render: (_, item) => <Time at={item.reportedAt} /> },
        ]}
      />
    </div>
  )
}
