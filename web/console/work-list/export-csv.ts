import type { MatterBrief } from '../../../src/loop/contract.ts'
import { exactTime } from '../../shared/dates.ts'
import type { Translate } from '../../shared/i18n/text.ts'
import { saveFile } from '../../shared/save-file.ts'

/** A cell that a spreadsheet would run as a formula is shown as the text it is. */
const cell = (value: string) => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`

/** What the list shows now, as a sheet that Excel opens with Chinese intact. */
export function exportCsv(items: readonly MatterBrief[], t: Translate): void {
  const head = [
    t('matter.number'),
    t('work.state'),
    t('matter.category'),
    t('work.what'),
    t('matter.where'),
    t('matter.holder'),
    t('receipt.due'),
    t('matter.reportedAt'),
  ]
  const rows = items.map((item) => [
    item.number,
    item.stateName,
    item.categoryName,
    item.summary,
    item.areaName,
    item.holder,
    item.due ? exactTime(item.due.dueAt) : '',
    exactTime(item.reportedAt),
  ])
  const sheet = [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')
  saveFile(`${t('nav.work')}.csv`, `\uFEFF${sheet}`, 'text/csv')
}
