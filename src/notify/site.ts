import type { Ports } from '../kernel/ports.ts'

const sites = new WeakMap<Ports, string>()

/** Notes under which address this house is reached from outside (PUBLIC_URL); '' where nobody said. */
export const noteSite = (ports: Ports, publicUrl: string): void => void sites.set(ports, publicUrl)

/**
 * Where somebody types the code of their report; undefined where the house has no address of its own.
 *
 * The code is never part of it: it is kept as a hash only, and a link with a code would open the report to whoever sees it.
 */
export function progressLink(ports: Ports): string | undefined {
  const site = sites.get(ports)
  return site ? new URL('/p', site).href : undefined
}
