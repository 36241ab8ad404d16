/**
 * A process for import-kill.ts to kill: works off the imports of a county as the house does, and says on its standard output how
 * often it has sealed something: that happens between the beginning of a batch and its commit only. Ends by itself when
 * nothing is left to do.
 */
import { readConfig } from '../../src/kernel/config.ts'
import { openDatabase } from '../../src/kernel/db.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { workOffImports } from '../../src/registry/sheets/index.ts'
import { composeHouse } from '../../src/server.ts'

const [url = '', dataDir = '', county = '', startedAt = '', batchRows = ''] = process.argv.slice(2)
const SAID_EVERY = 50

// The test's clock, going on: a claim of whoever died is over when the next one looks.
const ahead = Date.parse(startedAt) - Date.now()
const house = await composeHouse({
  config: readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }),
  db: openDatabase(url, { poolSize: 4, log: silentLog }),
  clock: { now: () => new Date(Date.now() + ahead) },
})
const { vault } = house.app
const { seal } = vault
let sealed = 0
Object.assign(vault, {
  seal(one: string, text: string): Buffer {
    if (++sealed % SAID_EVERY === 0) process.stdout.write(`sealed ${sealed}\n`)
    return seal(one, text)
  },
})
await workOffImports(house.app, county, batchRows === '' ? {} : { batchRows: Number(batchRows) })
process.stdout.write('nothing left\n')
await house.close()
