import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { secretOf } from './config.ts'
import { giveTo, type ServerUser } from './postgres-binaries.ts'

/** The port names the socket's file; nothing listens on the network. */
export const port = 5432
/** The shortest of the systems' limits for a socket's path, its terminating zero counted. */
const socketPathMost = 104

export interface PostgresUrls {
  /** Login `tongxin_owner`: owns the schema, runs migrations. */
  readonly ownerUrl: string
  /** Login `tongxin_app`: owns nothing, cannot bypass row-level security. */
  readonly appUrl: string
  /** Login `postgres`, for tests that tamper and for nothing else. */
  readonly superuserUrl: string
}

/** How to sign in to the server whose socket lies in a folder. */
export function urlsOf(dataDir: string, socketFolder: string): PostgresUrls {
  const url = (login: string, database: string): string => {
    const password = secretOf(dataDir, `postgres-${login}`)
    return `postgresql://${login}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(socketFolder)}`
  }
  return {
    superuserUrl: url('postgres', 'postgres'),
    ownerUrl: url('tongxin_owner', 'tongxin'),
    appUrl: url('tongxin_app', 'tongxin'),
  }
}

/** The logins of the server that another process keeps running on DATA_DIR; undefined when none answers. */
export async function findRunning(dataDir: string): Promise<PostgresUrls | undefined> {
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
  const socketFolder = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n')[4] : undefined
  if (!socketFolder) return undefined
  const urls = urlsOf(dataDir, socketFolder)
  return (await answers(urls.superuserUrl)) ? urls : undefined
}

/** A socket in the database's own folder (0700); a short folder of its own where that path would be too long. */
export function socketFolderOf(place: string, user: ServerUser | undefined): string {
  if (place.length + '/.s.PGSQL.5432.lock'.length < socketPathMost) return place
  const folder = mkdtempSync(join(tmpdir(), 'tongxin-'))
  giveTo(user, folder)
  return folder
}

/** Whether the server answers a query now. @throws when it refuses the login. */
export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    if (code.startsWith('28')) throw error
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
