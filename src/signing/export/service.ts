import type { App } from '../../kernel/app.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { readDocument } from '../../files/index.ts'
import { proofsOfSubject } from '../../ledger/index.ts'
import { readableLetter } from '../campaigns/views.ts'
import { eventsOf, lookUpLetter } from '../verify/service.ts'
import { offlinePage } from '../verify/offline-page.ts'
import { trustOf } from '../verify/trust.ts'
import type { LetterEvidence } from './package.ts'

/**
 * What is known of one sealed letter, for whoever may read it.
 *
 * @throws kernel.forbidden, kernel.not_found before it is sealed, ledger.not_sealed_yet in its first moments.
 */
export async function evidenceOf(app: App, cmd: Command, id: string): Promise<LetterEvidence> {
  const { sha256, title } = await readableLetter(cmd, id)
  const proofs = await proofsOfSubject(cmd, id)
  if (proofs.length === 0) throw new Fault('ledger.not_sealed_yet', {}, { retryAfterSeconds: 1 })
  const page = await offlinePage(app, cmd).catch((error: unknown) => {
    if (error instanceof Fault && error.code === 'signing.no_page') return null
    throw error
  })
  const standing = await lookUpLetter(cmd, { sha256 })
  const pdf = await readDocument(cmd, sha256)
  return { title, pdf, events: await eventsOf(cmd, id), proofs, trust: await trustOf(app), standing, page }
}
