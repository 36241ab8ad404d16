import { openBenchDatabase } from './database.ts'

const database = await openBenchDatabase((line) => console.log(`${new Date().toISOString()} ${line}`))
await database.stop()
