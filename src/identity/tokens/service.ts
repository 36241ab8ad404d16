import type { Command } from '../../kernel/command.ts'
import type { Database } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf, type PageOf, type PageQuery } from '../../kernel/pages.ts'
import type { Session } from '../../kernel/ports.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import { ApiTokenApproved, ApiTokenCreated, ApiTokenRevoked } from '../contract.ts'
import { hashToken, newToken } from '../rules.ts'
import { forgetAfterCommit } from '../service.ts'
import type { ApiToken, CreateApiToken, CreatedApiToken, TokenGrant } from './contract.ts'
import { mayCarry, stateOf } from './rules.ts'
import * as store from './store.ts'

/** A token's last use is written at most once a minute. */
const TOUCH_SECONDS = 60

/**
 * Makes the key of another system; it opens nothing until another administrator has approved it.
 *
 * @throws kernel.invalid_input when a grant lies outside the county or would let the system make itself more rights.
 */
export async function createApiToken(cmd: Command, input: CreateApiToken): Promise<CreatedApiToken> {
  requireGrant(cmd, 'identity.create_tokens', cmd.county)
  const wrong = input.grants.findIndex((grant) => !mayCarry(cmd.county, grant))
  if (wrong >= 0) {
    const message = '令牌只能用于本县，且不能管理账号和权限。'
    throw new Fault('kernel.invalid_input', { fields: [{ path: `grants.${wrong}`, message }] })
  }
  const token = newToken(cmd.county, 'k')
  const expiresAt = new Date(cmd.now.getTime() + input.expiresInDays * 86_400_000)
  const row = await store.insertApiToken(
    cmd.tx,
    {
      county: cmd.county,
      id: uuidv7(cmd.now),
      label: cleanText(input.label, { maxLength: 60, minLength: 1, path: 'label' }),
      tokenHash: hashToken(token),
      createdBy: cmd.actor.id ?? '',
      createdAt: cmd.now,
      expiresAt,
      version: 1,
    },
    input.grants,
  )
  const body = { by: cmd.actor.id, grants: input.grants, expiresAt: expiresAt.toISOString() }
  await record(cmd, ApiTokenCreated, { id: row.id, version: row.version }, body)
  return { apiToken: present(row, input.grants, cmd.now), token }
}

/** Brings a token to life. @throws identity.token_two_people when the maker approves it, kernel.conflict when it is not waiting. */
export async function approveApiToken(cmd: Command, id: string): Promise<ApiToken> {
  requireGrant(cmd, 'identity.approve_tokens', cmd.county)
  const row = await store.lockApiToken(cmd.tx, cmd.county, id)
  if (row.createdBy === cmd.actor.id) throw new Fault('identity.token_two_people')
  if (stateOf(row, cmd.now) !== 'waiting') throw new Fault('kernel.conflict')
  const saved = await store.saveApiToken(cmd.tx, row, { approvedBy: cmd.actor.id ?? '', approvedAt: cmd.now })
  await record(cmd, ApiTokenApproved, { id, version: saved.version }, { by: cmd.actor.id })
  return presentOne(cmd, saved)
}

/** Kills a token; believed at most five seconds longer by another process. */
export async function revokeApiToken(cmd: Command, id: string): Promise<ApiToken> {
  requireGrant(cmd, 'identity.revoke_tokens', cmd.county)
  const row = await store.lockApiToken(cmd.tx, cmd.county, id)
  if (row.revokedAt) throw new Fault('kernel.conflict')
  const saved = await store.saveApiToken(cmd.tx, row, { revokedAt: cmd.now })
  forgetAfterCommit(cmd, [id])
  await record(cmd, ApiTokenRevoked, { id, version: saved.version }, { by: cmd.actor.id })
  return presentOne(cmd, saved)
}

/** All tokens of the county, newest first. */
export async function listApiTokens(cmd: Command, query: PageQuery): Promise<PageOf<ApiToken>> {
  requireGrant(cmd, 'identity.read_accounts', cmd.county)
  const limit = query.limit ?? 20
  const before = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const rows = await store.listApiTokens(cmd.tx, cmd.county, { limit, before })
  const page = pageOf(rows, limit, (row) => [row.id])
  const grants = await store.listTokenGrants(
    cmd.tx,
    cmd.county,
    page.items.map((row) => row.id),
  )
  return { ...page, items: page.items.map((row) => present(row, grants.get(row.id) ?? [], cmd.now)) }
}

/** The session of a live API token, or undefined. */
export async function resolveApiToken(
  db: Database,
  county: string,
  token: string,
  now: Date,
): Promise<Session | undefined> {
  const found = await db.reading(county, async (tx) => {
    const row = await store.findApiTokenByHash(tx, county, hashToken(token))
    if (!row || stateOf(row, now) !== 'live') return undefined
    return { row, grants: (await store.listTokenGrants(tx, county, [row.id])).get(row.id) ?? [] }
  })
  if (!found) return undefined
  const { row, grants } = found
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() >= TOUCH_SECONDS * 1000) {
    await db.transaction(county, (tx) => store.touchApiToken(tx, county, row.id, now)).catch(() => {})
  }
  return {
    id: row.id,
    county,
    actor: { kind: 'token', id: row.id, sessionId: null, label: '接口' },
    extraGrants: grants.map((grant) => ({ ...grant, postId: `token:${row.id}` })),
    locale: null,
    expiresAt: row.expiresAt,
    secondFactorAt: null,
  }
}

async function presentOne(cmd: Command, row: store.ApiTokenRow): Promise<ApiToken> {
  const grants = await store.listTokenGrants(cmd.tx, cmd.county, [row.id])
  return present(row, grants.get(row.id) ?? [], cmd.now)
}

const present = (row: store.ApiTokenRow, grants: TokenGrant[], now: Date): ApiToken => ({
  id: row.id,
  label: row.label,
  state: stateOf(row, now),
  grants,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  approvedBy: row.approvedBy,
  expiresAt: row.expiresAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  version: row.version,
})
