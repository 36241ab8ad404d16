import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { secretOf } from '../../kernel/config.ts'
import type { Vault } from '../../kernel/crypto.ts'
import { issueSeal, makeLocalAuthority, type Identity, type LocalAuthority } from './issue.ts'

/** Under this name the vault seals what belongs to the installation, not to a county. */
const INSTALLATION = 'installation'
export const AUTHORITY_FILE = 'signing-authority'
const sealFile = (id: string): string => `signing-seal-${id}`

interface Keys {
  readonly dataDir: string
  readonly vault: Vault
}

/** A secret that takes its time to be made; whoever writes first wins, in this process and beside it. */
async function kept<T>({ dataDir, vault }: Keys, name: string, make: () => Promise<T>): Promise<T> {
  const made = existsSync(join(dataDir, 'secrets', name)) ? null : await make()
  const sealed = secretOf(dataDir, name, () => vault.seal(INSTALLATION, JSON.stringify(made)).toString('base64'))
  return JSON.parse(vault.open(INSTALLATION, Buffer.from(sealed, 'base64'))) as T
}

/** The installation's own authority, made at the first call and kept sealed in DATA_DIR/secrets. */
export const openAuthority = (keys: Keys, owner: string, now: Date): Promise<LocalAuthority> =>
  kept(keys, AUTHORITY_FILE, () => makeLocalAuthority(owner, now))

/** Key and certificate of a seal, made at the first call. @param id The seal's; its key lies under it. */
export const openSeal = (
  keys: Keys,
  seal: { id: string; organisation: string },
  authority: LocalAuthority,
  now: Date,
): Promise<Identity> => kept(keys, sealFile(seal.id), () => issueSeal(authority.issuer, seal.organisation, now))
