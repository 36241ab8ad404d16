import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countiesOf } from './kernel/app.ts'
import { readConfig, type Config } from './kernel/config.ts'
import { isCounty, openDatabase, type Database } from './kernel/db.ts'
import { Fault, faultSentence } from './kernel/faults.ts'
import type { Log } from './kernel/log.ts'
import { openHouseDatabase, prepareHouseDatabase, type HouseDatabase } from './cli/database.ts'
import { jsonLog } from './cli/log.ts'

const usage = `同心 Tongxin

  tongxin start                     启动全部（数据库、网页、接口、后台任务）  start everything
  tongxin start --https             用本机证书加密，手机扫码打开              with a certificate of its own, for phones
  tongxin init --county CODE        建立一个空的县（市、区）                  make an empty county
  tongxin reset-link --county CODE --login NAME [--drop-totp]
                                    给管理员一个重设密码的链接                a one-time link for who cannot sign in
  tongxin migrate                   更新数据库结构                            bring the schema up to date
  tongxin seed [SCENARIO]           列出、载入演示场景（只进演示文件夹）      list demo scenarios, load one
  tongxin doctor                    检查运行状况                              look for silent trouble
  tongxin verify [--county CODE]    核验账本                                  check the whole ledger
  tongxin verify FILE.pdf [--roots root.pem]
                                    核验一份签好的文书                        check a signed letter
  tongxin verify --page FILE.html [--roots root.pem]
                                    写一个离线核对文书的网页                  write a page that checks letters offline
  tongxin recount [--county CODE]   重新清点态势数字                          count the wall's figures anew
  tongxin sample letters FOLDER     每种文书签一份样例，供核验              sign one of every letter, for any verifier
  tongxin check-pack FOLDER...      检查场景包                                prove packs
  tongxin build-pages               生成网页（start 会自动做）                build the pages (start does it too)

设置见 docs/configuration.md。 Settings: docs/configuration.md.
`

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

interface Values {
  county?: string
  name?: string
  login?: string
  'drop-totp'?: boolean
  https?: boolean
  roots?: string
  page?: string
}
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

const start: Command = async (config, log, { values }) => {
  const { startHouse } = await import('./cli/start.ts')
  const starting = startHouse(config, log, { https: values.https === true })
  let stopping = false
  const hurry = (): void => {
    // A second Ctrl+C does not wait; the database then stops by itself.
    if (stopping) process.exit(1)
    stop()
  }
  const stop = (): void => {
    if (stopping) return
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
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hurry)
  // A wrapper that died takes this process along, in order.
  if (process.connected) process.on('disconnect', stop)
  // npm passes signals on to a shell, which dies without passing them on: then this process gets another parent.
  const parent = process.ppid
  if (process.env['npm_lifecycle_event']) setInterval(() => process.ppid === parent || stop(), 500).unref()
  await starting
}

const migrateCommand: Command = (config, log) =>
  onDatabase(config, log, async (database) => {
    const applied = await prepareHouseDatabase(config, database)
    for (const name of applied) say(name)
    say(applied.length === 0 ? '已是最新。 Up to date.' : `${applied.length} applied.`)
  })

const PROGRESS_MS = 1_000

/** A bar that is drawn over on a terminal; a line now and then where the output is kept. */
function progressBar(): (now: { scenario: string; done: number; total: number }) => void {
  let saidAt = 0
  return ({ scenario, done, total }) => {
    const isLast = done === total
    if (!isLast && performance.now() - saidAt < (process.stdout.isTTY ? PROGRESS_MS / 10 : PROGRESS_MS * 5)) return
    saidAt = performance.now()
    const share = total === 0 ? 1 : done / total
    const bar = '█'.repeat(Math.floor(share * 30)).padEnd(30, '░')
    const words = `${scenario} ${bar} ${done} / ${total}`
    process.stdout.write(
      process.stdout.isTTY && !isLast ? `\r${words}` : `${process.stdout.isTTY ? '\r' : ''}${words}\n`,
    )
  }
}

const seed: Command = async (config, log, { positionals }) => {
  const { findScenario, scenarios } = await import('./seed/index.ts')
  const [code] = positionals
  const scenario = code === undefined ? undefined : findScenario(code)
  if (!scenario) {
    if (code !== undefined) say(`没有场景 ${code}。 There is no scenario ${code}.`)
    say('可以载入的场景（只进演示文件夹）： Scenarios that can be loaded, into a demo folder only:')
    for (const { code: name, zh, en } of scenarios) say(`  tongxin seed ${name}   ${zh}\n                     ${en}`)
    if (code !== undefined) process.exitCode = 2
    return
  }
  await onDatabase(config, log, async (database) => {
    const { seedScenario } = await import('./cli/county.ts')
    await seedScenario({ config, log, database }, scenario.code, { line: say, progress: progressBar() })
  })
}

/** @throws Error when `--county` is missing or is no county's code. */
function requireCounty(values: Values): string {
  if (values.county && isCounty(values.county)) return values.county
  throw new Error('--county 要六位县级行政区划代码。 --county wants the six digits of GB/T 2260.')
}

const init: Command = (config, log, { values }) => {
  const county = { code: requireCounty(values), ...(values.name ? { name: values.name } : {}) }
  return onDatabase(config, log, async (database) => {
    const { initCounty } = await import('./cli/county.ts')
    await initCounty({ config, log, database }, county, say)
  })
}

const resetLinkCommand: Command = (config, log, { values }) => {
  const county = requireCounty(values)
  const { login } = values
  if (!login) throw new Error('--login 要登录名。 --login wants a login name.')
  return onDatabase(config, log, async (database) => {
    const { resetLink } = await import('./cli/county.ts')
    await resetLink({ config, log, database }, { county, login, dropsTotp: values['drop-totp'] === true }, say)
  })
}

const doctor: Command = (config, log) =>
  onDatabase(config, log, async (database) => {
    const { examine } = await import('./cli/doctor.ts')
    const found = await examine(config, database)
    for (const { what, well, words } of found) say(`${well ? 'ok   ' : 'WRONG'}  ${what.padEnd(12)} ${words}`)
    if (found.some(({ well }) => !well)) process.exitCode = 1
  })

/** Letters are checked without a database: only whom to trust is asked of this installation, or said. */
async function verifyLetters(config: Config, { roots, page }: Values, files: readonly string[]): Promise<void> {
  const { trustFor, examineFile, writeOfflinePage } = await import('./cli/letters.ts')
  const trust = await trustFor(config, roots)
  if (page !== undefined) {
    const { buildPages } = await import('./cli/pages.ts')
    if ((await buildPages()) === 'failed') throw new Error('网页没有生成。 The pages could not be built.')
    await writeOfflinePage(page, trust, config)
    say(page)
  }
  for (const file of files) {
    const { lines, holds } = await examineFile(file, trust)
    for (const line of lines) say(line)
    if (!holds) process.exitCode = 1
  }
}

const verify: Command = (config, log, { values, positionals }) =>
  positionals.length > 0 || values.page !== undefined
    ? verifyLetters(config, values, positionals)
    : verifyCounties(config, log, values)

const verifyCounties = (config: Config, log: Log, values: Values): Promise<void> =>
  onDatabase(config, log, async (database) => {
    const { verifyCounty } = await import('./cli/verify.ts')
    await withPool(database, log, async (db) => {
      const codes = values.county ? [values.county] : (await countiesOf({ db })).map(({ code }) => code)
      if (codes.length === 0) throw new Error('没有县可核验。 There is no county to check.')
      for (const code of codes) if (!(await verifyCounty({ config, db, say }, code))) process.exitCode = 1
    })
  })

const recountCommand: Command = (config, log, { values }) =>
  onDatabase(config, log, async (database) => {
    const { recount } = await import('./insight/index.ts')
    const { systemClock } = await import('./kernel/clock.ts')
    await withPool(database, log, async (db) => {
      for (const code of values.county ? [requireCounty(values)] : (await countiesOf({ db })).map((one) => one.code)) {
        await recount({ db, clock: systemClock }, code)
        say(`ok     ${code}`)
      }
    })
  })

const sample: Command = async (_config, _log, { positionals }) => {
  const [what, folder] = positionals
  if (what !== 'letters' || !folder) throw new Error('放到哪个文件夹？ Which folder? tongxin sample letters FOLDER')
  const { sampleLetters } = await import('./signing/index.ts')
  for (const { file, bytes, sha256 } of await sampleLetters(folder, () => new Date()))
    say(`ok     ${file.padEnd(26)} ${String(Math.round(bytes / 1024)).padStart(4)} KB  ${sha256}`)
  say(`       ${folder}/root.pem`)
}

const checkPack: Command = async (_config, _log, { positionals }) => {
  const { packFolders, provePack } = await import('./cli/check-pack.ts')
  const folders = packFolders(positionals)
  if (folders.length === 0) throw new Error('哪个包？ Which pack? tongxin check-pack packs/<name>')
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
  ['reset-link', resetLinkCommand],
  ['migrate', migrateCommand],
  ['seed', seed],
  ['doctor', doctor],
  ['verify', verify],
  ['recount', recountCommand],
  ['sample', sample],
  ['check-pack', checkPack],
  ['build-pages', buildPagesCommand],
])

const wordsOf = (error: unknown): string =>
  error instanceof Fault
    ? `${faultSentence(error.code, error.detail, 'zh-CN')} ${faultSentence(error.code, error.detail, 'en')}`
    : (error as Error).message

async function main(): Promise<void> {
  // Compiled code is kept between starts, in a folder that nobody else may write to: a later start is then twice as fast.
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))
  const [name = '', ...rest] = process.argv.slice(2)
  const command = commands.get(name)
  if (!command) {
    process.stdout.write(usage)
    process.exitCode = ['', 'help', '--help', '-h'].includes(name) ? 0 : 2
    return
  }
  const text = { type: 'string' } as const
  const options = {
    county: text,
    name: text,
    login: text,
    'drop-totp': { type: 'boolean' },
    https: { type: 'boolean' },
    roots: text,
    page: text,
  } as const
  const parsed = parseArgs({ args: rest, options, allowPositionals: true, strict: true })
  const config = readConfig()
  await command(config, jsonLog(config.logLevel), parsed)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`tongxin: ${wordsOf(error)}\n`)
  if (process.env['LOG_LEVEL'] === 'debug') process.stderr.write(`${(error as Error).stack}\n`)
  process.exitCode = 1
}
