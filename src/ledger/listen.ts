import pg from 'pg'
import type { App } from '../kernel/app.ts'
import { errorKind } from '../kernel/jobs.ts'
import { SEALED_CHANNEL } from './wake.ts'

const RECONNECT_MILLISECONDS = 1000

/**
 * Tells of every log that grows, whichever process sealed it: for followers that want to look at once (server-sent events, the
 * relay of another process). A message may be lost while the connection is; a follower therefore also looks by itself at times.
 *
 * @returns stops listening and closes the one connection that this holds.
 */
export function listenForSeals(app: Pick<App, 'db' | 'log'>, listener: (county: string) => void): () => Promise<void> {
  let client: pg.Client | undefined
  let again: NodeJS.Timeout | undefined
  let stopped = false

  const reconnect = (): void => {
    client = undefined
    if (!stopped) again = setTimeout(connect, RECONNECT_MILLISECONDS)
  }
  const connect = (): void => {
    const fresh = new pg.Client({
      connectionString: app.db.pool.options.connectionString,
      application_name: 'tongxin-listen',
    })
    client = fresh
    fresh.on('notification', ({ payload }) => payload && listener(payload))
    fresh.on('error', () => {})
    fresh.once('end', reconnect)
    opening = fresh
      .connect()
      .then(() => fresh.query(`LISTEN ${SEALED_CHANNEL}`))
      .then(() => {})
      .catch((error: unknown) => {
        app.log.debug({ kind: errorKind(error) }, 'no connection to listen on')
        return fresh.end().catch(reconnect)
      })
  }
  let opening: Promise<void> = Promise.resolve()
  connect()
  return async () => {
    stopped = true
    clearTimeout(again)
    await opening
    await client?.end().catch(() => {})
  }
}
