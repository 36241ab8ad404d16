import { issueLinkByName } from '../identity/index.ts'
import { countiesOf } from '../kernel/app.ts'
import { runSystem } from '../kernel/command.ts'
import type { Config } from '../kernel/config.ts'
import { openDatabase, type Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { LoadProgress } from '../seed/index.ts'
import { makeCounty } from '../seed.ts'
import { composeHouse, type House } from '../server.ts'
import { prepareHouseDatabase, type HouseDatabase } from './database.ts'
import { loadInto, missingFor, seedFolder } from './demo-folder.ts'
import { readDemoFolder } from './demo-marker.ts'

interface Place {
  readonly config: Config
  readonly log: Log
  readonly database: HouseDatabase
}

/** Runs work in a composed house that listens nowhere, on a database whose schema is up to date. */
async function inHouse(place: Place, demo: boolean, work: (house: House) => Promise<void>): Promise<void> {
  const { config, log, database } = place
  await prepareHouseDatabase(config, database)
  const db = openDatabase(database.appUrl, { poolSize: 4, log })
  const house = await composeHouse({ config, db, log, demo })
  try {
    await work(house)
  } finally {
    await house.close()
  }
}

/** Demo data and a county's own never lie in one database. */
async function requireUnmixed(config: Config, db: Database, demo: boolean): Promise<void> {
  const counties = await countiesOf({ db })
  if (counties.every((county) => county.demo === demo)) return
  throw new Error(
    demo
      ? `${config.dataDir} 里已有正式数据，演示数据请另用一个 DATA_DIR。 This folder holds a real county: use another DATA_DIR for the demo.`
      : `${config.dataDir} 里是演示数据，正式使用请另用一个 DATA_DIR。 This folder holds the demo: use another DATA_DIR for a real county.`,
  )
}

/** Of the four connections that the command holds. */
const LANES = 3

/**
 * Loads a scenario's full figures into a folder that was made as demo, from the terminal; beside a running house too.
 *
 * @throws Error in words where the folder is none: demo data never lies beside a county's own.
 */
export const seedScenario = (
  place: Place,
  code: string,
  tell: { line(text: string): void; progress(now: LoadProgress): void },
): Promise<void> =>
  inHouse(place, true, async (house) => {
    const { config } = place
    await requireUnmixed(config, house.app.db, true)
    const isEmpty = (await countiesOf(house.app)).length === 0
    const folder = readDemoFolder(config)
    if (config.databaseUrl !== '' || (!folder && !isEmpty)) throw new Error(notDemo(config))
    if (!folder?.seededAt) await seedFolder(config, house)
    const missing = await missingFor(house, code)
    if (missing) tell.line(missing)
    const stopping = new AbortController()
    const stop = (): void => stopping.abort()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
    const failed = await loadInto(config, house, code, {
      progress: tell.progress,
      stopping: stopping.signal,
      lanes: LANES,
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
    if (failed === undefined) tell.line('已停下，再运行一次就接着载入。 Stopped; run it again to go on.')
    else if (failed > 0)
      throw new Error(`${failed} 项没有载入，请再运行一次。 ${failed} pieces were not loaded; please run it again.`)
    else tell.line(`${code}：全部载入。 All of it is loaded.`)
  })

const notDemo = (config: Config): string =>
  config.databaseUrl === ''
    ? `${config.dataDir} 不是演示文件夹，演示数据只能放进演示文件夹（用一个新的 DATA_DIR）。 This folder was not made as demo: use a new DATA_DIR.`
    : '设置了 DATABASE_URL 的数据库不放演示数据。 No demo data goes into the database of DATABASE_URL.'

const madeAsDemo = (config: Config): string =>
  `${config.dataDir} 是演示文件夹，正式使用请另用一个 DATA_DIR。 This folder was made as demo: use another DATA_DIR for a real county.`

/** Makes an empty county; its administrators' links are told once. */
export const initCounty = (
  place: Place,
  county: { code: string; name?: string },
  tell: (line: string) => void,
): Promise<void> =>
  inHouse(place, false, async (house) => {
    await requireUnmixed(place.config, house.app.db, false)
    if (readDemoFolder(place.config)) throw new Error(madeAsDemo(place.config))
    const { lines } = await makeCounty(house.app, county)
    for (const line of lines) tell(line)
  })

/** The way back when no administrator is left: a one-time link for a login name, told once. */
export const resetLink = (
  place: Place,
  request: { county: string; login: string; dropsTotp: boolean },
  tell: (line: string) => void,
): Promise<void> =>
  inHouse(place, false, async (house) => {
    const { county, login, dropsTotp } = request
    const link = await runSystem(house.app, county, (cmd) => issueLinkByName(cmd, login, { dropsTotp }))
    tell(`${login}: ${place.config.publicUrl}${link.path}`)
    tell(`只显示这一次，${link.expiresAt} 前有效。 Shown this once; open until then.`)
  })
