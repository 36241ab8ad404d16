import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { makeAppLogin, withClient } from './postgres-logins.ts'

export const migrationFolder = fileURLToPath(new URL('../../db/migrations', import.meta.url))

/** Two starts at once must not both migrate: the second waits on this advisory lock, then finds nothing to do. */
const lockKey = 20_261_121

export interface Migration {
  /** `0001_lay_kernel.sql`. */
  readonly name: string
  readonly text: string
  readonly sha256: string
}

export interface MigrateOptions {
  readonly folder?: string
  /** Password for `tongxin_app` where that login must first be made. */
  readonly appPassword?: string
  readonly now?: Date
}

/**
 * The migrations of a folder in the order in which they run.
 *
 * @throws Error for a file that is not `NNNN_verb_noun.sql`, and for a number used twice.
 */
export function readMigrations(folder: string = migrationFolder): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .toSorted()
  const numbers = new Set<string>()
  return names.map((name) => {
    const number = /^(\d{4})_[a-z0-9]+(_[a-z0-9]+)+\.sql$/.exec(name)?.[1]
    if (!number) throw new Error(`${name} is not named NNNN_verb_noun.sql`)
    if (numbers.has(number)) throw new Error(`two migrations have the number ${number}`)
    numbers.add(number)
    const text = readFileSync(join(folder, name), 'utf8')
    return { name, text, sha256: createHash('sha256').update(text).digest('hex') }
  })
}

/**
 * Brings the database to the newest schema; each file runs in one transaction, as the owner.
 *
 * @returns The names that were applied now.
 * @throws Error when an applied file has changed, or when the database knows a file that is not here.
 */
export function migrate(ownerUrl: string, options: MigrateOptions = {}): Promise<string[]> {
  const files = readMigrations(options.folder)
  return withClient(ownerUrl, async (client) => {
    await client.query('set client_min_messages = warning')
    await client.query('select pg_advisory_lock($1)', [lockKey])
    await letAppIn(client, options.appPassword)
    await client.query(
      `create table if not exists migration (
         name text not null, sha256 text not null, applied_at timestamptz not null,
         constraint migration_pkey primary key (name))`,
    )
    await client.query(
      "comment on table migration is 'The files of db/migrations that ran here; an applied file never changes.'",
    )
    const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from migration')
    const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]))
    requireUnchanged(applied, files)
    const missing = files.filter(({ name }) => !applied.has(name))
    for (const file of missing) await apply(client, file, options.now ?? new Date())
    return missing.map(({ name }) => name)
  })
}

function requireUnchanged(applied: ReadonlyMap<string, string>, files: readonly Migration[]): void {
  const here = new Map(files.map(({ name, sha256 }) => [name, sha256]))
  for (const [name, sha256] of applied) {
    if (!here.has(name)) throw new Error(`the database is newer than this program: it has ${name}`)
    if (here.get(name) !== sha256) throw new Error(`${name} was changed after it ran: write another migration instead`)
  }
}

async function apply(client: pg.Client, file: Migration, now: Date): Promise<void> {
  await client.query('begin')
  try {
    await client.query(file.text)
    await client.query('insert into migration (name, sha256, applied_at) values ($1, $2, $3)', [
      file.name,
      file.sha256,
      now,
    ])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`${file.name}${lineOf(file.text, cause)}: ${(cause as Error).message}`, { cause })
  }
}

const lineOf = (text: string, error: unknown): string => {
  const position = Number((error as { position?: string }).position)
  return position ? ` line ${text.slice(0, position).split('\n').length}` : ''
}

/** Makes sure that the application's login exists and may enter, without owning anything. */
async function letAppIn(client: pg.Client, password: string | undefined): Promise<void> {
  const { rows } = await client.query("select from pg_roles where rolname = 'tongxin_app'")
  if (rows.length === 0 && password === undefined) {
    throw new Error('login tongxin_app is missing: make it, and give it in DATABASE_APP_URL')
  }
  if (password !== undefined) await makeAppLogin(client, password)
  const { rows: names } = await client.query<{ name: string }>('select current_database() as name')
  await client.query(`grant connect on database "${names[0]!.name.replaceAll('"', '""')}" to tongxin_app`)
  await client.query('grant usage on schema public to tongxin_app')
}
