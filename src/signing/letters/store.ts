import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Tx } from '../../kernel/db.ts'
import type { DB } from '../../kernel/tables.ts'

export type LetterRow = Selectable<DB['signingLetter']>

export async function insertLetters(tx: Tx, rows: Insertable<DB['signingLetter']>[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('signingLetter').values(rows).execute()
}

/** Which of these versions a county has, whatever became of them. */
export async function knownHashes(tx: Tx, county: string, hashes: readonly string[]): Promise<Set<string>> {
  const found = tx.selectFrom('signingLetter').select('hash').where('county', '=', county)
  const rows = await found.where('hash', 'in', hashes).where('state', '<>', 'draft').execute()
  return new Set(rows.map(({ hash }) => hash))
}

export const findLetter = (tx: Tx, county: string, id: string): Promise<LetterRow | undefined> =>
  tx.selectFrom('signingLetter').selectAll().where('county', '=', county).where('id', '=', id).executeTakeFirst()

/** Newest first. */
export function listLetters(
  tx: Tx,
  county: string,
  { state, before, limit }: { state: string | null; before: string | null; limit: number },
): Promise<LetterRow[]> {
  let found = tx.selectFrom('signingLetter').selectAll().where('county', '=', county)
  if (state !== null) found = found.where('state', '=', state)
  if (before !== null) found = found.where('id', '<', before)
  return found.orderBy('id', 'desc').limit(limit).execute()
}

/** @returns undefined when another writer was quicker. */
export const saveLetter = (
  tx: Tx,
  row: Pick<LetterRow, 'county' | 'id' | 'version'>,
  change: Updateable<DB['signingLetter']>,
): Promise<LetterRow | undefined> =>
  tx
    .updateTable('signingLetter')
    .set({ ...change, version: row.version + 1 })
    .where('county', '=', row.county)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst()
