import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { App } from '../../kernel/app.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { publicKeys } from '../../ledger/index.ts'
import type { Trust } from './contract.ts'
import { trustOf } from './trust.ts'

const built = fileURLToPath(new URL('../../../web/dist/verify-offline.html', import.meta.url))
const PLACE = '<script type="application/json" id="carried">'

/** The offline page with this trust in it. @throws signing.no_page where the pages were not built. */
export async function pageWith(carried: {
  madeAt: string
  trust: Trust
  ledgerKeys: readonly string[]
}): Promise<string> {
  const page = await readFile(built, 'utf8').catch(() => {
    throw new Fault('signing.no_page')
  })
  // In a page a script ends at the first closing tag, wherever that stands.
  return page.replace(PLACE, () => PLACE + JSON.stringify(carried).replaceAll('<', String.raw`\u003c`))
}

/** A page that checks letters and proofs of this county without a network. */
export async function offlinePage(app: App, cmd: Command): Promise<string> {
  const { items } = await publicKeys(cmd)
  const ledgerKeys = items.map((key) => key.public_key)
  return pageWith({ madeAt: cmd.now.toISOString(), trust: await trustOf(app), ledgerKeys })
}
