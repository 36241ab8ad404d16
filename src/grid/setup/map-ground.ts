import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { countiesOf, type App } from '../../kernel/app.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import type { Ports } from '../../kernel/ports.ts'
import { findSettingWithVersion, saveSetting } from '../calendar/index.ts'
import type { BaseMap, ChooseBaseMap } from './contract.ts'

const KEY = 'setup.base_map'
const MAP_FILE = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,80}\.pmtiles$/

interface Chosen {
  kind: BaseMap['kind']
  tiandituKey?: string
  file?: string
}

/** Tile servers of Tianditu, which pages may reach only where a county has chosen it. */
const TIANDITU = Array.from({ length: 8 }, (_, nth) => `https://t${nth}.tianditu.gov.cn`).join(' ')
const attributions: Record<BaseMap['kind'], string> = {
  schematic: '',
  tianditu: '天地图',
  pmtiles: '© OpenStreetMap',
}

/** Counties of each house whose maps come from Tianditu, so that the headers of a page need no query. */
const outside = new WeakMap<Ports, Set<string>>()

/** What a page may reach beside this house, as a content security policy names it. */
export const pageSources = (ports: Ports): string => ((outside.get(ports)?.size ?? 0) > 0 ? TIANDITU : '')

function note(ports: Ports, county: string, kind: BaseMap['kind']): void {
  const counties = outside.get(ports) ?? new Set()
  outside.set(ports, counties)
  if (kind === 'tianditu') counties.add(county)
  else counties.delete(county)
}

/** Reads what each county has chosen, when the house starts. */
export async function noteBaseMaps(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) {
    const found = await app.db.reading(code, (tx) => findSettingWithVersion<Chosen>({ tx, county: code }, KEY))
    note(app.ports, code, found?.value.kind ?? 'schematic')
  }
}

/** The ground under the county's maps; schematic, which needs no network, until somebody chooses. */
export async function readBaseMap(cmd: Command): Promise<BaseMap> {
  const found = await findSettingWithVersion<Chosen>(cmd, KEY)
  const chosen: Chosen = found?.value ?? { kind: 'schematic' }
  note(cmd.ports, cmd.county, chosen.kind)
  return {
    kind: chosen.kind,
    tiandituKey: chosen.kind === 'tianditu' ? (chosen.tiandituKey ?? null) : null,
    pmtiles:
      chosen.kind === 'pmtiles' && chosen.file ? `/api/v1/settings/maps/${chosen.file}?county=${cmd.county}` : null,
    attribution: attributions[chosen.kind],
    version: found?.version ?? 0,
  }
}

/** @throws grid.no_map_file, kernel.invalid_input, kernel.stale, kernel.forbidden, kernel.wrong_purpose */
export async function chooseBaseMap(cmd: Command, dataDir: string, input: ChooseBaseMap): Promise<BaseMap> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  if (input.kind === 'tianditu' && !input.tiandituKey)
    throw missing('tiandituKey', '请填天地图的浏览器端密钥。', 'Give the browser key of Tianditu.')
  if (input.kind === 'pmtiles' && !listMapFiles(dataDir).some(({ file }) => file === input.file))
    throw new Fault('grid.no_map_file')
  const { version, kind, tiandituKey, file } = input
  const value: Chosen = {
    kind,
    ...(kind === 'tianditu' ? { tiandituKey } : {}),
    ...(kind === 'pmtiles' ? { file } : {}),
  }
  await saveSetting(cmd, { key: KEY, value, version })
  return readBaseMap(cmd)
}

const missing = (path: string, zh: string, en: string): Fault =>
  new Fault('kernel.invalid_input', { fields: [{ path, message: zh, zh, en }] })

const folderOf = (dataDir: string): string => join(dataDir, 'maps')

/** Map files that somebody has put into the folder maps of the data directory. */
export function listMapFiles(dataDir: string): { file: string; sizeBytes: number }[] {
  const folder = folderOf(dataDir)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => MAP_FILE.test(file))
    .slice(0, 100)
    .map((file) => ({ file, sizeBytes: statSync(join(folder, file)).size }))
}

/** Where the county's chosen map file lies; no other one is served. @throws grid.no_map_file */
export async function mapFileOf(
  cmd: Command,
  dataDir: string,
  file: string,
): Promise<{ path: string; sizeBytes: number }> {
  const chosen = (await findSettingWithVersion<Chosen>(cmd, KEY))?.value
  const known = listMapFiles(dataDir).find((candidate) => candidate.file === file)
  if (chosen?.kind !== 'pmtiles' || chosen.file !== file || !known) throw new Fault('grid.no_map_file')
  return { path: join(folderOf(dataDir), file), sizeBytes: known.sizeBytes }
}

/**
 * The part of a file that a Range header asks for, both ends included.
 *
 * @returns undefined for the whole file, null for a part that is not there.
 */
export function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { from: number; to: number } | null | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  return from <= to && from < sizeBytes ? { from, to } : null
}
