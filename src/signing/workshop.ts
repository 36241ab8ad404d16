import type { App } from '../kernel/app.ts'
import type { Ports } from '../kernel/ports.ts'
import type { LocalAuthority } from './authority/issue.ts'
import { Printers } from './letters/render.ts'
import type { SealingDesk } from './pipeline.ts'
import type { StampAuthority } from './stamp/client.ts'

/** The seal of the house itself, for letters that no organisation seals. */
export const PLATFORM_SEAL = { id: 'platform', organisation: '同心平台（云签署）' } as const

/** Printers, keys and time stamps of a house. What they are made of is loaded when somebody signs, not at every start. */
export interface Workshop {
  readonly printers: Printers
  authority(): Promise<LocalAuthority>
  /** A desk that seals with this seal. */
  desk(seal: { id: string; organisation: string }): Promise<SealingDesk>
  /** Asked in this order instead of the installation's own clock. */
  stampers: readonly StampAuthority[] | null
  /** Under which address people reach the house; '' where nobody said. */
  readonly publicUrl: string
  stop(): Promise<void>
}

const shops = new WeakMap<Ports, Workshop>()

/** One for each house. */
export function openWorkshop(app: App): Workshop {
  const keys = { dataDir: app.config.dataDir, vault: app.vault, now: (): Date => app.clock.now() }
  const desks = new Map<string, Promise<SealingDesk>>()
  let printers: Printers | undefined
  const shop: Workshop = {
    get printers() {
      return (printers ??= new Printers(1))
    },
    authority: async () => (await import('./desk.ts')).localAuthority(keys),
    desk(seal) {
      const known = desks.get(seal.id)
      if (known) return known
      const made = import('./desk.ts').then(({ deskFor }) => deskFor(keys, seal, () => shop.stampers))
      desks.set(seal.id, made)
      made.catch(() => desks.delete(seal.id))
      return made
    },
    stampers: null,
    publicUrl: app.config.publicUrl,
    async stop() {
      await printers?.stop()
      printers = undefined
    },
  }
  shops.set(app.ports, shop)
  return shop
}

/** The workshop of the house to which these ports belong. */
export function workshopOf(ports: Ports): Workshop {
  const shop = shops.get(ports)
  if (!shop) throw new Error('this house has no workshop for signing')
  return shop
}
