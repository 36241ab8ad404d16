import type { Actor } from '../../kernel/command.ts'
import type { Purpose } from '../../kernel/grants.ts'
import type { AccountKind } from '../contract.ts'

export type Sight = 'plain' | 'masked' | 'none'

/**
 * How much of a person's name or number somebody sees.
 *
 * Oneself: all. Figures: nobody. Staff are public in their office to other staff and appear to residents by surname.
 * Residents and guests are masked to everybody else; `unmask` shows them with a reason and leaves an entry.
 */
export function sightOf(
  viewer: { kind: Actor['kind']; id: string | null; purpose: Purpose },
  person: { id: string; kind: AccountKind },
): Sight {
  if (viewer.kind === 'system') return 'plain'
  if (viewer.id === person.id) return 'plain'
  if (viewer.purpose === 'statistics') return 'none'
  if (person.kind === 'staff') return viewer.kind === 'staff' || viewer.kind === 'token' ? 'plain' : 'masked'
  return viewer.kind === 'staff' || viewer.kind === 'token' ? 'masked' : 'none'
}

/** 王小明 → 王**, 欧阳修 → 欧**: the first character stays, and two stars at most show how long it was. */
export function maskName(name: string): string {
  const [first = '', ...rest] = [...name]
  return first + '*'.repeat(Math.min(2, Math.max(1, rest.length)))
}

/** 13800138000 → 138****8000. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`
