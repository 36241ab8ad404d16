/**
 * Builds the page that checks letters and proofs without a network: one HTML file, scripts and styles in it.
 *
 * Usage: node tools/build-offline-verifier.ts [folder]   (dist by default; the file is verify-offline.html)
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'

const FILE = 'verify-offline.html'
const page = (name: string): string => fileURLToPath(new URL(`../web/offline/${name}`, import.meta.url))

/** @returns the path of the built file. Whom it trusts is put in when somebody takes it. */
export async function buildOfflineVerifier(folder: string): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: ['chrome87', 'safari14', 'firefox86'],
      lib: { entry: page('main.ts'), formats: ['iife'], name: 'verifier', fileName: () => 'verifier.js' },
    },
  })) as Rolldown.RolldownOutput[]
  const { code } = built[0]!.output[0]
  // In a page a script ends at the first closing tag, wherever that stands.
  const script = code.replaceAll('</script', String.raw`<\/script`)
  const path = join(resolve(folder), FILE)
  mkdirSync(resolve(folder), { recursive: true })
  const place = '<script id="verifier">'
  const html = readFileSync(page('index.html'), 'utf8')
  if (!html.includes(place)) throw new Error('the page has no place for its script')
  const whole = html.replace(place, () => place + script)
  writeFileSync(path, whole)
  return path
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(await buildOfflineVerifier(process.argv[2] ?? 'dist'))
