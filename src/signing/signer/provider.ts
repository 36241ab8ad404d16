import type { FastifyRequest } from 'fastify'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { VerifierError, verifierOf, type IdentityVerifier } from '../face/index.ts'
import type { FaceBegun, Signing } from './contract.ts'
import { beginAtProvider, keepTransaction, takeResult, transactionOf } from './looking.ts'
import { settled, type Phone } from './service.ts'

/** A provider that gives no answer: try again, or let staff confirm it in person. Nothing is taken for passed. */
const asFault = (error: unknown): never => {
  if (error instanceof Fault) throw error
  const code = error instanceof VerifierError ? error.message : 'unreachable'
  throw new Fault('signing.provider_away', { code }, { cause: error })
}

/** Begins at the provider, outside any transaction: it may take seconds. */
export async function beginFace(
  req: FastifyRequest,
  asked: { token: string; hash: string; phone: Phone; provider: IdentityVerifier },
): Promise<FaceBegun> {
  const { token, hash, phone, provider } = asked
  const person = await settled(req.command((cmd) => beginAtProvider(cmd, token, { hash }, phone)))
  const origin = (req.server.ctx.config.publicUrl || `${req.protocol}://${req.host}`).replace(/\/$/, '')
  const returnUrl = `${origin}/sign?county=${req.county || token.slice(0, 6)}`
  const begun = await provider.begin(person, { id: uuidv7(), returnUrl }).catch(asFault)
  await req.command((cmd) => keepTransaction(cmd, token, begun.transaction, phone))
  return { page: begun.page }
}

/** What came of it, asked for at the provider. */
export async function askResult(req: FastifyRequest, token: string, phone: Phone): Promise<Signing> {
  const provider = verifierOf(req.server.ctx.ports)
  if (!provider) throw new Fault('signing.not_now')
  const transaction = await req.command((cmd) => transactionOf(cmd, token, phone))
  const result = await provider.result(transaction).catch(asFault)
  if (result === 'pending') throw new Fault('signing.face_pending')
  return settled(req.command((cmd) => takeResult(cmd, token, { transaction, result }, phone)))
}
