/**
 * Builds the stand-alone verifier: one .mjs file without dependencies, for whoever wants to check a proof without us.
 *
 * Usage: node tools/build-verifier.ts [folder]   (dist by default; the file is tongxin-verify.mjs)
 */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const FILE = 'tongxin-verify.mjs'

/** @returns the path of the built file. */
export async function buildVerifier(folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: fileURLToPath(new URL('./verifier-main.ts', import.meta.url)),
      outDir: resolve(folder),
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: {
        output: {
          format: 'es',
          entryFileNames: FILE,
          banner: '// 同心 Tongxin: checks a ledger proof. No dependencies; Node 20 or newer.',
        },
      },
    },
    ssr: { noExternal: true },
  })
  return join(resolve(folder), FILE)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildVerifier(process.argv[2] ?? 'dist'))
