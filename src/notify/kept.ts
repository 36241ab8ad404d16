import type { Command } from '../kernel/command.ts'

/** What every message asks for and hardly ever changes is kept this long; another process sees a change so much later. */
const KEPT_MS = 5000

interface Kept {
  until: number
  value: Promise<unknown>
}

/** By house, so that two on one machine (or in one test) never see each other's. */
const houses = new WeakMap<object, Map<string, Kept>>()

type Reader = Pick<Command, 'ports' | 'county'>

/** The county's answer to `name`, loaded at most once in a few seconds. */
export function kept<T>(cmd: Reader, name: string, load: () => Promise<T>): Promise<T> {
  const house = houses.get(cmd.ports) ?? new Map<string, Kept>()
  houses.set(cmd.ports, house)
  const key = `${cmd.county}|${name}`
  const known = house.get(key)
  if (known && known.until > performance.now()) return known.value as Promise<T>
  const value = load()
  house.set(key, { until: performance.now() + KEPT_MS, value })
  value.catch(() => house.delete(key))
  return value
}

/** Forgets an answer once the command that changed it has committed. */
export function dropKept(cmd: Pick<Command, 'ports' | 'county' | 'afterCommit'>, name: string): void {
  cmd.afterCommit(() => houses.get(cmd.ports)?.delete(`${cmd.county}|${name}`))
}
