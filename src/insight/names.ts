import type { Command } from '../kernel/command.ts'
import { hasGrant } from '../kernel/grants.ts'
import { areaNames } from '../grid/index.ts'
import { categoryName, currentKinds, packOf, stateName, type PackKind } from '../packs/index.ts'
import type { SeenMatter, Wall } from './contract.ts'
import type { OpenStanding, SeenRow } from './figures-store.ts'
import { standing } from './rules.ts'

/** The packs of these matters in the versions that they began with, each asked for once. */
export async function packsOf(
  cmd: Command,
  rows: readonly { kind: string; packVersion: number }[],
): Promise<(row: { kind: string; packVersion: number }) => PackKind> {
  const packs = new Map<string, PackKind>()
  for (const { kind, packVersion } of rows) {
    const key = `${kind}/${packVersion}`
    if (!packs.has(key)) packs.set(key, await packOf(cmd, kind, packVersion))
  }
  return ({ kind, packVersion }) => packs.get(`${kind}/${packVersion}`)!
}

export const standsNow = (row: Pick<SeenRow, 'dueAt' | 'closedAt'>, now: Date): SeenMatter['stands'] =>
  row.closedAt ? 'closed' : standing(row.dueAt, now)

export const pointOf = ({ longitude, latitude }: Pick<SeenRow, 'longitude' | 'latitude'>): number[] | null =>
  longitude === null || latitude === null ? null : [longitude, latitude]

/** Matters in the reader's language; where exactly each lies is for those who may read it. */
export async function presentSeen(cmd: Command, rows: readonly SeenRow[]): Promise<SeenMatter[]> {
  const [packOfRow, names] = await Promise.all([
    packsOf(cmd, rows),
    areaNames(
      cmd,
      rows.map((row) => row.areaPath),
    ),
  ])
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    categoryName: categoryName(packOfRow(row), row.category, cmd.locale),
    stateName: stateName(packOfRow(row), row.state, cmd.locale),
    tone: row.tone,
    urgent: row.urgent,
    areaPath: row.areaPath,
    areaName: names.get(row.areaPath)?.shortName ?? row.areaPath,
    stands: standsNow(row, cmd.now),
    dueAt: row.dueAt?.toISOString() ?? null,
    reportedAt: row.reportedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    point: hasGrant(cmd, 'loop.read', row.areaPath) ? pointOf(row) : null,
  }))
}

/** Open matters by how far they are, in the order of the steps, and by what they are about, most first. */
export async function namesOfOpen(
  cmd: Command,
  opens: readonly OpenStanding[],
): Promise<Pick<Wall, 'phases' | 'categories'>> {
  const kinds = await currentKinds(cmd)
  const phases = new Map<string, Wall['phases'][number] & { place: number }>()
  const categories = new Map<string, Wall['categories'][number]>()
  for (const { kind, category, state, tone, open } of opens) {
    const pack = kinds.get(kind)
    const name = pack ? stateName(pack, state, cmd.locale) : state
    const place = pack ? pack.kind.states.findIndex((each) => each.name === state) : 0
    // Two packs that call a state alike mean the same by it.
    const phase = phases.get(name) ?? { state, name, tone, open: 0, place }
    phase.open += open
    phases.set(name, phase)
    const key = `${kind}/${category}`
    const found = categories.get(key) ?? {
      kind,
      category,
      name: pack ? categoryName(pack, category, cmd.locale) : category,
      open: 0,
    }
    found.open += open
    categories.set(key, found)
  }
  return {
    phases: [...phases.values()]
      .toSorted((one, other) => one.place - other.place)
      .map(({ place: _place, ...phase }) => phase),
    categories: [...categories.values()].toSorted((one, other) => other.open - one.open),
  }
}
