import { issueLinkByName } from '../identity/index.ts'
import { countiesOf } from '../kernel/app.ts'
import { runSystem } from '../kernel/command.ts'
import type { Config } from '../kernel/config.ts'
import { openDatabase, type Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import { makeCounty } from '../seed.ts'
import { composeHouse, type House } from '../server.ts'
import { prepareHouseDatabase, type HouseDatabase } from './database.ts'
import { seedFolder } from './start.ts'

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

/** Makes the demo county, or what of it is missing. */
export const seedDemoCounty = (place: Place): Promise<void> =>
  inHouse(place, true, async (house) => {
    await requireUnmixed(place.config, house.app.db, true)
    await seedFolder(place.config, house)
  })

/** Makes an empty county; its administrators' links are told once. */
export const initCounty = (
  place: Place,
  county: { code: string; name?: string },
  tell: (line: string) => void,
): Promise<void> =>
  inHouse(place, false, async (house) => {
    await requireUnmixed(place.config, house.app.db, false)
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
