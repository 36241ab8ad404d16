import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import lighthouse, { type Result } from 'lighthouse'
import type { Browser } from 'playwright-core'
import { launchBrowserOnPort } from '../test/support/browser.ts'
import { cookiesOf, dataFolder, freePort, RunningHouse } from '../test/support/running-house.ts'
import { facesOf, needsOne } from './faces.ts'

/**
 * Measures the open and the phone pages as a cheap phone sees them; `npm run lighthouse` keeps the result in bench/results.
 *
 * A page counts with the middle of three looks, and the first look at each is not counted: the house has just started.
 * `--house URL` looks at a demo house that runs already, `--address` at one page, `--runs` as often.
 */
const categories = ['performance', 'accessibility', 'best-practices'] as const
const least: Readonly<Record<string, number>> = { open: 95, h5: 90 }

type Scores = Record<(typeof categories)[number], number>

interface Look {
  scores: Scores
  /** What holds the page up: milliseconds, and how much it jumps. */
  vitals: Record<string, number>
  /** What does not hang on how busy the machine is. */
  weight: { requests: number; bytes: number; scriptBytes: number }
  /** Best practices and accessibility that were not kept, by their names. */
  missed: string[]
}

interface Measured extends Look {
  face: string
  address: string
  /** The performance of each look, lowest first. */
  looks: number[]
}

const vitals = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'speed-index',
  'total-blocking-time',
  'cumulative-layout-shift',
  'bootup-time',
] as const

/** Lighthouse opens its pages beside playwright's and forgets who was there after each: the browser itself is told anew. */
async function signIn(browser: Browser, houseUrl: string, who: string): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  await session.send('Storage.setCookies', { cookies: await cookiesOf(houseUrl, who) })
  await session.detach()
}

interface Transferred {
  resourceType?: string
  transferSize?: number
}

const triesMax = 3

/** On a busy machine the browser's recording begins too late now and then: that is no measure of the page. */
async function recorded(url: string, port: number): Promise<Result> {
  let trouble = ''
  for (let number = 0; number < triesMax; number += 1) {
    const result = await lighthouse(url, { port, onlyCategories: [...categories], output: 'json', logLevel: 'error' })
    if (result && !result.lhr.runtimeError) return result.lhr
    trouble = result?.lhr.runtimeError?.message ?? 'nothing came'
  }
  throw new Error(`${url} was not measured: ${trouble}`)
}

async function look(url: string, port: number): Promise<Look> {
  const lhr = await recorded(url, port)
  if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(url).pathname)
    throw new Error(`${url} led to ${lhr.finalDisplayedUrl}: nobody was signed in`)
  const scoreOf = (name: (typeof categories)[number]): number => Math.round((lhr.categories[name]?.score ?? 0) * 100)
  const scores = Object.fromEntries(categories.map((name) => [name, scoreOf(name)])) as Scores
  const valueOf = (name: string): number => Math.round((lhr.audits[name]?.numericValue ?? 0) * 1000) / 1000
  const details = lhr.audits['network-requests']?.details
  const requests = (details && 'items' in details ? details.items : []) as Transferred[]
  const bytesOf = (all: readonly Transferred[]): number =>
    all.reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)
  const missed = categories
    .slice(1)
    .flatMap((name) => lhr.categories[name]?.auditRefs ?? [])
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id]?.score === 0)
    .map(({ id }) => id)
  return {
    scores,
    vitals: Object.fromEntries(vitals.map((name) => [name, valueOf(name)])),
    weight: {
      requests: requests.length,
      bytes: bytesOf(requests),
      scriptBytes: bytesOf(requests.filter(({ resourceType }) => resourceType === 'Script')),
    },
    missed,
  }
}

/** The look whose performance stands in the middle. */
async function measure(looks: number, once: () => Promise<Look>): Promise<Look & { looks: number[] }> {
  const all: Look[] = []
  for (let number = 0; number < looks; number += 1) all.push(await once())
  all.sort((one, other) => one.scores.performance - other.scores.performance)
  const middle = all[Math.floor(all.length / 2)]
  if (!middle) throw new Error('no look was asked for')
  return { ...middle, looks: all.map(({ scores }) => scores.performance) }
}

/** Who looks at a page of the phone's face: whoever works there. */
function lookerAt(address: string): string | null {
  if (!address.startsWith('/h5/')) return null
  return 'lead.1'
}

interface Wish {
  houseUrl: string
  port: number
  browser: Browser
  face: string | undefined
  address: string | undefined
  runs: number
}

async function measureAll({
  houseUrl,
  port,
  browser,
  face: onlyFace,
  address: onlyAddress,
  runs,
}: Wish): Promise<Measured[]> {
  const measured: Measured[] = []
  const faces = facesOf()
  const pages = (['open', 'h5'] as const)
    .flatMap((face) => faces[face].map((address) => ({ face, address })))
    .filter(({ address }) => !needsOne(address))
    .filter(({ face, address }) => (onlyFace ?? face) === face && (onlyAddress ?? address) === address)
  for (const { face, address } of pages) {
    const who = lookerAt(address)
    const found = await measure(runs, async () => {
      if (who !== null) await signIn(browser, houseUrl, who)
      return look(`${houseUrl}${address}?county=330411`, port)
    })
    measured.push({ face, address, ...found })
    const { scores, vitals: held, weight, missed, looks } = found
    process.stdout.write(`${address} ${JSON.stringify({ ...scores, looks, ...held, ...weight, missed })}\n`)
  }
  return measured
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'bench/results/lighthouse.json' },
      face: { type: 'string' },
      address: { type: 'string' },
      house: { type: 'string' },
      runs: { type: 'string', default: '3' },
    },
  })
  const folder = dataFolder()
  const own = values.house === undefined ? new RunningHouse(folder.path, await freePort()) : undefined
  const houseUrl = values.house ?? own?.url ?? ''
  const port = await freePort()
  const browser = await launchBrowserOnPort(port)
  let measured: Measured[] = []
  try {
    await own?.start()
    const wish = { houseUrl, port, browser, face: values.face, address: values.address }
    await measureAll({ ...wish, face: 'open', address: '/', runs: 1 })
    measured = await measureAll({ ...wish, runs: Number(values.runs) })
  } finally {
    await browser.close()
    await own?.end('SIGTERM')
    folder.remove()
  }
  if (measured.length === 0) throw new Error('no page was looked at')
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const below = measured.filter(({ face, scores }) => Object.values(scores).some((score) => score < (least[face] ?? 0)))
  const kept = { commit, measuredAt: new Date().toISOString(), least, measured }
  writeFileSync(values.out, `${JSON.stringify(kept, null, 2)}\n`)
  for (const { address, scores } of below) process.stdout.write(`BELOW  ${address} ${JSON.stringify(scores)}\n`)
  process.stdout.write(`${measured.length - below.length} passed, ${below.length} failed\n`)
  process.exitCode = below.length > 0 ? 1 : 0
}

await main()
