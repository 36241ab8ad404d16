const listeners = new Set<() => void>()

/** Hears when a sheet waits for work in this process; a hint only. @returns stops listening. */
export function listenForSheets(hear: () => void): () => void {
  listeners.add(hear)
  return () => listeners.delete(hear)
}

/** Tells this process's worker that a sheet waits; called after the commit. */
export function wakeSheets(): void {
  for (const hear of listeners) hear()
}
