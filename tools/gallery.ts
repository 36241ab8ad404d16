import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import sharp from 'sharp'
import { launchBrowser } from '../test/support/browser.ts'
import { dataFolder, freePort, RunningHouse, cookiesOf, signInAs } from '../test/support/running-house.ts'
import { facesOf, needsOne, type Faces } from './faces.ts'

/**
 * Photographs every page of every face, busy, empty and refused, at the widths that people have, from a demo house that it
 * starts itself. `npm run gallery` writes to data/gallery with an index page; `--pick` renews the few in docs/gallery.
 */
const county = '330411'
const widths = [1440, 390, 320] as const
const heights: Readonly<Record<number, number>> = { 1440: 900, 390: 844, 320: 640 }
const states = ['busy', 'empty', 'refused'] as const
type State = (typeof states)[number]
type Face = keyof Faces

interface Shot {
  face: Face
  address: string
  state: State
  width: number
}

/** Who looks: whoever works there, and for the refusal somebody whose post does not reach it. Null: nobody is signed in. */
function lookerAt({ face, address, state }: Shot): string | null {
  if (face === 'open') return null
  if (face === 'h5') return address === '/h5' ? null : 'lead.1'
  const administration = /\/(admin|sms|setup|handover)\b/.test(address)
  return administration === (state === 'refused') ? 'dispatcher' : 'system'
}

const hasState = ({ face, address, state }: Shot): boolean =>
  state === 'busy' || (state === 'refused' ? face === 'console' || needsOne(address) : face !== 'open')

/** What is never empty, or nobody could look at a page at all. */
const always = /\/(counties|kinds|demo|identity|calendar)\b/

/** The server's own answers with nothing in their lists: what a county sees on its first day. */
async function emptied(route: Route): Promise<void> {
  if (always.test(route.request().url()) || route.request().method() !== 'GET') return route.continue()
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
  house: RunningHouse
  cookies: Map<string, Awaited<ReturnType<typeof cookiesOf>>>
  /** A matter and the like, for pages that show one. */
  one: string
}

const nowhere = '00000000-0000-7000-8000-000000000000'

async function contextFor(studio: Studio, shot: Shot): Promise<BrowserContext> {
  const { browser, house, cookies } = studio
  const context = await browser.newContext({
    baseURL: house.url,
    viewport: { width: shot.width, height: heights[shot.width] ?? 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    isMobile: shot.width < 500,
    hasTouch: shot.width < 500,
  })
  await context.addInitScript((code) => localStorage.setItem('tongxin.county', code), county)
  const who = lookerAt(shot)
  if (who !== null) {
    const held = cookies.get(who) ?? (await cookiesOf(house.url, who, county))
    cookies.set(who, held)
    await context.addCookies(held)
  }
  if (shot.state === 'empty') await context.route('**/api/v1/**', emptied)
  return context
}

async function photograph(studio: Studio, shot: Shot): Promise<Buffer> {
  const context = await contextFor(studio, shot)
  try {
    const page = await context.newPage()
    const one = shot.state === 'busy' && shot.address.includes('/matters/') ? studio.one : nowhere
    await page.goto(shot.address.replace(/\$\w+/, one))
    await settled(page)
    // The phone's tabs stand over what is below: a long picture would show them in its middle.
    return await page.screenshot({ fullPage: shot.face === 'open' })
  } finally {
    await context.close()
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

const fileOf = ({ face, address, state, width }: Shot): string => {
  const name =
    address
      .replace(/^\/(console|h5)?\/?/, '')
      .replaceAll('/', '-')
      .replaceAll('$', '') || 'start'
  return `${face}-${name}-${state}-${width}.webp`
}

const jpegMaxHeight = 6_000
const squeezed = (picture: Buffer): Promise<Buffer> =>
  sharp(picture)
    .resize({ height: jpegMaxHeight, withoutEnlargement: true, fit: 'inside' })
    .webp({ quality: 62, effort: 5 })
    .toBuffer()

function indexPage(shots: readonly Shot[]): string {
  const rows = shots.map((shot) => {
    const file = fileOf(shot)
    const words = `${shot.address} · ${shot.state} · ${shot.width} px`
    return `<figure><a href="${file}"><img src="${file}" alt="${words}" loading="lazy"></a><figcaption>${words}</figcaption></figure>`
  })
  const style =
    'body{font:14px system-ui;margin:16px;display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}figure{margin:0}img{height:360px;border:1px solid #ccc}'
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>${style}</style>${rows.join('\n')}</html>\n`
}

/** What README and docs show: a few pages that tell what the house is. */
const picked: readonly Shot[] = [
  { face: 'open', address: '/', state: 'busy', width: 390 },
  { face: 'open', address: '/r', state: 'busy', width: 390 },
  { face: 'h5', address: '/h5/tasks', state: 'busy', width: 390 },
  { face: 'h5', address: '/h5/tasks', state: 'empty', width: 320 },
  { face: 'console', address: '/console/matters', state: 'busy', width: 1440 },
  { face: 'console', address: '/console/matters/$id', state: 'busy', width: 1440 },
  { face: 'console', address: '/console/wall', state: 'busy', width: 1440 },
  { face: 'console', address: '/console/report', state: 'busy', width: 1440 },
  { face: 'console', address: '/console/matters', state: 'empty', width: 1440 },
  { face: 'console', address: '/console/matters', state: 'refused', width: 1440 },
]

function allShots(only: { state?: string | undefined; width?: string | undefined; face?: string | undefined }): Shot[] {
  const shots = Object.entries(facesOf()).flatMap(([face, addresses]) =>
    (addresses as readonly string[]).flatMap((address) =>
      states.flatMap((state) => widths.map((width): Shot => ({ face: face as Face, address, state, width }))),
    ),
  )
  const fits = (wish: string | undefined, value: string) => wish === undefined || wish === value
  return shots.filter(
    (shot) =>
      hasState(shot) &&
      fits(only.state, shot.state) &&
      fits(only.width, String(shot.width)) &&
      fits(only.face, shot.face),
  )
}

async function oneMatter(house: RunningHouse): Promise<string> {
  const headers = { cookie: await signInAs(house.url, 'dispatcher', county), 'tongxin-county': county }
  const answer = await fetch(`${house.url}/api/v1/matters?scope=closed&limit=1`, { headers })
  const { items } = (await answer.json()) as { items: { id: string }[] }
  return items[0]?.id ?? nowhere
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pick: { type: 'boolean' },
      out: { type: 'string', default: 'data/gallery' },
      state: { type: 'string' },
      width: { type: 'string' },
      face: { type: 'string' },
    },
  })
  const out = values.pick ? 'docs/gallery' : values.out
  const shots = values.pick ? picked : allShots(values)
  const folder = dataFolder()
  const house = new RunningHouse(folder.path, await freePort())
  const browser = await launchBrowser()
  const failed: string[] = []
  try {
    await house.start()
    const studio: Studio = { browser, house, cookies: new Map(), one: await oneMatter(house) }
    mkdirSync(out, { recursive: true })
    for (const shot of shots) {
      const file = join(out, fileOf(shot))
      mkdirSync(dirname(file), { recursive: true })
      try {
        writeFileSync(file, await squeezed(await photograph(studio, shot)))
      } catch (error) {
        failed.push(`${fileOf(shot)}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
      }
    }
    if (!values.pick) writeFileSync(join(out, 'index.html'), indexPage(shots))
  } finally {
    await browser.close()
    await house.end('SIGTERM')
    folder.remove()
  }
  for (const line of failed) process.stdout.write(`FAILED  ${line}\n`)
  process.stdout.write(`${out}: ${shots.length - failed.length} of ${shots.length} pictures\n`)
  process.exitCode = failed.length > 0 ? 1 : 0
}

if (import.meta.main) await main()
