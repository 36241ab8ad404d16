import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const { resolve } = createRequire(import.meta.url)
const human = join(dirname(resolve('@vladmandic/human/package.json')))
const wasm = join(dirname(resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist')
const { version } = JSON.parse(readFileSync(join(human, 'package.json'), 'utf8')) as { version: string }

/** Its name holds the version: what lies under /assets is kept for a year. */
const folder = `assets/face-${version}`
const wanted = [
  ...['human.esm.js'].map((name) => join(human, 'dist', name)),
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
