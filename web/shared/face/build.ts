import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Where a package lies. Its own map of exports names neither its models nor its package.json. */
function folderOf(name: string): string {
  const { resolve } = createRequire(import.meta.url)
  const found = (resolve.paths(name) ?? []).map((root) => join(root, name)).find((folder) => existsSync(folder))
  if (!found) throw new Error(`${name} is not installed`)
  return found
}
const human = folderOf('@vladmandic/human')
const wasm = join(folderOf('@tensorflow/tfjs-backend-wasm'), 'dist')
const { version } = JSON.parse(readFileSync(join(human, 'package.json'), 'utf8')) as { version: string }

/** Its name holds the version: what lies under /assets is kept for a year. */
const folder = `assets/face-${version}`
const wanted = [
  join(human, 'dist', 'human.esm.js'),
  ...['blazeface', 'facemesh', 'iris'].flatMap((name) =>
    ['json', 'bin'].map((kind) => join(human, 'models', `${name}.${kind}`)),
  ),
  ...['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'].map((name) => join(wasm, name)),
]

/**
 * Lays the face mesh, its models and its WebAssembly beside the pages. They are no part of any script: a phone fetches them
 * when somebody begins to look into the camera, and from nobody but this house.
 */
export const faceFiles = (root: string): Plugin => ({
  name: 'tongxin-face',
  config: () => ({ define: { FACE_FILES: JSON.stringify(`/${folder}/`) } }),
  writeBundle() {
    mkdirSync(join(root, folder), { recursive: true })
    for (const file of wanted) cpSync(file, join(root, folder, file.split(/[/\\]/).at(-1)!))
  },
})
