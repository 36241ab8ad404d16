import { hot, type Tx } from '../kernel/db.ts'
import type { PackContent } from './contract.ts'

export interface VersionRow {
  pack: string
  version: number
  sha256: Buffer
  content: PackContent
  own: boolean
  publishedAt: Date
}

const COLUMNS = 'v.pack, v.version, v.sha256, v.content, v.own, v.published_at as "publishedAt"'

/** The version of the pack to which the kind belongs. */
export async function findKindVersion(
  tx: Tx,
  county: string,
  kind: string,
  version: number,
): Promise<VersionRow | undefined> {
  const text = `select ${COLUMNS} from kind_current k join pack_version v on v.county = k.county and v.pack = k.pack
    where k.county = $1 and k.kind = $2 and v.county = $1 and v.version = $3`
  return (await hot<VersionRow>(tx, 'packs_find_kind_version', text, [county, kind, version]))[0]
}

export interface CurrentRow extends VersionRow {
  kind: string
}

/** Which version each kind begins with now; without the content, which is large and mostly known already. */
export function listCurrent(tx: Tx, county: string): Promise<Omit<CurrentRow, 'content'>[]> {
  const text = `select k.kind, v.pack, v.version, v.sha256, v.own, v.published_at as "publishedAt"
    from kind_current k join pack_version v on v.county = k.county and v.pack = k.pack and v.version = k.version
    where k.county = $1 and v.county = $1 order by k.kind limit 200`
  return hot<Omit<CurrentRow, 'content'>>(tx, 'packs_list_current', text, [county])
}

export function listVersions(tx: Tx, county: string): Promise<(Omit<VersionRow, 'content'> & { current: boolean })[]> {
  const text = `select v.pack, v.version, v.sha256, v.own, v.published_at as "publishedAt",
      exists (select from kind_current k where k.county = v.county and k.pack = v.pack and k.version = v.version and k.county = $1) as current
    from pack_version v where v.county = $1 order by v.pack, v.version desc limit 500`
  return hot(tx, 'packs_list_versions', text, [county])
}

export interface HeldVersion {
  pack: string
  version: number
  sha256: Buffer
  own: boolean
}

/** Versions of one pack, newest first, without their content. */
export function listVersionsOf(tx: Tx, county: string, pack: string): Promise<HeldVersion[]> {
  const text =
    'select pack, version, sha256, own from pack_version where county = $1 and pack = $2 order by version desc limit 1000'
  return hot<HeldVersion>(tx, 'packs_list_versions_of', text, [county, pack])
}

export interface NewVersion extends Omit<VersionRow, 'publishedAt'> {
  county: string
  publishedBy: string | null
  at: Date
}

/** @returns whether it was inserted; false when somebody else took the number or published the same content. */
export async function insertVersion(tx: Tx, row: NewVersion): Promise<boolean> {
  const text = `insert into pack_version (county, pack, version, sha256, content, own, published_by, published_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning version`
  const values = [
    row.county,
    row.pack,
    row.version,
    row.sha256,
    JSON.stringify(row.content),
    row.own,
    row.publishedBy,
    row.at,
  ]
  return (await hot(tx, 'packs_insert_version', text, values)).length === 1
}

/**
 * Lets new matters of the kind begin with this version.
 *
 * @returns false when the kind belongs to another pack of the county.
 */
export async function setCurrent(
  tx: Tx,
  row: { county: string; kind: string; pack: string; version: number; at: Date },
): Promise<boolean> {
  const text = `insert into kind_current (county, kind, pack, version, changed_at) values ($1, $2, $3, $4, $5)
    on conflict (county, kind) do update set version = excluded.version, changed_at = excluded.changed_at
    where kind_current.county = $1 and kind_current.pack = excluded.pack returning kind`
  return (await hot(tx, 'packs_set_current', text, [row.county, row.kind, row.pack, row.version, row.at])).length === 1
}
