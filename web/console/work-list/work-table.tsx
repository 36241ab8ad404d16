import { useNavigate } from '@tanstack/react-router'
import { Table, type TableColumnType } from 'antd'
import { useState } from 'react'
import type { MatterBrief } from '../../../src/loop/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { tableColumns } from './columns.tsx'
import { useLook } from './desk-query.ts'

const sizes = { roomy: 'large', middle: 'middle', dense: 'small' } as const

interface Choosing {
  chosen: readonly string[]
  toggle: (id: string) => void
}

export function WorkTable({ items, chosen, toggle }: Choosing & { items: readonly MatterBrief[] }) {
  const t = useText()
  const navigate = useNavigate()
  const { look } = useLook()
  const [at, setAt] = useState('')
  const rowClass = (item: MatterBrief) =>
    ['work-row', item.id === at && 'work-row-at', chosen.includes(item.id) && 'work-row-chosen']
      .filter(Boolean)
      .join(' ')
  // Not the table's own selection: that hides a second box, which the keyboard would find, in its measuring row.
  const boxes: TableColumnType<MatterBrief> = {
    key: 'choose',
    title: <span className="only-read-aloud">{t('bulk.column')}</span>,
    width: 44,
    onCell: () => ({ onClick: (event) => event.stopPropagation(), className: 'work-box' }),
    render: (_, item) => (
      <input
        type="checkbox"
        aria-label={t('bulk.choose', { number: item.number })}
        checked={chosen.includes(item.id)}
        onChange={() => toggle(item.id)}
      />
    ),
  }
  return (
    <div
      className={`sheet-table work-${look.density}`}
      onFocus={(event) => setAt(event.target.closest('tr')?.dataset['rowKey'] ?? '')}
      onBlur={() => setAt('')}
    >
      <Table<MatterBrief>
        rowKey="id"
        dataSource={items}
        pagination={false}
        scroll={{ x: 900 }}
        size={sizes[look.density]}
        rowClassName={rowClass}
        onRow={(item) => ({ onClick: () => void navigate({ to: '/matters/$id', params: { id: item.id } }) })}
        columns={[boxes, ...tableColumns(look.columns, t)]}
      />
    </div>
  )
}
