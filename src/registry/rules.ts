import { Fault } from '../kernel/faults.ts'
import './contract.ts'

/**
 * The name as it is kept.
 *
 * @throws registry.name_needed when nothing is left of it.
 */
export function requireName(name: string): string {
  const kept = name.trim()
  if (kept === '') throw new Fault('registry.name_needed')
  return kept
}
