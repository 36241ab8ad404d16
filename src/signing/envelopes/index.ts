import type { Command } from '../../kernel/command.ts'
import type { Asked, DraftDocument } from './document.ts'
import type { Found } from './service.ts'

export { isOpen, linkHash, type Move } from './rules.ts'
export { sealingSweeps, sealNext, sealWaiting } from './sealing.ts'
export { documentOnItsWay } from './seals.ts'
export {
  advance,
  contentOf,
  findByToken,
  findEnvelope,
  newLink,
  newToken,
  note,
  requireOpen,
  templateOf,
  valuesOf,
  whoOf,
  type Found,
  type Who,
} from './service.ts'
export { findByCode, listEvidence } from './store.ts'
export type { Asked }

/** See `document.ts`, whose libraries are loaded when somebody signs. */
export const draftDocument = async (
  cmd: Command,
  found: Found,
  asked: Asked,
): Promise<{ draft: DraftDocument; found: Found }> => (await import('./document.ts')).draftDocument(cmd, found, asked)

/** See `document.ts`. */
export const acceptSignature = async (
  cmd: Command,
  found: Found,
  signature: Uint8Array,
  publicKey: Uint8Array,
): Promise<Found> => (await import('./document.ts')).acceptSignature(cmd, found, signature, publicKey)
