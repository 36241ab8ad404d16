import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clients, county, matters } from './world.ts'

/** The uuid that the seed gave to matter `i`; see seed.ts. */
const idOf = `(lpad(to_hex(1704067200000 + :i::bigint * 80000), 12, '0') || '7' || substr(md5('m' || :i), 1, 3) || '8' || substr(md5('m' || :i), 4, 15))::uuid`
const town = `'${county}/${county}' || (101 + :town)`

/** What the database alone does for a scene, without any server before it. */
const scripts: Record<string, string> = {
  list: `\\set town random(0, 9)
select id, number, kind, category, substr(text, 1, 42), state, tone, urgent, area_path, holder_role, due_at, reported_at, closed_at, version
  from matter where county = '${county}' and state = 'reported' and area_path >= ${town} and area_path < ${town} || '0' order by id desc limit 21;
`,
  matter: `\\set i random(1, ${matters})
select m.*, (select json_agg(s order by version) from matter_step s where s.county = m.county and s.matter_id = m.id)
  from matter m where county = '${county}' and id = ${idOf};
`,
  intake: `\\set leaf random(0, 9)
with made as (select gen_random_uuid() as id, gen_random_uuid() as entry, random()::text as number, clock_timestamp() as at),
  added as (insert into matter (county, id, number, kind, pack_version, category, urgent, text, form, address, area_path, area_chosen, channel,
    reporter_kind, state, tone, holder_role, holder_unit, holder_path, state_entered_at, due_at, due_provisional, clock, overdue_level,
    progress_hash, version, moved_version, reported_at)
    select '${county}', id, number, 'event', 1, '0101', false, '路灯不亮已经三天', '{}', '', '${county}/${county}101/${county}101201/G001/M001', false,
      'resident', 'resident', 'raw', 'done', '', '', '', at, null, false, '{}', 0, sha256(number::bytea), 1, 1, at from made),
  step as (insert into matter_step (county, matter_id, version, entry_id, event, to_state, actor_label, form, file_ids, holder_role, holder_unit,
    holder_path, salt, at) select '${county}', id, 1, entry, 'raw.reported', 'reported', 'thin', '{}', '{}', '', '', '', '\\x00', at from made),
  entry as (insert into ledger_entry (county, id, event, subject_id, subject_version, at, actor_kind, actor_label, purpose, bytes)
    select '${county}', entry, 'raw.reported', id, 1, at, 'resident', 'thin', 'own', convert_to(repeat('x', 480), 'UTF8') from made),
  todo as (insert into ledger_todo (county, subject_id, subject_version, entry, leaf_hash) select '${county}', id, 1, entry, sha256(number::bytea) from made)
  insert into idempotency (county, owner, key, route, request_hash, answer, at) select '${county}', 'raw', number, 'raw', '\\x00', '\\x00', at from made;
`,
}

/** Requests a second from pgbench at 16 clients, prepared; null where pgbench is not installed or has no script for the scene. */
export function rawOf(scene: string, superuserUrl: string, seconds: number): number | null {
  const script = scripts[scene]
  if (script === undefined) return null
  const folder = mkdtempSync(join(tmpdir(), 'bench-raw-'))
  try {
    const path = join(folder, 'script.sql')
    writeFileSync(path, script)
    const url = new URL(superuserUrl)
    const env = {
      ...process.env,
      PGHOST: url.searchParams.get('host') ?? url.hostname,
      PGUSER: url.username,
      PGPASSWORD: decodeURIComponent(url.password),
    }
    const words = [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(clients),
      '-j',
      '1',
      '-T',
      String(seconds),
      '-p',
      url.port,
      '-f',
      path,
      url.pathname.slice(1),
    ]
    const said = execFileSync(process.env['PGBENCH'] ?? 'pgbench', words, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return Math.round(Number(/tps = ([\d.]+)/.exec(said)?.[1] ?? 0)) || null
  } catch {
    return null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
