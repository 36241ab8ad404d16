import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { serversIn } from '../../src/kernel/postgres-folder.ts'
import { dataFolder } from '../support/running-house.ts'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const real = dataFolder()
const demo = dataFolder()
afterAll(() => {
  real.remove()
  demo.remove()
})

interface Said {
  code: number
  out: string
  error: string
}

/** Runs the command line as an operator does. */
async function tongxin(dataDir: string, ...parameters: string[]): Promise<Said> {
  const environment = { ...process.env, DATA_DIR: dataDir }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...parameters], { env: environment })
    return { code: 0, out: stdout, error: stderr }
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as { code: number; stdout: string; stderr: string }
    return { code, out: stdout, error: stderr }
  }
}

describe('the command line', () => {
  test('says what it can do, and refuses what it does not know', async () => {
    expect(await tongxin(real.path, 'help')).toMatchObject({ code: 0, out: expect.stringContaining('tongxin start') })
    expect((await tongxin(real.path, 'frobnicate')).code).toBe(2)
    expect((await tongxin(real.path, 'verify', '--frobnicate')).code).toBe(1)
    expect((await tongxin(real.path, 'init')).error).toContain('--county')
  })

  test('makes an empty county with three administrators, finds it well, and leads a locked-out one back in', async () => {
    const made = await tongxin(real.path, 'init', '--county', '330402')
    expect(made.out.match(/\/link\/330402\.[\w-]{20,}/g)).toHaveLength(3)
    expect(await tongxin(real.path, 'doctor')).toMatchObject({ code: 0, out: expect.not.stringContaining('WRONG') })
    expect((await tongxin(real.path, 'verify')).out).toMatch(/^ok +330402/m)
    const link = await tongxin(real.path, 'reset-link', '--county', '330402', '--login', 'system', '--drop-totp')
    expect(link.out).toMatch(/^system: \/link\/330402\.[\w-]{20,}$/m)
    expect((await tongxin(real.path, 'reset-link', '--county', '330402', '--login', 'nobody')).error).toContain(
      'Not found',
    )
    expect(serversIn(`${real.path}/postgres`)).toEqual([])
  })

  test('never mixes demo data with a county’s own', async () => {
    expect((await tongxin(real.path, 'seed')).error).toContain('This folder holds a real county')
    expect((await tongxin(demo.path, 'seed')).code).toBe(0)
    expect((await tongxin(demo.path, 'seed')).code).toBe(0)
    expect((await tongxin(demo.path, 'init', '--county', '330402')).error).toContain('This folder holds the demo')
    expect((await tongxin(demo.path, 'verify')).out).toMatch(/^ok +330411/m)
  })

  test('migrates once', async () => {
    expect((await tongxin(demo.path, 'migrate')).out).toContain('Up to date')
  })
})
