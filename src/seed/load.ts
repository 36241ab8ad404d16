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
}

/** Runs pieces one after the other. @returns how many failed; those are logged and tried again by the next run. */
export async function runPieces(
  stage: Pick<Stage, 'app'>,
  pieces: readonly Piece[],
  { progress, stopping, rest = 0 }: Omit<LoadOptions, 'progress'> & { progress(done: number): void },
): Promise<number> {
  let failed = 0
  for (const [index, piece] of pieces.entries()) {
    if (stopping?.aborted) return failed
    const begun = performance.now()
    await piece().catch((error: unknown) => {
      failed++
      stage.app.log.warn({ kind: errorKind(error), err: error }, 'a piece of the demo was not loaded')
    })
    progress(index + 1)
    if (rest > 0) await sleep((performance.now() - begun) * rest, undefined, { signal: stopping }).catch(() => {})
  }
  return failed
}

/**
 * Loads what a scenario lacks in the folder, piece by piece: broken off anywhere, the next run goes on, and nothing comes twice.
 *
 * @returns whether it came to its end.
 */
export async function loadScenario(
  stage: Stage,
  scenario: Scenario,
  options: LoadOptions,
): Promise<{ done: boolean; failed: number }> {
  const pieces = await scenario.pieces(stage)
  const total = pieces.length
  const say = (done: number): void => options.progress({ scenario: scenario.code, done, total })
  say(0)
  const failed = await runPieces(stage, pieces, { ...options, progress: say })
  return { done: options.stopping?.aborted !== true, failed }
}
