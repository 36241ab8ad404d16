import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { secretOf, type Config } from '../kernel/config.ts'
import { makeVault } from '../kernel/crypto.ts'
import { ledgerKeysIn } from '../ledger/index.ts'
import { lettersAtHand } from '../signing/index.ts'

type Trust = Awaited<ReturnType<typeof trustFor>>

/** Roots from a PEM file, or those of this installation. Without either nobody is trusted, and the check says so. */
export async function trustFor(config: Config, rootsFile: string | undefined) {
  const { keptTrust, rootsOf } = await lettersAtHand()
  if (rootsFile !== undefined) return rootsOf(readFileSync(rootsFile, 'utf8'))
  const { dataDir } = config
  if (!existsSync(join(dataDir, 'secrets', 'master-key'))) return rootsOf('')
  return keptTrust({ dataDir, vault: makeVault(secretOf(dataDir, 'master-key')), now: () => new Date() })
}

/** What is to be said of a signed letter, in both languages. */
export async function examineFile(file: string, trust: Trust): Promise<{ lines: string[]; holds: boolean }> {
  const { letterLines } = await lettersAtHand()
  const { lines, holds } = await letterLines(new Uint8Array(readFileSync(file)), trust)
  return { lines: [file, ...lines], holds }
}

/** The ledger's keys that this machine knows stand in the page too. */
export async function writeOfflinePage(file: string, trust: Trust, { dataDir }: Config): Promise<void> {
  const { pageWith } = await lettersAtHand()
  writeFileSync(file, await pageWith({ madeAt: new Date().toISOString(), trust, ledgerKeys: ledgerKeysIn(dataDir) }))
}
