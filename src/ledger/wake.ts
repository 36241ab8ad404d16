/** The channel on which a sealer names, at commit, the county whose log has grown; one message a batch. */
export const SEALED_CHANNEL = 'ledger_sealed'

/** Hints from commits to the sealer of this process. A lost hint costs nothing: the sealer looks by itself as well. */
type Listener = (county: string) => void
const listeners = new Set<Listener>()

export function wakeSealer(county: string): void {
  for (const listener of listeners) listener(county)
}

/** @returns stops listening. */
export function onWake(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
