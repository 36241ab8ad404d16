import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor, requireGrant } from '../../kernel/grants.ts'
import { findEnvelope, newToken, note, requireOpen, whoOf } from '../envelopes/index.ts'
import { insertLinks } from '../envelopes/store.ts'
import { consentFor } from './consent.ts'
import type { HelpAtDoor, HelpBegun } from './contract.ts'
import { isSameName, maskName } from './rules.ts'
import type { Phone } from './service.ts'
import * as store from './store.ts'
import { keyOf, type Mine } from './views.ts'

/**
 * Help at the door or the counter: staff have seen who it is, somebody stands by, and the letter is signed on the staff's phone
 * by the one whom it is for. Of equal standing with every other way.
 *
 * @returns the page to open on this phone, by a link that holds for this browser alone.
 * @throws kernel.forbidden to whoever does not visit there; what `requireOpen` throws; signing.not_now where it is signed
 */
export async function helpAtDoor(cmd: Command, id: string, input: HelpAtDoor, phone: Phone): Promise<HelpBegun> {
  requireActor(cmd, 'staff')
  const { signers } = await findEnvelope(cmd, id)
  const position = input.position ?? signers.find(({ state }) => state !== 'signed')?.position
  if (position === undefined) throw new Fault('signing.not_now')
  const found = await findEnvelope(cmd, id, position)
  requireGrant(cmd, 'registry.visit', found.envelope.areaPath)
  requireOpen(found)
  const signer = found.signer
  if (!signer || signer.state === 'signed' || signer.state === 'declined') throw new Fault('signing.not_now')
  const mine: Mine = { ...found, signer }
  // Nobody witnesses their own signature.
  if (isSameName(input.witness, whoOf(cmd, signer.whoSealed).name)) throw new Fault('signing.not_now')
  const { hash } = consentFor(mine.campaign.identityLevel)
  const key = keyOf(mine, phone.device)
  await store.putSession(cmd.tx, {
    ...key,
    ...store.fresh,
    // The signer agrees for themselves, on the page that opens now.
    consentHash: '',
    consentedAt: cmd.now,
    witnessAt: cmd.now,
    witnessAccount: cmd.actor.id,
    witnessLabel: cmd.actor.label,
    keptSealed: cmd.vault.seal(cmd.county, JSON.stringify({ witness: input.witness })),
  })
  const helper = `${cmd.actor.label}，见证人${maskName(input.witness)}`
  const next = await note(
    cmd,
    found,
    'helped',
    { proof: input.proof, by: cmd.actor.label, consent: hash },
    { signer: { helper } },
  )
  const { token, tokenHash } = newToken(cmd.county)
  const { county, now } = cmd
  await insertLinks(cmd.tx, [{ county, tokenHash, envelopeId: next.envelope.id, position, madeAt: now }])
  // In the fragment: it is in no address that a server or another page is told.
  return { path: `/sign#${token}` }
}
