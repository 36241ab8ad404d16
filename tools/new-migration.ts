import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Numbers below this were kept for the first rooms. */
const FIRST_FREE = 20

/** The next free number in the folder, as four digits. */
export function nextNumber(names: readonly string[]): string {
  const taken = names.map((name) => Number(name.slice(0, 4))).filter(Number.isInteger)
  return String(Math.max(FIRST_FREE, ...taken.map((number) => number + 1))).padStart(4, '0')
}

/**
 * Writes an empty migration of the right shape.
 *
 * @param name verb and noun: `add_shift`.
 * @returns its path.
 * @throws Error when the name is not verb_noun.
 */
export function newMigration(root: string, name: string): string {
  if (!/^[a-z]+(_[a-z]+)+$/.test(name)) throw new Error(`call it verb_noun, for instance add_shift; not “${name}”`)
  const folder = join(root, 'db/migrations')
  const path = join(folder, `${nextNumber(readdirSync(folder))}_${name}.sql`)
  const noun = name.split('_').slice(1).join('_')
  const text = `-- Say in one sentence what this is for.
-- Rules: county first in every key and index; explicit names; no trigger, serial or ON DELETE SET NULL; a COMMENT on the table.

create table ${noun} (
  county text not null,
  id uuid not null,
  version integer not null,
  created_at timestamptz not null,
  constraint ${noun}_pkey primary key (county, id)
);
comment on table ${noun} is 'Say what one row is and what rule never bends.';
select tenant_table('${noun}');
`
  writeFileSync(path, text, { flag: 'wx' })
  return path
}

if (import.meta.main) {
  const name = process.argv[2]
  if (!name) {
    console.error('usage: node tools/new-migration.ts verb_noun')
    process.exit(2)
  }
  console.log(
    `${newMigration('.', name)}\nThen: write it, run npm run generate, commit it with db/schema.sql and src/kernel/tables.ts.`,
  )
}
