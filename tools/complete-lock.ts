import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Adds to package-lock.json the platform packages that the registry did not serve while it was written.
 *
 * `npm i` leaves an optional dependency out when it cannot be fetched here, and `npm ci` then refuses the whole lock:
 * "Missing … from lock file". The entries say for which platform they are, so that npm passes over them elsewhere; they carry
 * no integrity, for nobody here has seen the package. Run it after every `npm i`.
 */
export interface LockEntry {
  version?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

export interface Lock {
  packages: Record<string, LockEntry>
}

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** The platform that a binary package's name states: `binding-linux-arm-musleabihf` → linux, arm, musl. */
export function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/)
  const os = systems.filter((system) => words.includes(system))
  const cpu = processors.filter((processor) => words.includes(processor))
  const musl = words.some((word) => word.startsWith('musl'))
  const gnu = words.some((word) => word.startsWith('gnu'))
  return {
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(os.length > 0 ? { os } : {}),
    ...(os.includes('linux') && (musl || gnu) ? { libc: [musl ? 'musl' : 'glibc'] } : {}),
  }
}

/** Whether npm, looking from the package at `path` upwards, finds `name`. */
function isThere(lock: Lock, path: string, name: string): boolean {
  const steps = path.split('/node_modules/')
  const above = steps.map((_, index) => steps.slice(0, steps.length - index).join('/node_modules/'))
  return ['', ...above].some((at) => lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined)
}

/**
 * The lock with what it lacks.
 *
 * @throws Error when a missing package does not say its platform or its exact version: then a person must look.
 */
export function completeLock(lock: Lock): { lock: Lock; added: string[] } {
  const packages = { ...lock.packages }
  const added: string[] = []
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isThere({ packages }, path, name)) continue
      const version = /^[~^]?(\d+\.\d+\.\d+[\w.+-]*)$/.exec(range)?.[1]
      const platform = platformOf(name)
      if (!version || (!platform.os && !platform.cpu))
        throw new Error(`${name}@${range}, wanted by ${path}, cannot be completed`)
      packages[`node_modules/${name}`] = { version, ...platform, ...(entry.dev ? { dev: true } : {}), optional: true }
      added.push(`${name}@${version}`)
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { lock: { ...lock, packages: sorted }, added }
}

if (import.meta.main) {
  const file = process.argv[2] ?? 'package-lock.json'
  const { lock, added } = completeLock(JSON.parse(readFileSync(file, 'utf8')) as Lock)
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(added.length === 0 ? 'the lock is complete' : `added ${added.length}: ${added.join(', ')}`)
}
