import { defineConfig } from 'vitest/config'
import { ClosingLine } from './test/support/closing-line.ts'

const shared = { environment: 'node', pool: 'forks' as const }

/**
 * `unit`: rules and commands, the fast ones beside the code. `journeys`: a real browser. `long`: kills, full disks.
 * Every one is asked for with `--project`, so that the closing line counts one run.
 */
export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine()],
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          globalSetup: ['test/support/global-setup.ts'],
          include: [
            'src/**/*.test.ts',
            'web/**/*.test.ts',
            'packs/**/*.test.ts',
            'tools/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: ['test/journeys/**', 'test/long/**', '**/node_modules/**'],
          testTimeout: 15_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'journeys',
          globalSetup: ['test/support/demo-folder.ts', 'test/support/global-setup.ts'],
          include: ['test/journeys/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'long',
          globalSetup: ['test/support/global-setup.ts'],
          include: ['test/long/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
