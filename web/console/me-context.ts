import { createContext, useContext } from 'react'
import type { Me } from '../../src/identity/accounts/contract.ts'

export const MeContext = createContext<Me | null>(null)

/** Who is signed in; only used inside the shell, which is drawn for nobody else. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('used outside the signed-in shell')
  return me
}
