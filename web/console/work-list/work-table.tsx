import { useNavigate } from '@tanstack/react-router'
import { Table } from 'antd'
import { useState } from 'react'
import { BULK_MAX } from './limits.ts'
import type { MatterBrief } from '../../../src/loop/contract.ts'
import { useText } from '../../shared/i18n/text.ts'
import { tableColumns } from './columns.tsx'
import { useLook } from './desk-query.ts'

const sizes = { roomy: 'large', middle: 'middle', dense: 'small' } as const

interface Choosing {
  chosen: readonly string[]
  choose: (ids: readonly string[]) => void
}

export function WorkTable({ items, chosen, choose }: Choosing & { items: readonly MatterBrief[] }) {
  const t = useText()
  const navigate = useNavigate()
  const { look } = useLook()
  const [at, setAt] = useState('')
  const rowClass = (item: MatterBrief) =>
    ['work-row', item.id === at && 'work-row-at', chosen.includes(item.id) && 'work-row-chosen']
      .filter(Boolean)
      .join(' ')
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
        rowSelection={{
          columnWidth: 44,
          selectedRowKeys: [...chosen],
          onChange: (keys) => choose(keys.map(String).slice(0, BULK_MAX)),
          getCheckboxProps: (item) => ({ 'aria-label': t('bulk.choose', { number: item.number }) }),
          // The box is for choosing; beside it a click opens the matter.
          onCell: () => ({ onClick: (event) => event.stopPropagation() }),
        }}
        onRow={(item) => ({ onClick: () => void navigate({ to: '/matters/$id', params: { id: item.id } }) })}
        columns={tableColumns(look.columns, t)}
      />
    </div>
  )
}
