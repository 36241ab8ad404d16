import type { Command } from '../kernel/command.ts'
import { areaNames, rolesOf } from '../grid/index.ts'
import { categoryName, packOf, stateName, type PackKind } from '../packs/index.ts'
import type { MatterBrief } from './contract.ts'
import { briefDeadline } from './deadline.ts'
import { summaryOf } from './rules.ts'
import type { BriefRow } from './store.ts'

/** The short name of one area, or its path where it is not known any more. */
export async function areaNameOf(cmd: Command, path: string): Promise<string> {
  return (await areaNames(cmd, [path])).get(path)?.fullName ?? path
}

/** A role as people say it. */
export async function roleName(cmd: Command, code: string): Promise<string> {
  const role = (await rolesOf(cmd)).get(code)
  return role ? (cmd.locale === 'en' ? role.en : role.zh) : code
}

/** Whose hands it is in: area and post; empty when it is over. */
export async function holderLabel(cmd: Command, row: { holderRole: string; holderPath: string }): Promise<string> {
  if (row.holderRole === '') return ''
  const [name, role] = await Promise.all([areaNames(cmd, [row.holderPath]), roleName(cmd, row.holderRole)])
  return `${name.get(row.holderPath)?.name ?? ''} ${role}`.trim()
}

/** Rows of a list in the reader's language; all names of areas are asked for at once. */
export async function presentBriefs(cmd: Command, rows: readonly BriefRow[]): Promise<MatterBrief[]> {
  const paths = rows.flatMap((row) => [row.areaPath, row.holderPath]).filter((path) => path !== '')
  const [names, roles] = await Promise.all([areaNames(cmd, paths), rolesOf(cmd)])
  const packs = new Map<string, PackKind>()
  for (const { kind, packVersion } of rows) {
    const key = `${kind}/${packVersion}`
    if (!packs.has(key)) packs.set(key, await packOf(cmd, kind, packVersion))
  }
  return rows.map((row) => {
    const pack = packs.get(`${row.kind}/${row.packVersion}`)!
    const role = roles.get(row.holderRole)
    const roleLabel = role ? (cmd.locale === 'en' ? role.en : role.zh) : ''
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
      holder: row.holderRole === '' ? '' : `${names.get(row.holderPath)?.name ?? ''} ${roleLabel}`.trim(),
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
