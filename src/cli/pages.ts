import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { lockFolder, type FolderLock } from '../kernel/folder-lock.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const stampPath = join(root, 'web/dist/sources.sha256')

/** SHA-256 over everything that the pages are made of; file times say nothing after a checkout. */
export function sourcesHash(): string {
  const options = { cwd: root, exclude: (path: string) => /^web[\\/]dist/.test(path) }
  const proof = [
    'src/ledger/{verify-proof,merkle,rules}.ts',
    'src/signing/proof/*.ts',
    'src/kernel/x509*.ts',
    'tools/{build-verifier,verifier-main,build-offline-verifier}.ts',
  ]
  const found = ['web/**/*.{ts,tsx,css,html,svg,json,woff2,png}', 'src/**/contract.ts', ...proof, 'package-lock.json']
  const hash = createHash('sha256')
  for (const path of globSync(found, options).toSorted()) {
    hash
      .update(`${path.replaceAll('\\', '/')}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/**
 * Builds the pages, and the stand-alone verifiers that they offer, where they are missing or older than their sources.
 *
 * Two starts at once do not build into each other's folder: the second waits and finds the work done.
 * @returns what happened, for the operator; a failed build leaves the API working.
 */
export async function buildPages(signal?: AbortSignal): Promise<'ready' | 'built' | 'failed'> {
  if (isFresh()) return 'ready'
  const lock = await waitForLock(signal)
  try {
    if (isFresh()) return 'ready'
    const hash = sourcesHash()
    const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js')
    const pages = await run([vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], signal)
    const verifier = pages && (await run(['tools/build-verifier.ts', 'web/dist'], signal))
    const offline = verifier && (await run(['tools/build-offline-verifier.ts', 'web/dist'], signal))
    if (!offline) return 'failed'
    writeFileSync(stampPath, hash)
    return 'built'
  } finally {
    lock.release()
  }
}

const isFresh = (): boolean => existsSync(stampPath) && readFileSync(stampPath, 'utf8') === sourcesHash()

async function waitForLock(signal: AbortSignal | undefined): Promise<FolderLock> {
  const folder = join(root, 'node_modules', '.cache')
  mkdirSync(folder, { recursive: true })
  for (;;) {
    try {
      return lockFolder(join(folder, 'tongxin-pages'))
    } catch (error) {
      if (signal?.aborted) throw error
      await sleep(200)
    }
  }
}

/** In a process of its own: a build takes the memory that the house itself should not keep. */
function run(parameters: string[], signal: AbortSignal | undefined): Promise<boolean> {
  const child = spawn(process.execPath, parameters, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], signal })
  return new Promise((done) => {
    child.once('error', () => done(false))
    child.once('exit', (code) => done(code === 0))
  })
}
