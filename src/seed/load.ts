import { setTimeout as sleep } from 'node:timers/promises'
import { errorKind } from '../kernel/jobs.ts'
import type { Piece, Scenario, Stage } from './scenarios.ts'

export interface LoadProgress {
  /** Code of the scenario. */
  scenario: string
  done: number
  total: number
}

export interface LoadOptions {
  progress(now: LoadProgress): void
  stopping?: AbortSignal
  /** Leaves the machine to people for this many times as long as each piece took. */
  rest?: number
  /** How many pieces at once. */
  lanes?: number
}

type Running = Omit<LoadOptions, 'progress'> & { progress(done: number): void }

/** Runs pieces phase by phase. @returns how many failed; those are logged, and tried again by the next run. */
export async function runPhases(
  stage: Pick<Stage, 'app'>,
  phases: readonly (readonly Piece[])[],
  { progress, stopping, rest = 0, lanes = 1 }: Running,
): Promise<number> {
  let failed = 0
  let done = 0
  const run = async (piece: Piece): Promise<void> => {
    const begun = performance.now()
    await piece().catch((error: unknown) => {
      failed++
      stage.app.log.warn({ kind: errorKind(error), err: error }, 'a piece of the demo was not loaded')
    })
    progress(++done)
    if (rest > 0) await sleep((performance.now() - begun) * rest, undefined, { signal: stopping }).catch(() => {})
  }
  for (const pieces of phases) {
    const waiting = pieces.values()
    const lane = async (): Promise<void> => {
      for (const piece of waiting) {
        if (stopping?.aborted) return
        await run(piece)
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  }
  return failed
}

/**
 * Loads what a scenario lacks in the folder, piece by piece: broken off anywhere, the next run goes on, and nothing comes twice.
 *
 * @returns whether it came to its end, and how many pieces failed.
 */
export async function loadScenario(
  stage: Stage,
  scenario: Scenario,
  options: LoadOptions,
): Promise<{ done: boolean; failed: number }> {
  const phases = await scenario.phases(stage)
  const total = phases.reduce((sum, pieces) => sum + pieces.length, 0)
  const say = (done: number): void => options.progress({ scenario: scenario.code, done, total })
  say(0)
  const failed = await runPhases(stage, phases, { ...options, progress: say })
  return { done: options.stopping?.aborted !== true, failed }
}
