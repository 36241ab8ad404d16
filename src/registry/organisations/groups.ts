import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf } from '../../kernel/pages.ts'
import { cleanText } from '../../kernel/text.ts'
import { areaNames } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { requireAt, requireHomeArea, scopeOf } from '../access.ts'
import { requireName } from '../rules.ts'
import {
  GroupChanged,
  type ChangeGroup,
  type ChatGroup,
  type ChatGroupPage,
  type ListGroups,
  type MakeGroup,
} from './contract.ts'
import * as store from './store.ts'

const LIMIT = 20

async function present(cmd: Command, rows: readonly store.GroupRow[]): Promise<ChatGroup[]> {
  const names = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    areaPath: row.areaPath,
    areaName: names.get(row.areaPath)?.shortName ?? row.areaPath,
    kind: row.kind,
    name: row.name,
    channel: row.channel,
    audience: row.audience,
    members: row.members,
    ownerPost: row.ownerLabel,
    checkedAt: row.checkedAt.toISOString(),
    closed: row.closedAt !== null,
  }))
}

async function told(cmd: Command, row: store.GroupRow, act: string): Promise<ChatGroup> {
  const { kind, areaPath, members } = row
  await record(cmd, GroupChanged, row, { act, kind, areaPath, members })
  return (await present(cmd, [row]))[0]!
}

const words = (input: Pick<ChangeGroup, 'name' | 'audience' | 'ownerPost'>, known?: store.GroupRow) => ({
  name: requireName(cleanText(input.name ?? known?.name ?? '', { maxLength: 100, path: 'name' })),
  audience: cleanText(input.audience ?? known?.audience ?? '', { maxLength: 100, path: 'audience' }),
  ownerLabel: cleanText(input.ownerPost ?? known?.ownerLabel ?? '', { maxLength: 60, path: 'ownerPost' }),
})

/** Notes a chat group; who is in it is not kept. @throws registry.unknown_area, registry.name_needed, kernel.forbidden */
export async function makeGroup(cmd: Command, input: MakeGroup): Promise<ChatGroup> {
  requireAt(cmd, 'registry.write', [input.areaPath])
  await requireHomeArea(cmd, input.areaPath)
  const row: store.GroupRow = {
    id: input.id ?? uuidv7(cmd.now),
    version: 1,
    areaPath: input.areaPath,
    kind: input.kind,
    ...words(input),
    channel: input.channel,
    members: input.members ?? null,
    checkedAt: cmd.now,
    closedAt: null,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
  await store.insertGroup(cmd.tx, cmd.county, row)
  return told(cmd, row, 'registered')
}

/** Changes or closes a chat group. @throws registry.closed, kernel.stale, kernel.forbidden */
export async function changeGroup(cmd: Command, id: string, input: ChangeGroup): Promise<ChatGroup> {
  const known = await store.findGroup(cmd.tx, cmd.county, id)
  if (!known) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.write', [known.areaPath])
  if (known.closedAt) throw new Fault('registry.closed')
  if (known.version !== input.version) throw new Fault('kernel.stale', { version: known.version })
  const row: store.GroupRow = {
    id,
    version: known.version + 1,
    areaPath: known.areaPath,
    kind: input.kind ?? known.kind,
    ...words(input, known),
    channel: input.channel ?? known.channel,
    members: input.members === undefined ? known.members : input.members,
    checkedAt: cmd.now,
    closedAt: input.closed ? cmd.now : null,
    createdAt: known.createdAt,
    updatedAt: cmd.now,
  }
  await store.updateGroup(cmd.tx, cmd.county, row)
  return told(cmd, row, input.closed ? 'closed' : 'corrected')
}

/** Chat groups of a place. */
export async function listGroups(cmd: Command, query: ListGroups): Promise<ChatGroupPage> {
  const limit = query.limit ?? LIMIT
  const ranges = scopeOf(cmd, 'registry.read', query.area)
  const [path = '', id = ''] = query.after === undefined ? [] : decodeCursor(query.after, 2).map(String)
  const page = { ranges, kind: query.kind ?? null, after: [path, id] as const, limit: limit + 1 }
  const rows = await store.listGroups(cmd.tx, cmd.county, page)
  const { items, next } = pageOf(rows, limit, (row) => [row.areaPath, row.id])
  return { items: await present(cmd, items), next }
}
