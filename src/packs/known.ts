import { effectNames } from '../kernel/effects.ts'
import { grantActions, shippedRoles } from '../grid/index.ts'
import type { KnownNames } from './check-machine.ts'

/** The roles and grants of the release: what every pack may count on in every county. */
export const shippedNames = (): KnownNames => ({
  roles: new Map(
    shippedRoles.map((role) => [
      role.code,
      role.grants.filter(({ purpose }) => purpose === 'handling').map(({ action }): string => action),
    ]),
  ),
  actions: grantActions,
  effects: effectNames,
})
