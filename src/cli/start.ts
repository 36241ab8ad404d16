import { once } from 'node:events'
import { createServer } from 'node:net'
import { tellDemoLoading } from '../identity/index.ts'
import { countiesOf } from '../kernel/app.ts'
import type { Config } from '../kernel/config.ts'
import { openDatabase } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import type { House } from '../server.ts'
import { layHouseDatabase, prepareHouseDatabase, type HouseDatabase } from './database.ts'
import { openLoads, readDemoFolder, writeDemoFolder, type DemoFolder } from './demo-marker.ts'
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
export async function startHouse(config: Config, log: Log, options: { https?: boolean } = {}): Promise<RunningHouse> {
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
    if (demo && !demo.seededAt) {
      say('第一次启动，正在准备演示数据…… First start: making the demo county…')
      const { seedFolder } = await import('./demo-folder.ts')
      await seedFolder(config, house)
    }
    let url = ''
    if (options.https) {
      const { serveHttps } = await import('./https.ts')
      const served = await serveHttps({
        dataDir: config.dataDir,
        // Phones are what it is for: unless another address is named, the network may come in.
        host: config.host === '127.0.0.1' ? '0.0.0.0' : config.host,
        port: config.port,
        helpPort: config.port === 0 ? 0 : config.port + 1,
        now: () => house.app.clock.now(),
        handle: (req, res) => house.http.routing(req, res),
        tell: say,
      })
      stops.push(() => served.stop())
      url = config.publicUrl || served.url
    } else await house.http.listen({ port: config.port, host: config.host })
    if (config.worker) await house.startWorkers()
    await tellHow(url || addressOf(config, house), house)
    if (demo && config.worker) stops.push(loadRest(config, house))
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

/** A folder is made as demo by its first `start` on an empty embedded database, and never later. */
async function isDemo(
  config: Config,
  database: HouseDatabase,
  counties: () => Promise<unknown[]>,
): Promise<DemoFolder | undefined> {
  if (!database.server) return undefined
  const known = readDemoFolder(config)
  if (known) return known
  if ((await counties()).length > 0) return undefined
  const made = { madeAt: new Date().toISOString(), seededAt: null }
  writeDemoFolder(config, made)
  return made
}

/** While people work, loading takes at most every second moment of the machine. */
const REST = 1
/** Said on the terminal at every tenth of the way. */
const TENTHS = 10

/** Loads what the folder's scenarios lack beside the running house. @returns stops it at the next piece. */
function loadRest(config: Config, house: House): () => Promise<void> {
  const stopping = new AbortController()
  const loading = (async () => {
    const { loadInto } = await import('./demo-folder.ts')
    const folder = readDemoFolder(config)
    for (const code of folder ? openLoads(folder) : []) {
      let tenth = 0
      const failed = await loadInto(config, house, code, {
        stopping: stopping.signal,
        rest: REST,
        progress(now) {
          tellDemoLoading(house.app, now)
          const reached = Math.floor((now.done / Math.max(1, now.total)) * TENTHS)
          if (reached === tenth) return
          tenth = reached
          say(`演示数据 ${code}：${now.done} / ${now.total} Demo data, loading while you work`)
        },
      })
      if (failed === undefined) return
      say(
        failed > 0
          ? `演示数据 ${code}：${failed} 项未成功，下次启动再试。 ${failed} pieces failed; tried again next time.`
          : `演示数据 ${code} 已全部载入。 All of ${code} is loaded.`,
      )
    }
  })()
    .catch((error: unknown) => house.app.log.warn({ err: error }, 'the rest of the demo was not loaded'))
    .finally(() => tellDemoLoading(house.app, null))
  return async () => {
    stopping.abort()
    await loading
  }
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
