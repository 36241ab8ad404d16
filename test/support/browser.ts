import { existsSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import bundled, { inflate } from '@sparticuz/chromium'
import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright-core'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * A real browser: the machine's own, else the one that npm brought (TONGXIN_BROWSER=bundled asks for that one). The
 * bundled one finds the system libraries that a bare machine lacks in its own archive.
 */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const options = await howToStart()
  return chromium.launch({ ...options, args: [...(options.args ?? []), ...more] })
}

/** The same, listening on a port for a tool that measures pages by itself. */
export async function launchBrowserOnPort(port: number): Promise<Browser> {
  const options = await howToStart()
  return chromium.launch({ ...options, args: [...(options.args ?? []), `--remote-debugging-port=${port}`] })
}

async function howToStart(): Promise<LaunchOptions> {
  const own = process.env['TONGXIN_BROWSER'] === 'bundled' ? undefined : installed.find((path) => existsSync(path))
  // Without a locale of its own a machine has no letters for the Chinese names of files.
  if (own) return { executablePath: own, headless: true, args: flags, env: { ...process.env, LC_ALL: 'C.UTF-8' } }
  const executablePath = await bundled.executablePath()
  const archives = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')))
  const libraries = join(await inflate(join(archives, 'al2023.tar.br')), 'lib')
  const path = [libraries, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':')
  const fonts = join(tmpdir(), 'fonts')
  return {
    executablePath,
    headless: true,
    args: [...flags, '--headless', '--font-render-hinting=none'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', LD_LIBRARY_PATH: path, FONTCONFIG_PATH: fonts },
  }
}

const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
  acceptDownloads: true,
}

/** A phone as residents and micro-grid heads hold it. */
export const onPhone = (browser: Browser, baseURL: string): Promise<BrowserContext> =>
  browser.newContext({ ...phone, baseURL })

/** A phone whose browser keeps what it has in a folder, and that can be switched off hard and on again. */
export async function ownPhone(
  folder: string,
  baseURL: string,
): Promise<{ context: BrowserContext; kill(): Promise<void> }> {
  const context = await chromium.launchPersistentContext(folder, { ...phone, ...(await howToStart()), baseURL })
  const kill = async () => {
    // The browser's own lock says which process holds the folder.
    const pid = Number((await readlink(join(folder, 'SingletonLock'))).split('-').at(-1))
    const gone = new Promise((resolve) => context.once('close', resolve))
    process.kill(pid, 'SIGKILL')
    await gone
  }
  return { context, kill }
}

/** A desk in an office. */
export const atDesk = (browser: Browser, baseURL: string): Promise<BrowserContext> =>
  browser.newContext({
    baseURL,
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
  })
