import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dropBallast, keepBallast, watchDisk } from './disk.ts'

const GiB = 1024 ** 3
const disk = (totalGiB: number, freeGiB: number) =>
  watchDisk('/', () => ({ totalBytes: totalGiB * GiB, freeBytes: freeGiB * GiB }))

describe('watchDisk', () => {
  test.each([
    [1000, 1.01, false],
    [1000, 0.99, true],
    [10, 0.51, false],
    [10, 0.49, true],
  ])('of %d GiB with %d GiB free: nearly full is %s', (total, free, nearlyFull) => {
    expect(disk(total, free)().nearlyFull).toBe(nearlyFull)
  })

  test('looks at most once a second', () => {
    let looks = 0
    const state = watchDisk('/', () => ({ totalBytes: 10 * GiB, freeBytes: ++looks * GiB }))
    for (let time = 0; time < 100; time++) state()
    expect(looks).toBe(1)
  })

  test('sees a real folder', () => {
    const { totalBytes, freeBytes } = watchDisk(tmpdir())()
    expect(totalBytes).toBeGreaterThanOrEqual(freeBytes)
    expect(totalBytes).toBeGreaterThan(0)
  })
})

describe('ballast', () => {
  test('is set aside once and kept while there is room', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongxin-ballast-'))
    keepBallast(folder)
    const made = statSync(join(folder, 'ballast'))
    expect(made.blocks * 512).toBeGreaterThanOrEqual(128 * 1024 ** 2)
    keepBallast(folder)
    expect(statSync(join(folder, 'ballast')).mtimeMs).toBe(made.mtimeMs)
    expect(dropBallast(folder)).toBe(false)
    expect(existsSync(join(folder, 'ballast'))).toBe(true)
    rmSync(folder, { recursive: true })
  })
})
