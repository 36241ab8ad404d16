import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/kernel/migrate.ts'
import { silentLog } from '../../src/kernel/log.ts'
import { withClient } from '../../src/kernel/postgres-logins.ts'
import { startPostgres } from '../../src/kernel/postgres.ts'
import { scratchFolder } from './scratch.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    superuserUrl: string
    ownerUrl: string
    appUrl: string
  }
}

/** One embedded PostgreSQL for the whole run, with the migrated database that every test file's is cloned from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = scratchFolder('test')
  const server = await startPostgres({ dataDir, log: silentLog, mode: 'test' })
  const teardown = async (): Promise<void> => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await migrate(server.ownerUrl)
    await withClient(server.superuserUrl, (client) =>
      client.query('alter database tongxin is_template true allow_connections false'),
    )
  } catch (error) {
    await teardown()
    throw error
  }
  project.provide('superuserUrl', server.superuserUrl)
  project.provide('ownerUrl', server.ownerUrl)
  project.provide('appUrl', server.appUrl)
  return teardown
}
