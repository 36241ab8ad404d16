import { silentLog } from '../../src/kernel/log.ts'
import { startPostgres } from '../../src/kernel/postgres.ts'

/** Started as a process of its own by tests that kill it: holds a database until it dies. */
const server = await startPostgres({ dataDir: process.argv[2]!, log: silentLog, mode: 'test' })
console.log(JSON.stringify({ pid: server.status().pid, superuserUrl: server.superuserUrl }))
setInterval(() => {}, 1000)
