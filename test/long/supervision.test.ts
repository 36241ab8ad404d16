import { afterAll, expect, test } from 'vitest'
import { silentLog } from '../../src/kernel/log.ts'
import { serversIn } from '../../src/kernel/postgres-folder.ts'
import { startPostgres, type PostgresState } from '../../src/kernel/postgres.ts'
import { dataFolder } from '../support/running-house.ts'

const folder = dataFolder()
afterAll(() => folder.remove())

test('a server that keeps ending is started again five times, then left alone, and the next start is clean', async () => {
  const server = await startPostgres({ dataDir: folder.path, log: silentLog, mode: 'product' })
  const states: PostgresState[] = []
  const failed = new Promise<void>((done) => {
    server.onChange(({ state, pid }) => {
      states.push(state)
      if (state === 'ready') process.kill(pid!, 'SIGKILL')
      if (state === 'failed') done()
    })
  })
  process.kill(server.status().pid!, 'SIGKILL')
  await failed
  expect(states.filter((state) => state === 'ready')).toHaveLength(5)
  expect(server.status()).toMatchObject({
    state: 'failed',
    restarts: 5,
    trouble: expect.stringContaining('its last words'),
  })
  await server.stop()
  expect(serversIn(`${folder.path}/postgres`)).toEqual([])
  const next = await startPostgres({ dataDir: folder.path, log: silentLog, mode: 'product' })
  expect(next.status().state).toBe('ready')
  await next.stop()
})
