import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import sharp from 'sharp'
import { launchBrowser } from '../test/support/browser.ts'
import { cookiesOf, dataFolder, freePort, RunningHouse } from '../test/support/running-house.ts'
import { galleryPages, thingsOf, type Face, type GalleryPage } from './gallery-pages.ts'

/**
 * Photographs every page of every face, busy, empty and refused, at the widths that people have, and reads each aloud with
 * axe, from a demo house that it starts itself or from the one at `--house URL`. `npm run gallery` writes to data/gallery
 * with an index page; `--pick` renews the few in docs/gallery; `--face`, `--state`, `--width` and `--only` take a part.
 */
const county = '330411'
const widths = [1440, 390, 320] as const
const heights: Readonly<Record<number, number>> = { 1440: 900, 390: 844, 320: 640 }
const states = ['busy', 'empty', 'refused'] as const
type State = (typeof states)[number]

interface Shot {
  page: GalleryPage
  state: State
  width: number
}

const hasState = ({ page, state }: Shot): boolean =>
  state === 'busy' || (state === 'empty' ? page.hasEmpty : page.refused !== undefined || page.missing !== undefined)

/** For the refusal somebody whose post does not reach it, else something that is not there. */
const lookerAt = ({ page, state }: Shot): string | null => (state === 'refused' ? (page.refused ?? page.who) : page.who)
const pathOf = ({ page, state }: Shot): string =>
  state === 'refused' && page.refused === undefined ? (page.missing ?? page.path) : page.path

/** What is never empty, or nobody could look at a page at all. */
const always = /\/(counties|kinds|demo|identity|calendar)\b/

/** The server's own answers with nothing in their lists: what a county sees on its first day. */
async function emptied(route: Route): Promise<void> {
  if (always.test(route.request().url()) || route.request().method() !== 'GET') return route.continue()
  if (/\/events\b/.test(route.request().url())) return route.abort()
  const answer = await route.fetch()
  const body: unknown = await answer.json().catch(() => null)
  if (typeof body !== 'object' || body === null) return route.fulfill({ response: answer })
  return route.fulfill({ response: answer, json: withoutItems(body) })
}

function withoutItems(body: object): object {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => {
      if (name === 'items') return [name, []]
      if (name === 'next') return [name, null]
      return [name, typeof value === 'number' && !/index|size|version/i.test(name) ? 0 : value]
    }),
  )
}

interface Studio {
  browser: Browser
  url: string
  cookies: Map<string, Awaited<ReturnType<typeof cookiesOf>>>
  /** The browser as it was left by the picture before, where the next one needs the same. */
  kept?: { key: string; context: BrowserContext }
}

async function contextFor(studio: Studio, shot: Shot): Promise<BrowserContext> {
  const key = `${lookerAt(shot)} ${shot.state} ${shot.width}`
  if (studio.kept?.key !== key) {
    await leave(studio)
    studio.kept = { key, context: await newContext(studio, shot) }
  }
  return studio.kept.context
}

async function leave(studio: Studio): Promise<void> {
  await studio.kept?.context.unrouteAll({ behavior: 'ignoreErrors' })
  await studio.kept?.context.close()
  delete studio.kept
}

async function newContext(studio: Studio, shot: Shot): Promise<BrowserContext> {
  const { browser, url, cookies } = studio
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: shot.width, height: heights[shot.width] ?? 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    isMobile: shot.width < 500,
    hasTouch: shot.width < 500,
  })
  await context.addInitScript((code) => localStorage.setItem('tongxin.county', code), county)
  const who = lookerAt(shot)
  if (who !== null) {
    const held = cookies.get(who) ?? (await cookiesOf(url, who, county))
    cookies.set(who, held)
    await context.addCookies(held)
  }
  if (shot.state === 'empty') await context.route('**/api/v1/**', emptied)
  return context
}

interface Picture {
  bytes: Buffer
  /** What keeps people from reading or using it. */
  problems: string[]
}

async function photograph(studio: Studio, shot: Shot): Promise<Picture> {
  const page = await (await contextFor(studio, shot)).newPage()
  const problems: string[] = []
  try {
    page.on('pageerror', (error) => problems.push(`threw ${error.message}`))
    await page.goto(pathOf(shot))
    await settled(page)
    // The phone's tabs stand over what is below: a long picture would show them in its middle.
    const bytes = await page.screenshot({ fullPage: shot.page.face === 'open' })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) problems.push(`${wide} px wider than the screen`)
    const { violations } = await new AxeBuilder({ page }).analyze()
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    problems.push(...bad.map(({ id, nodes }) => `${id}: ${String(nodes[0]?.target[0])}`))
    return { bytes, problems }
  } finally {
    await page.close()
  }
}

/** Waits for the answers, not for the connection to be quiet: the wall listens for as long as it is open. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await page
    .locator('.bone')
    .first()
    .waitFor({ state: 'detached', timeout: 8_000 })
    .catch(() => undefined)
  await page.waitForTimeout(500)
}

const fileOf = ({ page: { face, address }, state, width }: Shot): string => {
  const name =
    address
      .replace(/^\/(console|h5)?\/?/, '')
      .replaceAll('/', '-')
      .replaceAll('$', '') || 'start'
  return `${face}-${name}-${state}-${width}.webp`
}

const webpMaxHeight = 6_000
const squeezed = (picture: Buffer): Promise<Buffer> =>
  sharp(picture)
    .resize({ height: webpMaxHeight, withoutEnlargement: true, fit: 'inside' })
    .webp({ quality: 62, effort: 5 })
    .toBuffer()

function indexPage(shots: readonly Shot[]): string {
  const rows = shots.map((shot) => {
    const file = fileOf(shot)
    const words = `${shot.page.address} · ${shot.state} · ${shot.width} px`
    return `<figure><a href="${file}"><img src="${file}" alt="${words}" loading="lazy"></a><figcaption>${words}</figcaption></figure>`
  })
  const style =
    'body{font:14px system-ui;margin:16px;display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}figure{margin:0}img{height:360px;border:1px solid #ccc}'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>${style}</style>${rows.join('\n')}</html>\n`
}

/** What README and docs show: a few pages that tell what the house is. */
const picked: readonly [string, State, number][] = [
  ['/', 'busy', 390],
  ['/r', 'busy', 390],
  ['/h5/tasks', 'busy', 390],
  ['/h5/tasks', 'empty', 320],
  ['/console/matters', 'busy', 1440],
  ['/console/matters/$id', 'busy', 1440],
  ['/console/wall', 'busy', 1440],
  ['/console/report', 'busy', 1440],
  ['/console/registry/buildings/$id', 'busy', 1440],
  ['/console/visits/$id', 'busy', 1440],
  ['/console/matters', 'empty', 1440],
  ['/console/matters', 'refused', 1440],
]

interface Wish {
  pick?: boolean | undefined
  state?: string | undefined
  width?: string | undefined
  face?: string | undefined
  only?: string | undefined
}

function shotsOf(pages: readonly GalleryPage[], wish: Wish): Shot[] {
  const all = pages.flatMap((page) => states.flatMap((state) => widths.map((width): Shot => ({ page, state, width }))))
  if (wish.pick)
    return picked.flatMap(([address, state, width]) =>
      all.filter((shot) => shot.page.address === address && shot.state === state && shot.width === width),
    )
  const fits = (value: string, sought: string | undefined) => sought === undefined || sought === value
  return all.filter(
    (shot) =>
      hasState(shot) &&
      fits(shot.state, wish.state) &&
      fits(String(shot.width), wish.width) &&
      fits(shot.page.face satisfies Face, wish.face) &&
      (wish.only === undefined || shot.page.address.includes(wish.only)),
  )
}

/** @returns what went wrong, one line a picture. */
async function takeAll(studio: Studio, shots: readonly Shot[], out: string): Promise<string[]> {
  const failed: string[] = []
  mkdirSync(out, { recursive: true })
  const orderOf = (shot: Shot) => `${shot.width} ${shot.state} ${lookerAt(shot)}`
  for (const shot of shots.toSorted((one, other) => orderOf(one).localeCompare(orderOf(other)))) {
    const file = join(out, fileOf(shot))
    mkdirSync(dirname(file), { recursive: true })
    try {
      const { bytes, problems } = await photograph(studio, shot)
      writeFileSync(file, await squeezed(bytes))
      if (problems.length > 0) failed.push(`${fileOf(shot)}: ${problems.join('; ')}`)
    } catch (error) {
      failed.push(`${fileOf(shot)}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
    }
  }
  await leave(studio)
  return failed
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pick: { type: 'boolean' },
      house: { type: 'string' },
      out: { type: 'string', default: 'data/gallery' },
      state: { type: 'string' },
      width: { type: 'string' },
      face: { type: 'string' },
      only: { type: 'string' },
    },
  })
  const out = values.pick ? 'docs/gallery' : values.out
  const folder = dataFolder()
  const own = values.house === undefined ? new RunningHouse(folder.path, await freePort()) : undefined
  const url = values.house ?? own?.url ?? ''
  const browser = await launchBrowser()
  let shots: Shot[] = []
  let failed: string[] = []
  try {
    await own?.start()
    shots = shotsOf(galleryPages(await thingsOf(url)), values)
    failed = await takeAll({ browser, url, cookies: new Map() }, shots, out)
    if (!values.pick) writeFileSync(join(out, 'index.html'), indexPage(shots))
  } finally {
    await browser.close()
    await own?.end('SIGTERM')
    folder.remove()
  }
  for (const line of failed) process.stdout.write(`WRONG  ${line}\n`)
  process.stdout.write(`${out}: ${shots.length - failed.length} passed, ${failed.length} failed\n`)
  process.exitCode = failed.length > 0 || shots.length === 0 ? 1 : 0
}

if (import.meta.main) await main()
