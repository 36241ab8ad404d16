import type { Room } from '../kernel/app.ts'

export { requireName } from './rules.ts'

/** Who lives and works where: addresses, people, households, organisations, collected once. */
export const registry: Room = { name: 'registry' }
