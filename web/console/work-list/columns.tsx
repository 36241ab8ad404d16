import { Link } from '@tanstack/react-router'
import type { TableColumnType } from 'antd'
import type { ReactNode } from 'react'
import type { MatterBrief } from '../../../src/loop/contract.ts'
import type { DeskLook } from '../../../src/loop/desk/contract.ts'
import type { TextKey, Translate } from '../../shared/i18n/text.ts'
import { DueLeft } from '../../shared/matter/deadline.tsx'
import { StateTag, UrgentTag } from '../../shared/matter/state-tag.tsx'
import { Time } from '../../shared/ui/time.tsx'

type Column = DeskLook['columns'][number]

export const columnNames: readonly [Column, TextKey][] = [
  ['state', 'work.state'],
  ['what', 'work.what'],
  ['number', 'matter.number'],
  ['category', 'matter.category'],
  ['where', 'matter.where'],
  ['holder', 'matter.holder'],
  ['due', 'receipt.due'],
  ['reported', 'matter.reportedAt'],
  ['closed', 'look.closed'],
]

const nothing = <span className="faint">—</span>
const widths: Record<Column, number | undefined> = {
  state: 128,
  what: undefined,
  number: 172,
  category: 130,
  where: 170,
  holder: 170,
  due: 150,
  reported: 130,
  closed: 130,
}

const cells: Record<Column, (item: MatterBrief) => ReactNode> = {
  state: (item) => (
    <span className="row">
      <StateTag of={item} />
      {item.urgent && <UrgentTag />}
    </span>
  ),
  what: (item) => (
    <>
      <Link
        className="work-what"
        to="/matters/$id"
        params={{ id: item.id }}
        onClick={(event) => event.stopPropagation()}
      >
        {item.summary}
      </Link>
      <span className="faint small work-under">
        {item.categoryName} · <span className="nowrap">{item.number}</span>
      </span>
    </>
  ),
  number: (item) => <span className="nowrap">{item.number}</span>,
  category: (item) => item.categoryName,
  where: (item) => item.areaName,
  holder: (item) => item.holder || nothing,
  due: (item) => (item.due ? <DueLeft due={item.due} /> : nothing),
  reported: (item) => <Time at={item.reportedAt} />,
  closed: (item) => (item.closedAt ? <Time at={item.closedAt} /> : nothing),
}

/** The table's columns as the person chose them; what a matter is about is always among them, for it is the way in. */
export function tableColumns(chosen: readonly Column[], t: Translate): TableColumnType<MatterBrief>[] {
  return columnNames
    .filter(([column]) => column === 'what' || chosen.includes(column))
    .map(([column, name]) => ({
      key: column,
      title: t(name),
      width: widths[column],
      render: (_, item) => cells[column](item),
    }))
}
