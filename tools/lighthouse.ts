import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import lighthouse from 'lighthouse'
import type { Browser } from 'playwright-core'
import { launchBrowserOnPort } from '../test/support/browser.ts'
import { cookiesOf, dataFolder, freePort, RunningHouse } from '../test/support/running-house.ts'
import { facesOf, needsOne } from './faces.ts'

/** Measures the open and the phone pages as a cheap phone sees them; `npm run lighthouse` keeps the result in bench/results. */
const categories = ['performance', 'accessibility', 'best-practices'] as const
const least: Readonly<Record<string, number>> = { open: 95, h5: 90 }

interface Measured {
  face: string
  address: string
  scores: Record<string, number>
  bytes: number
  /** What holds the page up: milliseconds, and how much it jumps. */
  vitals: Record<string, number>
}

const vitals = ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'] as const

/** Lighthouse opens its pages beside playwright's and forgets who was there after each: the browser itself is told anew. */
async function signIn(browser: Browser, houseUrl: string): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  await session.send('Storage.setCookies', { cookies: await cookiesOf(houseUrl, 'lead.1') })
  await session.detach()
}

async function measure(url: string, port: number): Promise<Pick<Measured, 'scores' | 'bytes' | 'vitals'>> {
  const result = await lighthouse(url, { port, onlyCategories: [...categories], output: 'json', logLevel: 'error' })
  if (!result) throw new Error(`nothing measured at ${url}`)
  const { lhr } = result
  const scores = Object.fromEntries(
    categories.map((name) => [name, Math.round((lhr.categories[name]?.score ?? 0) * 100)]),
  )
  const valueOf = (name: string): number => Math.round((lhr.audits[name]?.numericValue ?? 0) * 1000) / 1000
  const measures = Object.fromEntries(vitals.map((name) => [name, valueOf(name)]))
  return { scores, bytes: valueOf('total-byte-weight'), vitals: measures }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'bench/results/lighthouse.json' },
      face: { type: 'string' },
      address: { type: 'string' },
    },
  })
  const folder = dataFolder()
  const house = new RunningHouse(folder.path, await freePort())
  const port = await freePort()
  const browser = await launchBrowserOnPort(port)
  const measured: Measured[] = []
  try {
    await house.start()
    const faces = facesOf()
    for (const face of ['open', 'h5'] as const) {
      if (values.face !== undefined && values.face !== face) continue
      for (const address of faces[face].filter((one) => !needsOne(one))) {
        if (values.address !== undefined && values.address !== address) continue
        if (face === 'h5' && address !== '/h5') await signIn(browser, house.url)
        measured.push({ face, address, ...(await measure(`${house.url}${address}?county=330411`, port)) })
        process.stdout.write(
          `${address} ${JSON.stringify(measured.at(-1)?.scores)} ${JSON.stringify(measured.at(-1)?.vitals)}\n`,
        )
      }
    }
  } finally {
    await browser.close()
    await house.end('SIGTERM')
    folder.remove()
  }
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const below = measured.filter(({ face, scores }) => Object.values(scores).some((score) => score < (least[face] ?? 0)))
  const kept = { commit, measuredAt: new Date().toISOString(), least, measured }
  writeFileSync(values.out, `${JSON.stringify(kept, null, 2)}\n`)
  process.stdout.write(`${measured.length - below.length} passed, ${below.length} failed\n`)
  process.exitCode = below.length > 0 ? 1 : 0
}

await main()
