import { enableCompileCache } from 'node:module'
import { parseArgs } from 'node:util'
import { countiesOf } from './kernel/app.ts'
import { readConfig, type Config } from './kernel/config.ts'
import { openDatabase, type Database } from './kernel/db.ts'
import type { Log } from './kernel/log.ts'
import { openHouseDatabase, prepareHouseDatabase, type HouseDatabase } from './cli/database.ts'
import { jsonLog } from './cli/log.ts'

const usage = `同心 Tongxin

  tongxin start                     启动全部（数据库、网页、接口、后台任务）  start everything
  tongxin init --county CODE        建立一个空的县（市、区）                  make an empty county
  tongxin migrate                   更新数据库结构                            bring the schema up to date
  tongxin seed                      准备演示数据                              make the demo county
  tongxin doctor                    检查运行状况                              look for silent trouble
  tongxin verify [--county CODE]    核验账本                                  check the whole ledger
  tongxin check-pack FOLDER...      检查场景包                                prove packs
  tongxin build-pages               生成网页（start 会自动做）                build the pages (start does it too)

设置见 docs/configuration.md。 Settings: docs/configuration.md.
`

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

type Values = Partial<Record<'county' | 'name', string>>
type Command = (config: Config, log: Log, parameters: { values: Values; positionals: string[] }) => Promise<void>

/** Runs work on the database, started or found running, with its schema up to date. */
async function onDatabase(config: Config, log: Log, work: (database: HouseDatabase) => Promise<void>): Promise<void> {
  const database = await openHouseDatabase(config, log, true)
  try {
    await work(database)
  } finally {
    await database.stop()
  }
}

async function withPool(database: HouseDatabase, log: Log, work: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase(database.appUrl, { poolSize: 4, log })
  try {
    await work(db)
  } finally {
    await db.close()
  }
}

/** Demo data and a county's own never lie in one database. */
const requireUnmixed = (config: Config, database: HouseDatabase, log: Log, demo: boolean): Promise<void> =>
  withPool(database, log, async (db) => {
    const counties = await countiesOf({ db })
    if (counties.every((county) => county.demo === demo)) return
    throw new Error(
      demo
        ? `${config.dataDir} 里已有正式数据，演示数据请另用一个 DATA_DIR。 This folder holds a real county: use another DATA_DIR for the demo.`
        : `${config.dataDir} 里是演示数据，正式使用请另用一个 DATA_DIR。 This folder holds the demo: use another DATA_DIR for a real county.`,
    )
  })

const start: Command = async (config, log) => {
  const { startHouse } = await import('./cli/start.ts')
  const starting = startHouse(config, log)
  let stopping = false
  const stop = (): void => {
    // A second Ctrl+C does not wait; the database then stops by itself.
    if (stopping) process.exit(1)
    stopping = true
    say('正在停止…… Stopping…')
    starting
      .then((house) => house.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed')
          process.exit(1)
        },
      )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // A wrapper that died takes this process along, in order.
  if (process.connected) process.on('disconnect', stop)
  await starting
}

const migrateCommand: Command = (config, log) =>
  onDatabase(config, log, async (database) => {
    const applied = await prepareHouseDatabase(config, database)
    for (const name of applied) say(name)
    say(applied.length === 0 ? '已是最新。 Up to date.' : `${applied.length} applied.`)
  })

const seed: Command = (config, log) =>
  onDatabase(config, log, async (database) => {
    await prepareHouseDatabase(config, database)
    await requireUnmixed(config, database, log, true)
    const { composeHouse } = await import('./server.ts')
    const { seedFolder } = await import('./cli/start.ts')
    const db = openDatabase(database.appUrl, { poolSize: 4, log })
    const house = await composeHouse({ config, db, log, demo: true })
    try {
      await seedFolder(config, house)
    } finally {
      await house.close()
    }
  })

const init: Command = (config, log, { values }) =>
  onDatabase(config, log, async (database) => {
    if (!values.county || !/^[0-9]{6}$/.test(values.county)) {
      throw new Error('--county 要六位县级行政区划代码。 --county wants the six digits of GB/T 2260.')
    }
    await prepareHouseDatabase(config, database)
    await requireUnmixed(config, database, log, false)
    const { composeHouse } = await import('./server.ts')
    const { makeCounty } = await import('./seed.ts')
    const db = openDatabase(database.appUrl, { poolSize: 4, log })
    const house = await composeHouse({ config, db, log })
    try {
      const county = { code: values.county, ...(values.name ? { name: values.name } : {}) }
      for (const line of (await makeCounty(house.app, county)).lines) say(line)
    } finally {
      await house.close()
    }
  })

const doctor: Command = (config, log) =>
  onDatabase(config, log, async (database) => {
    const { examine } = await import('./cli/doctor.ts')
    const found = await examine(config, database)
    for (const { what, well, words } of found) say(`${well ? 'ok   ' : 'WRONG'}  ${what.padEnd(12)} ${words}`)
    if (found.some(({ well }) => !well)) process.exitCode = 1
  })

const verify: Command = (config, log, { values }) =>
  onDatabase(config, log, async (database) => {
    const { verifyLedger } = await import('./ledger/index.ts')
    await withPool(database, log, async (db) => {
      const codes = values.county ? [values.county] : (await countiesOf({ db })).map(({ code }) => code)
      if (codes.length === 0) throw new Error('没有县可核验。 There is no county to check.')
      for (const code of codes) {
        const report = await verifyLedger(db, code, { dataDir: config.dataDir })
        for (const finding of report.findings) say(`WRONG  ${finding.row}: ${finding.zh} ${finding.en}`)
        if (report.more > 0) say(`…… ${report.more}`)
        say(`${report.holds ? 'ok   ' : 'WRONG'}  ${code}: ${report.leaves} leaves, ${report.heads} heads`)
        if (!report.holds) process.exitCode = 1
      }
    })
  })

const checkPack: Command = async (_config, _log, { positionals }) => {
  const { packFolders, provePack } = await import('./cli/check-pack.ts')
  const folders = packFolders(positionals)
  if (folders.length === 0) throw new Error('哪个包？ Which pack? tongxin check-pack packs/event')
  for (const folder of folders) {
    const { lines, holds } = provePack(folder)
    for (const line of lines) say(line)
    if (!holds) process.exitCode = 1
  }
}

const buildPagesCommand: Command = async () => {
  const { buildPages } = await import('./cli/pages.ts')
  const outcome = await buildPages()
  say(`web/dist: ${outcome}`)
  if (outcome === 'failed') process.exitCode = 1
}

const commands = new Map<string, Command>([
  ['start', start],
  ['init', init],
  ['migrate', migrateCommand],
  ['seed', seed],
  ['doctor', doctor],
  ['verify', verify],
  ['check-pack', checkPack],
  ['build-pages', buildPagesCommand],
])

async function main(): Promise<void> {
  // Compiled code is kept between starts, which makes a later start about twice as fast.
  enableCompileCache()
  const [name = '', ...rest] = process.argv.slice(2)
  const command = commands.get(name)
  if (!command) {
    process.stdout.write(usage)
    process.exitCode = ['', 'help', '--help', '-h'].includes(name) ? 0 : 2
    return
  }
  const options = { county: { type: 'string' }, name: { type: 'string' } } as const
  const parsed = parseArgs({ args: rest, options, allowPositionals: true, strict: true })
  const config = readConfig()
  await command(config, jsonLog(config.logLevel), parsed)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`tongxin: ${(error as Error).message}\n`)
  if (process.env['LOG_LEVEL'] === 'debug') process.stderr.write(`${(error as Error).stack}\n`)
  process.exitCode = 1
}
