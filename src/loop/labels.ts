import type { Command } from '../kernel/command.ts'
import { areaNames, postLabel, roleName } from '../grid/index.ts'
import { categoryName, packOf, stateName, type PackKind } from '../packs/index.ts'
import type { MatterBrief } from './contract.ts'
import { briefDeadline } from './deadline.ts'
import { summaryOf } from './rules.ts'
import type { BriefRow } from './store.ts'

/** Whose hands it is in: the post's name; empty when it is over. */
export async function holderLabel(
  cmd: Command,
  row: { holderRole: string; holderUnit: string; holderPath: string },
): Promise<string> {
  if (row.holderRole === '') return ''
  return postLabel(cmd, { role: row.holderRole, unit: row.holderUnit, areaPath: row.holderPath }, cmd.locale)
}

/** A role as people say it. */
export const roleWord = (cmd: Command, role: string): Promise<string> => roleName(cmd, role, cmd.locale)

/** Rows of a list in the reader's language; all names of areas are asked for at once. */
export async function presentBriefs(cmd: Command, rows: readonly BriefRow[]): Promise<MatterBrief[]> {
  const [names, holders] = await Promise.all([
    areaNames(
      cmd,
      rows.map((row) => row.areaPath),
    ),
    Promise.all(rows.map((row) => holderLabel(cmd, row))),
  ])
  const packs = new Map<string, PackKind>()
  for (const { kind, packVersion } of rows) {
    const key = `${kind}/${packVersion}`
    if (!packs.has(key)) packs.set(key, await packOf(cmd, kind, packVersion))
  }
  return rows.map((row, at) => {
    const pack = packs.get(`${row.kind}/${row.packVersion}`)!
    return {
      id: row.id,
      number: row.number,
      kind: row.kind,
      category: row.category,
      categoryName: categoryName(pack, row.category, cmd.locale),
      summary: summaryOf(row.text),
      state: row.state,
      stateName: stateName(pack, row.state, cmd.locale),
      tone: row.tone as MatterBrief['tone'],
      urgent: row.urgent,
      areaPath: row.areaPath,
      areaName: names.get(row.areaPath)?.fullName ?? row.areaPath,
      holder: holders[at] ?? '',
      due: briefDeadline(cmd.calendar, row, cmd.now, cmd.locale),
      overdue: row.closedAt === null && row.dueAt !== null && row.dueAt < cmd.now,
      reportedAt: row.reportedAt.toISOString(),
      closedAt: row.closedAt?.toISOString() ?? null,
      version: row.version,
    }
  })
}

/** The kind and category of a matter in both languages. */
export async function kindLabels(
  cmd: Command,
  row: { kind: string; packVersion: number; category: string },
): Promise<{ zh: string; en: string }> {
  const pack = await packOf(cmd, row.kind, row.packVersion)
  return { zh: categoryName(pack, row.category, 'zh-CN'), en: categoryName(pack, row.category, 'en') }
}
