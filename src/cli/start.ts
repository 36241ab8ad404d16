import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { countiesOf } from '../kernel/app.ts'
import type { Config } from '../kernel/config.ts'
import { openDatabase } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { House } from '../server.ts'
import { layHouseDatabase, prepareHouseDatabase, type HouseDatabase } from './database.ts'
import { giveMemoryBack, giveMemoryBackWhenIdle } from './memory.ts'
import { buildPages } from './pages.ts'

export interface RunningHouse {
  /** Stops everything, in order: requests, workers, pool, database. */
  stop(): Promise<void>
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/**
 * Starts the whole product: database, schema, demo data on the first start, API, workers, pages.
 *
 * The program is read and the house composed while the database starts and the pages are built, each about as long.
 * @throws Error in words for the operator; whatever had been started is stopped again.
 */
export async function startHouse(config: Config, log: Log): Promise<RunningHouse> {
  await requireFreePort(config)
  const building = new AbortController()
  const pages = buildPages(building.signal).catch((error: unknown) => {
    log.warn({ err: error }, 'the pages could not be built')
    return 'failed' as const
  })
  const stops: (() => Promise<void> | void)[] = [() => building.abort()]
  const stop = async (): Promise<void> => {
    for (const undo of stops.splice(0).toReversed()) await undo()
  }
  try {
    const database = layHouseDatabase(config, log)
    stops.push(() => database.stop())
    const opening = database.open().then(() => prepareHouseDatabase(config, database))
    // A failure is thrown where it is awaited; until then it must not end the process.
    opening.catch(() => {})
    const program = import('../server.ts')
    const db = openDatabase(database.appUrl, { poolSize: config.databasePool, log })
    const demo = await isDemo(config, database, () => opening.then(() => countiesOf({ db })))
    if ((await pages) === 'failed') say('网页没有生成成功，接口照常可用。 The pages could not be built; the API works.')
    const { composeHouse } = await program
    const requireWritable = (): void => database.requireWritable()
    const house = await composeHouse({ config, db, log, demo: demo !== undefined, requireWritable })
    stops.push(() => house.close())
    const applied = await opening
    if (applied.length > 0) say(`schema: ${applied.length} migrations applied`)
    if (demo && !demo.seededAt) await seedFolder(config, house)
    await house.http.listen({ port: config.port, host: config.host })
    if (config.worker) await house.startWorkers()
    await tellHow(addressOf(config, house), house)
    giveMemoryBack()
    stops.push(giveMemoryBackWhenIdle())
    return { stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Said before anything is started, not after a minute of preparation. */
async function requireFreePort(config: Config): Promise<void> {
  const probe = createServer()
  try {
    await once(probe.listen(config.port, config.host), 'listening')
  } catch (error) {
    const { code } = error as { code?: string }
    const wanted = `${config.host}:${config.port}`
    if (code === 'EADDRINUSE')
      throw new Error(`端口被占用 ${wanted}，请改 PORT。 The port is in use: choose another PORT.`, { cause: error })
    throw new Error(`不能监听 ${wanted}（${code}）。 Cannot listen there.`, { cause: error })
  } finally {
    probe.close()
  }
}

interface DemoFolder {
  madeAt: string
  seededAt: string | null
}

const demoPath = (config: Config): string => join(config.dataDir, 'demo.json')

/** A folder is made as demo by its first `start` on an empty embedded database, and never later. */
async function isDemo(
  config: Config,
  database: HouseDatabase,
  counties: () => Promise<unknown[]>,
): Promise<DemoFolder | undefined> {
  if (!database.server) return undefined
  const path = demoPath(config)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as DemoFolder
  if ((await counties()).length > 0) return undefined
  const made = { madeAt: new Date().toISOString(), seededAt: null }
  writeFileSync(path, JSON.stringify(made))
  return made
}

/** Fills the demo county; a start that was broken off does it again, for seeding twice changes nothing. */
export async function seedFolder(config: Config, house: House): Promise<void> {
  say('第一次启动，正在准备演示数据…… First start: making the demo county…')
  const { seedDemo } = await import('../seed.ts')
  await seedDemo(house.app)
  const path = demoPath(config)
  const made = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as DemoFolder)
    : { madeAt: new Date().toISOString() }
  writeFileSync(path, JSON.stringify({ ...made, seededAt: new Date().toISOString() }))
}

function addressOf(config: Config, house: House): string {
  if (config.publicUrl !== '') return config.publicUrl
  const address = house.http.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function tellHow(url: string, house: House): Promise<void> {
  say('')
  say(`同心已启动 Tongxin is running: ${url}`)
  if (house.app.demo) {
    const { signInLines } = await import('../seed.ts')
    for (const line of signInLines(url)) say(line)
  } else if ((await countiesOf(house.app)).length === 0) {
    say('还没有县（市、区），请运行 tongxin init --county 代码。 No county yet: run tongxin init --county CODE.')
  }
  say('按 Ctrl+C 停止。 Ctrl+C stops it.')
}
