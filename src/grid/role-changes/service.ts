import { namesOf } from '../../identity/index.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { hasGrant, requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf, type PageOf } from '../../kernel/pages.ts'
import { record } from '../../ledger/index.ts'
import { planRole, putRole, type RolePlan } from '../posts/index.ts'
import type { SetRole } from '../posts/contract.ts'
import type { RoleGrant } from '../posts/roles.ts'
import { RoleChangeDecided, RoleChangeProposed, type RoleChange, type RoleChangeQuery } from './contract.ts'
import { grantWord, movesOf, newlySensitive, ROLE_CHANGE_DAYS } from './rules.ts'
import * as store from './store.ts'

const DAY_MS = 86_400_000

/**
 * Decides what a role may do in this county. What is sensitive waits for the security administrator, and the role stays
 * as it is until then; anything else holds at once.
 *
 * @returns the wish that waits, or null when the change holds.
 * @throws identity.not_oneself for a role that one holds oneself, kernel.stale, grid.role_change_pending, kernel.forbidden
 */
export async function changeRole(cmd: Command, code: string, input: SetRole): Promise<{ waits: string | null }> {
  const plan = await planRole(cmd, code, input)
  await requireNothingPending(cmd, code)
  const sensitive = newlySensitive(plan.before, plan.role.grants)
  if (sensitive.length > 0 && cmd.actor.kind !== 'system') return { waits: await propose(cmd, plan, sensitive) }
  await putRole(cmd, plan.role)
  return { waits: null }
}

async function requireNothingPending(cmd: Command, code: string): Promise<void> {
  const row = await store.findPending(cmd.tx, cmd.county, code)
  if (!row) return
  if (row.expiresAt > cmd.now) throw new Fault('grid.role_change_pending')
  await decide(cmd, row, 'expired')
}

async function propose(cmd: Command, { role }: RolePlan, sensitive: RoleGrant[]): Promise<string> {
  const id = uuidv7(cmd.now)
  const expiresAt = new Date(cmd.now.getTime() + ROLE_CHANGE_DAYS * DAY_MS)
  await store.insertChange(cmd.tx, {
    county: cmd.county,
    id,
    role: role.code,
    nameZh: role.zh,
    nameEn: role.en,
    grants: JSON.stringify(role.grants),
    sensitive: JSON.stringify(sensitive),
    rung: role.rung,
    roleVersion: role.version - 1,
    state: 'pending',
    proposedBy: cmd.actor.id ?? '',
    proposedAt: cmd.now,
    expiresAt,
    version: 1,
  })
  const body = {
    by: cmd.actor.id,
    role: role.code,
    sensitive: sensitive.map(grantWord),
    expiresAt: expiresAt.toISOString(),
  }
  await record(cmd, RoleChangeProposed, { id, version: 1 }, body)
  return id
}

const grantsOf = (row: store.RoleChangeRow): RoleGrant[] => row.grants as unknown as RoleGrant[]

const sensitiveOf = (row: store.RoleChangeRow): RoleGrant[] => row.sensitive as unknown as RoleGrant[]

type Outcome = 'approved' | 'refused' | 'withdrawn' | 'expired'

async function decide(cmd: Command, row: store.RoleChangeRow, outcome: Outcome): Promise<{ id: string }> {
  const saved = await store.saveChange(cmd.tx, row, { state: outcome, decidedBy: cmd.actor.id, decidedAt: cmd.now })
  const body = { by: cmd.actor.id, role: row.role, sensitive: sensitiveOf(row).map(grantWord), outcome }
  await record(cmd, RoleChangeDecided, { id: row.id, version: saved.version }, body)
  return { id: row.id }
}

async function lockToDecide(cmd: Command, id: string): Promise<store.RoleChangeRow> {
  const row = await store.lockChange(cmd.tx, cmd.county, id)
  if (row.state !== 'pending' || row.expiresAt <= cmd.now) throw new Fault('grid.role_change_over')
  return row
}

async function lockToApprove(cmd: Command, id: string): Promise<store.RoleChangeRow> {
  requireGrant(cmd, 'grid.approve_roles', cmd.county)
  const row = await lockToDecide(cmd, id)
  if (row.proposedBy === cmd.actor.id) throw new Fault('identity.not_oneself')
  return row
}

/** The security administrator agrees: from now on the role may do it. @throws grid.role_change_over, identity.not_oneself, kernel.stale */
export async function approveChange(cmd: Command, id: string): Promise<{ id: string }> {
  const row = await lockToApprove(cmd, id)
  await putRole(cmd, {
    code: row.role,
    zh: row.nameZh,
    en: row.nameEn,
    grants: grantsOf(row),
    rung: row.rung,
    version: row.roleVersion + 1,
  })
  return decide(cmd, row, 'approved')
}

/** Security says no; the role stays as it is. @throws grid.role_change_over, identity.not_oneself */
export async function refuseChange(cmd: Command, id: string): Promise<{ id: string }> {
  const row = await lockToApprove(cmd, id)
  return decide(cmd, row, 'refused')
}

/** Whoever wished it thinks better of it. @throws grid.role_change_over, kernel.forbidden */
export async function withdrawChange(cmd: Command, id: string): Promise<{ id: string }> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const row = await lockToDecide(cmd, id)
  if (row.proposedBy !== cmd.actor.id && cmd.actor.kind !== 'system') throw new Fault('kernel.forbidden')
  return decide(cmd, row, 'withdrawn')
}

/** Closes what nobody answered in time. @returns how many; run again until it says 0. */
export async function expireChanges(cmd: Command): Promise<number> {
  const rows = await store.lockOverdue(cmd.tx, cmd.county, cmd.now)
  for (const row of rows) await decide(cmd, row, 'expired')
  return rows.length
}

/** One change. */
export async function getChange(cmd: Command, id: string): Promise<RoleChange> {
  requireGrant(cmd, 'grid.read', cmd.county)
  const row = await store.findChange(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  return (await present(cmd, [row]))[0]!
}

/** Waiting and past changes, newest first. */
export async function listChanges(cmd: Command, query: RoleChangeQuery): Promise<PageOf<RoleChange>> {
  requireGrant(cmd, 'grid.read', cmd.county)
  const limit = query.limit ?? 20
  const before = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const rows = await store.listChangeRows(cmd.tx, cmd.county, { limit, before, state: query.state })
  const page = pageOf(rows, limit, (row) => [row.id])
  return { ...page, items: await present(cmd, page.items) }
}

async function present(cmd: Command, rows: store.RoleChangeRow[]): Promise<RoleChange[]> {
  const names = await namesOf(
    cmd,
    rows.flatMap((row) => [row.proposedBy, row.decidedBy ?? row.proposedBy]),
  )
  const reader = { id: cmd.actor.id, approves: hasGrant(cmd, 'grid.approve_roles', cmd.county) }
  return rows.map((row) => {
    return {
      id: row.id,
      role: row.role,
      zh: row.nameZh,
      en: row.nameEn,
      grants: grantsOf(row),
      sensitive: sensitiveOf(row),
      rung: row.rung,
      state: row.state === 'pending' && row.expiresAt <= cmd.now ? 'expired' : (row.state as RoleChange['state']),
      proposedBy: row.proposedBy,
      proposedByName: names.get(row.proposedBy) ?? '',
      proposedAt: row.proposedAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      decidedByName: names.get(row.decidedBy ?? '') ?? '',
      decidedAt: row.decidedAt?.toISOString() ?? null,
      moves: movesOf(row, reader, cmd.now),
      version: row.version,
    }
  })
}
