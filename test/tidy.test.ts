import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** A test of the code itself: what a reviewer would say every time is said here once. */

interface Source {
  path: string
  text: string
  lines: string[]
}

const skipped = new Set(['node_modules', '.git', 'data', 'dist', 'coverage', 'test-results', '.cache'])

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesUnder(path)
    return [path]
  })
}

const read = (path: string): Source => {
  const text = readFileSync(path, 'utf8')
  return { path, text, lines: text.split('\n') }
}

const code = ['src', 'web', 'test', 'tools', 'bench']
  .flatMap(filesUnder)
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path))
  .map(read)
const product = code.filter(
  ({ path }) => path.startsWith('src/') && !/(\.test\.ts|\/fixtures\.ts|\/testing\.ts)$/.test(path),
)
const documents = [
  ...filesUnder('docs'),
  ...filesUnder('src'),
  ...filesUnder('packs'),
  ...filesUnder('bench'),
  ...readdirSync('.'),
]
  .filter((path) => path.endsWith('.md'))
  .map(read)
const self = 'test/tidy.test.ts'

/** Where in the sources a pattern stands, as `file:line text`. */
function places(sources: Source[], pattern: RegExp, allowed: (path: string) => boolean = () => false): string[] {
  return sources.flatMap(({ path, lines }) =>
    path === self || allowed(path)
      ? []
      : lines.flatMap((line, index) =>
          pattern.test(line) ? [`${path}:${index + 1} ${line.trim().slice(0, 100)}`] : [],
        ),
  )
}

test('there is something to look at', () => {
  expect(code.length).toBeGreaterThan(200)
  expect(product.length).toBeGreaterThan(100)
  expect(documents.length).toBeGreaterThan(10)
})

describe('banned phrases', () => {
  /** phrase → what to do instead. */
  const banned: [RegExp, string, Source[], ((path: string) => boolean)?][] = [
    [/(\/\/|\*|--|#).*\b(TODO|FIXME|XXX|HACK)\b/, 'do it, or open an issue', code],
    [/@ts-(ignore|nocheck|expect-error)\b/, 'mend the type', code],
    [
      /^(?!\s*(\*|\/\*|\/\/)).*(\bas any\b|:\s*any\b|<any\b|any\[\])/,
      'name the type, or unknown',
      code,
      (path) => path === 'src/kernel/tables.ts',
    ],
    [
      /^\s*export default\b/,
      'export by name',
      code,
      (path) => /\.config\.ts$|global-setup\.ts$|dependency-cruiser|\.d\.ts$/.test(path),
    ],
    [/^\s*(export )?(const )?enum\s/, 'a union of literals', code],
    [/^\s*(export )?namespace\s/, 'a module', code],
    [/\b(test|it|describe)\.(only|skip|todo)\(/, 'run it or remove it', code],
    [
      /\bconsole\.(log|error|warn|info)\(/,
      'app.log, without personal data',
      product,
      (path) => /^src\/(cli|ledger\/verif)/.test(path),
    ],
    [/\bMath\.random\(/, 'randomToken, uuidv7', product],
    [
      /\bprocess\.env\b/,
      'config',
      product,
      (path) => path === 'src/kernel/config.ts' || path.startsWith('src/cli') || path.startsWith('src/kernel/postgres'),
    ],
    [
      /\/work\/|\/home\/\w|\.\.\/shared\/(design|house|scen|field)|\/tmp\/brief/,
      'no path of somebody’s machine',
      [...code, ...documents],
    ],
    [/@ts-|eslint-disable(?!-next-line)/, 'mend it', product, (path) => path === 'src/kernel/tables.ts'],
  ]
  test.each(banned)('%s: %s', (pattern, _instead, sources, allowed) => {
    expect(places(sources, pattern, allowed)).toEqual([])
  })

  test('no file or folder is called utils, helpers, common, manager or base', () => {
    const paths = code.map(({ path }) => path)
    expect(paths.filter((path) => /(^|[/-])(utils?|helpers?|common|managers?|base)(\.|\/|-)/.test(path))).toEqual([])
  })
})

describe('where things stand', () => {
  test('SQL only in stores (and in kernel, whose commands carry the transaction)', () => {
    const sql = /\.(selectFrom|insertInto|updateTable|deleteFrom)\(|\bhot(<\w+>)?\(/
    const allowed = (path: string) =>
      /(^|[-/])(store|queries|sealed-store)s?\.ts$/.test(path) ||
      path.startsWith('src/kernel/') ||
      path.startsWith('src/cli')
    expect(places(product, sql, allowed)).toEqual([])
  })

  test('no UPDATE takes the time from the database', () => {
    expect(places(product, /\bset [\w\s,.=$']*\bnow\(\)/i)).toEqual([])
    const migrations = filesUnder('db/migrations').map(read)
    expect(migrations.length).toBeGreaterThan(5)
    expect(
      places(migrations, /\b(serial|bigserial|generated always as identity)\b|on delete set null|create trigger/i),
    ).toEqual([])
  })

  test('rules do no I/O and read no clock', () => {
    const rules = product.filter(({ path }) => path.endsWith('/rules.ts'))
    expect(rules.length).toBeGreaterThan(5)
    expect(
      places(rules, /new Date\(\)|Date\.now\(\)|from 'node:(fs|http|https|net|dns|child_process)|\bfetch\(|\bawait\b/),
    ).toEqual([])
  })

  test('migrations are numbered once each and named verb_noun', () => {
    const names = readdirSync('db/migrations')
    expect(names.filter((name) => !/^\d{4}_[a-z]+(_[a-z]+)+\.sql$/.test(name))).toEqual([])
    const numbers = names.map((name) => name.slice(0, 4))
    expect(new Set(numbers).size).toBe(numbers.length)
  })
})

const standard = new Set(['contract', 'routes', 'service', 'rules', 'store', 'jobs', 'index'])

/** Folders of a room and of its sub-rooms; kernel, cli and the demo's seed are no rooms. */
function roomFolders(): string[] {
  const folders = (path: string) =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(path, name))
  const rooms = folders('src').filter((path) => !['src/kernel', 'src/cli', 'src/seed'].includes(path))
  return rooms.flatMap((room) => [room, ...folders(room)])
}

describe('the shape of a room', () => {
  const rooms = roomFolders()
  const topRooms = rooms.filter((path) => path.split('/').length === 2)

  test('there are rooms', () => {
    expect(topRooms.length).toBeGreaterThanOrEqual(7)
  })

  test.each(topRooms)('%s has a front door, a contract and a README', (room) => {
    expect(['index.ts', 'contract.ts', 'README.md'].filter((name) => !existsSync(join(room, name)))).toEqual([])
    expect(read(join(room, 'README.md')).lines.length).toBeLessThanOrEqual(60)
  })

  test.each(rooms)('%s: a file beyond the seven is named in a README', (room) => {
    const readme = [room, dirname(room)].map((folder) => join(folder, 'README.md')).filter((path) => existsSync(path))
    const words = readme.map((path) => read(path).text).join('\n')
    const others = readdirSync(room)
      .filter(
        (name) =>
          name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name) && !['fixtures.ts', 'testing.ts'].includes(name),
      )
      .map((name) => name.slice(0, -3))
      .filter((name) => !standard.has(name))
    expect(others.filter((name) => !words.includes(name))).toEqual([])
  })

  test('server.ts composes every room', () => {
    const server = read('src/server.ts').text
    expect(topRooms.map((path) => path.slice(4)).filter((room) => !server.includes(`./${room}/index.ts`))).toEqual([])
  })
})

describe('documents', () => {
  /** GitHub's anchor of a heading. */
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-')
  const anchorsOf = ({ lines }: Source) =>
    lines.filter((line) => /^#{1,6}\s/.test(line)).map((line) => anchorOf(line.replace(/^#+\s/, '')))

  test('every link leads somewhere', () => {
    const dead: string[] = []
    let seen = 0
    for (const document of documents) {
      for (const [, target = ''] of document.text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?:|mailto:)/.test(target)) continue
        seen += 1
        const [file = '', anchor] = target.split('#')
        const path = file === '' ? document.path : normalize(join(dirname(document.path), file))
        const there =
          existsSync(path) &&
          (!anchor || !path.endsWith('.md') || anchorsOf(read(path)).includes(decodeURIComponent(anchor)))
        if (!there) dead.push(`${document.path}: ${target}`)
      }
    }
    expect(seen).toBeGreaterThan(10)
    expect(dead).toEqual([])
  })

  test('every decision is in the list of decisions', () => {
    const list = read('docs/decisions/README.md').text
    const pages = readdirSync('docs/decisions').filter((name) => name !== 'README.md')
    expect(pages.length).toBeGreaterThan(5)
    expect(pages.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name) || !list.includes(`](${name})`))).toEqual([])
  })

  test('every source file that a document names is there', () => {
    const missing: string[] = []
    let seen = 0
    for (const document of documents) {
      for (const [, path = ''] of document.text.matchAll(
        /`((?:src|web|test|tools|bench|db|packs|docs)\/[\w./-]+\.\w+)`/g,
      )) {
        seen += 1
        if (!existsSync(path) && !/NNNN|<|…/.test(path)) missing.push(`${document.path}: ${path}`)
      }
    }
    expect(seen).toBeGreaterThan(10)
    expect(missing).toEqual([])
  })
})

test('long files and functions are pointed at', () => {
  const long = product
    .filter(({ lines }) => lines.length > 300)
    .map(({ path, lines }) => `${path}: ${lines.length} lines`)
  const functions = product.flatMap(longFunctions)
  if (long.length + functions.length > 0) console.info(['worth a look:', ...long, ...functions].join('\n  '))
  expect(product.length).toBeGreaterThan(0)
})

/** Top-level functions over 70 lines: from a line that opens one to the first closing brace at the margin. */
function longFunctions({ path, lines }: Source): string[] {
  const found: string[] = []
  lines.forEach((line, index) => {
    const name = /^(?:export )?(?:async )?(?:function\*? |const )(\w+)/.exec(line)?.[1]
    if (!name || !/[{(]$/.test(line)) return
    const length = lines.slice(index).findIndex((later, offset) => offset > 0 && /^[})]/.test(later))
    if (length > 70) found.push(`${path}: ${name} has ${length} lines`)
  })
  return found
}
