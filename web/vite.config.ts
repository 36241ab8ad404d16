import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vite'
import { pieces } from './pieces.ts'
import { faceFiles } from './shared/face/build.ts'
import { firstViews } from './first-view/build.ts'
import { themeCss } from './shared/theme/tokens.ts'
import { shellWorker } from './worker/build.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Serves the tokens as a style sheet, so that TypeScript and CSS can never differ. */
const theme: Plugin = {
  name: 'tongxin-theme',
  resolveId: (id) => (id === 'virtual:theme.css' ? '\0virtual:theme.css' : undefined),
  load: (id) => (id === '\0virtual:theme.css' ? themeCss() : undefined),
}

const squeezed = /\.(?:js|css|html|svg|webmanifest|wasm)$/

/** Lays a .br and a .gz beside each text file, so that a cheap phone loads a quarter and the server compresses nothing. */
const squeeze: Plugin = {
  name: 'tongxin-squeeze',
  apply: 'build',
  closeBundle() {
    const root = here('./dist')
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => squeezed.test(file))) {
      const bytes = readFileSync(`${root}/${name}`)
      if (bytes.length < 1024) continue
      writeFileSync(`${root}/${name}.br`, brotliCompressSync(bytes))
      writeFileSync(`${root}/${name}.gz`, gzipSync(bytes))
    }
  },
}

// The pages are the same whoever builds them: a test runner's NODE_ENV would make development pages.
process.env['NODE_ENV'] = 'production'

export default defineConfig({
  root: here('.'),
  plugins: [
    react(),
    theme,
    faceFiles(here('./dist')),
    firstViews(here('./dist')),
    shellWorker(here('./dist')),
    squeeze,
  ],
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    // Android web views of cheap phones and the desk machines of village offices lag years behind.
    target: ['chrome87', 'safari14', 'firefox86'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rollupOptions: {
      output: { codeSplitting: { groups: pieces } },
      input: { open: here('./open/index.html'), h5: here('./h5/index.html'), console: here('./console/index.html') },
    },
    chunkSizeWarningLimit: 1500,
  },
})
