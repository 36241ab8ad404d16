/** How long after the page is there: long enough for it to be read and tapped without the phone stuttering. */
const settleMs = 1_500

let settled: Promise<void> | undefined

/**
 * When the page stands and its browser has nothing to do: what can wait (the phone's own store, what is taken along, the
 * shell) begins then. A page that nobody sees begins it all the same.
 */
export const quiet = (): Promise<void> => (settled ??= untilQuiet())

/** The same, after all that waits for `quiet` has had its turn. */
export const longQuiet = async (): Promise<void> => {
  await quiet()
  await pause(3 * settleMs)
  await idle()
}

async function untilQuiet(): Promise<void> {
  if (document.readyState !== 'complete')
    await new Promise((resolve) => addEventListener('load', resolve, { once: true }))
  await pause(settleMs)
  await idle()
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Safari knows no idle time: it takes the next turn. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 3_000 })
    else setTimeout(resolve, 0)
  })
