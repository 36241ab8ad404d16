import { expect, test } from 'vitest'
import { viewsOf, type Manifest } from './check-sizes.ts'

const manifest: Manifest = {
  'open/index.html': {
    file: 'open.js',
    isEntry: true,
    imports: ['_shared'],
    dynamicImports: ['page', 'heavy'],
    css: ['open.css'],
  },
  _shared: { file: 'shared.js', imports: ['open/index.html'] },
  page: { file: 'page.js', imports: ['_shared', 'open/index.html'], css: ['page.css'] },
  heavy: { file: 'heavy.js', imports: ['_map'] },
  _map: { file: 'map.js' },
}
const sizes: Record<string, number> = {
  'open.js': 10_000,
  'shared.js': 50_000,
  'open.css': 1_000,
  'page.js': 5_000,
  'page.css': 500,
  'heavy.js': 1_000,
  'map.js': 300_000,
}

test('a view is what its face loads and its own chunk, each file once, whatever imports it', () => {
  const views = viewsOf(manifest, (file) => sizes[file] ?? 0)
  expect(views.map(({ page, bytes }) => [page, bytes])).toEqual([
    ['', 61_000],
    ['page', 66_500],
    ['heavy', 362_000],
  ])
  expect(views.filter(({ bytes, limit }) => bytes > limit).map(({ page }) => page)).toEqual(['heavy'])
})
