import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCatalogue } from '../src/kernel/catalogue.ts'
import { silentLog } from '../src/kernel/log.ts'
import { migrate } from '../src/kernel/migrate.ts'
import { withClient } from '../src/kernel/postgres-logins.ts'
import { startPostgres } from '../src/kernel/postgres.ts'
import { dumpSchema } from '../src/kernel/schema-dump.ts'
import { scratchFolder } from '../test/support/scratch.ts'
import { tableTypes } from './tables.ts'

/**
 * Writes every generated file, or with `--check` tells which ones are out of date.
 *
 * `--only=schema` leaves out what needs the whole house (faults, OpenAPI): for work on migrations alone.
 */
const root = fileURLToPath(new URL('..', import.meta.url))

async function generated(schemaOnly: boolean): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const dataDir = scratchFolder('generate')
  const server = await startPostgres({ dataDir, log: silentLog, mode: 'test' })
  try {
    await migrate(server.ownerUrl)
    const catalogue = await withClient(server.ownerUrl, readCatalogue)
    files.set('db/schema.sql', dumpSchema(catalogue))
    files.set('src/kernel/tables.ts', tableTypes(catalogue))
    if (!schemaOnly) {
      const { describeHouse } = await import('./describe-house.ts')
      for (const [path, text] of await describeHouse(dataDir, server.appUrl)) files.set(path, text)
    }
    return files
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const files = await generated(process.argv.includes('--only=schema'))
const stale = [...files].filter(
  ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
)
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is out of date: run npm run generate and commit it`)
  console.log(`${files.size} generated files compared, ${stale.length} out of date`)
  if (stale.length > 0 || files.size === 0) process.exitCode = 1
} else {
  for (const [path, text] of stale) writeFileSync(join(root, path), text)
  console.log(stale.length === 0 ? 'nothing changed' : `written: ${stale.map(([path]) => path).join(', ')}`)
}
