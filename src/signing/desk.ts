import type { Vault } from '../kernel/crypto.ts'
import { x509 } from '../kernel/x509.ts'
import type { LocalAuthority } from './authority/issue.ts'
import { openAuthority, openSeal } from './authority/keys.ts'
import type { SealingDesk } from './pipeline.ts'
import type { StampAuthority } from './stamp/client.ts'
import { stampLocally } from './stamp/local.ts'

/** Whose certificates the local authority's are, as people read them. */
const OWNER = '同心平台'

export interface DeskKeys {
  readonly dataDir: string
  readonly vault: Vault
  readonly now: () => Date
}

export const localAuthority = (keys: DeskKeys): Promise<LocalAuthority> => openAuthority(keys, OWNER, keys.now())

/** A desk of this installation's own authority, for one seal. @param stampers Asked at each sealing; null: the own clock. */
export async function deskFor(
  keys: DeskKeys,
  seal: { id: string; organisation: string },
  stampers: () => readonly StampAuthority[] | null,
): Promise<SealingDesk> {
  const { now } = keys
  const authority = await localAuthority(keys)
  const roots = [new x509.X509Certificate(authority.root.cert)]
  const ask = (request: Uint8Array): Promise<Uint8Array> =>
    stampLocally(authority.stamper, authority.issuer, request, now())
  const own: StampAuthority = { name: '本机时间戳', roots, ask }
  return {
    authority,
    seal: await openSeal(keys, seal, authority, now()),
    organisation: seal.organisation,
    roots,
    get stampers() {
      return stampers() ?? [own]
    },
    now,
  }
}
