import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireActor } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { noteCredential } from '../accounts/index.ts'
import type { Done, Visitor } from '../contract.ts'
import { hashToken, limits, newToken } from '../rules.ts'
import { addressKey, recordAttempt, takeOrLock } from '../service.ts'
import { openSession } from '../sessions/index.ts'
import { goOn, type Outcome, type Run } from '../sign-in/index.ts'
import { findAccount } from '../store.ts'
import type { OidcClaims, OidcClient } from './client.ts'
import * as store from './store.ts'

/** A person needs a minute at the provider, and its second factor may take another. */
const FLOW_SECONDS = 600

/** Begins a visit to the provider, to sign in or (signed in already) to link the own account. */
export async function startVisit(
  run: Run,
  client: OidcClient,
  visit: { returnTo: string; redirectUri: string; visitor: Visitor; links: boolean },
): Promise<string> {
  if (!client.isOn) throw new Fault('identity.oidc_off')
  const { verifier, nonce } = await client.secrets()
  const state = await run(async (cmd) => {
    if (visit.links) requireActor(cmd, 'staff')
    await takeOrLock(cmd, limits.oidc, addressKey(cmd, visit.visitor))
    const token = newToken(cmd.county, 'o')
    await store.insertFlow(cmd.tx, {
      county: cmd.county,
      id: uuidv7(cmd.now),
      stateHash: hashToken(token),
      verifierSealed: cmd.vault.seal(cmd.county, verifier),
      nonce,
      deviceHash: hashToken(visit.visitor.device),
      accountId: visit.links ? cmd.actor.id : null,
      returnTo: visit.returnTo,
      createdAt: cmd.now,
      expiresAt: new Date(cmd.now.getTime() + FLOW_SECONDS * 1000),
    })
    return token
  })
  return client.visit({ redirectUri: visit.redirectUri, state, nonce, verifier })
}

export interface Returned {
  returnTo: string
  outcome: Outcome
}

/**
 * The browser came back: signs in whoever the provider names, or links the account that began the visit.
 *
 * The state works once, for ten minutes, in the browser that began (else a stranger's visit could be finished in ours).
 * @throws identity.oidc_refused
 */
export async function finishVisit(
  run: Run,
  client: OidcClient,
  back: { state: string; callback: URL; visitor: Visitor },
): Promise<Returned> {
  const { flow, verifier } = await run(async (cmd) => {
    const which = { county: cmd.county, stateHash: hashToken(back.state), deviceHash: hashToken(back.visitor.device) }
    const found = await store.takeFlow(cmd.tx, which, cmd.now)
    if (!found) throw new Fault('identity.oidc_refused')
    return { flow: found, verifier: cmd.vault.open(cmd.county, found.verifierSealed) }
  })
  const claims = await client.claims(back.callback, { state: back.state, nonce: flow.nonce, verifier })
  const outcome = await run((cmd) =>
    flow.accountId ? link(cmd, flow.accountId, claims) : signIn(cmd, claims, back.visitor),
  )
  return { returnTo: flow.returnTo, outcome }
}

const subjectOf = (cmd: Command, claims: OidcClaims): Buffer =>
  cmd.vault.blind(cmd.county, 'subject', `${claims.issuer}\n${claims.subject}`)

async function signIn(cmd: Command, claims: OidcClaims, visitor: Visitor): Promise<Outcome> {
  const subject = subjectOf(cmd, claims)
  const accountId = await store.findLinked(cmd.tx, cmd.county, claims.issuer, subject)
  if (!accountId) {
    await recordAttempt(cmd, visitor, { method: 'oidc', outcome: 'refused', subject })
    return { refused: new Fault('identity.oidc_not_linked') }
  }
  const account = await findAccount(cmd.tx, cmd.county, accountId)
  if (account?.status !== 'active') {
    await recordAttempt(cmd, visitor, { method: 'oidc', outcome: 'disabled', accountId, subject })
    return { refused: new Fault('identity.account_disabled') }
  }
  await recordAttempt(cmd, visitor, { method: 'oidc', outcome: 'accepted', accountId, subject })
  if (!claims.secondFactor) return goOn(cmd, accountId, { method: 'oidc', visitor })
  const session = await openSession(cmd, { accountId, method: 'oidc', secondFactor: true, visitor })
  return { answer: { next: 'done', kind: session.kind, expiresAt: session.expiresAt.toISOString() }, session }
}

async function link(cmd: Command, accountId: string, claims: OidcClaims): Promise<Outcome> {
  if (cmd.actor.id !== accountId) throw new Fault('identity.oidc_refused')
  const row = {
    county: cmd.county,
    accountId,
    issuer: claims.issuer,
    subjectBlind: subjectOf(cmd, claims),
    linkedAt: cmd.now,
  }
  await store.insertLinked(cmd.tx, row)
  await noteCredential(cmd, accountId, { credential: 'oidc', change: 'linked' })
  return { answer: { next: 'done', expiresAt: cmd.now.toISOString() } }
}

/** Unlinks the own account. */
export async function unlinkOwn(cmd: Command): Promise<Done> {
  requireActor(cmd, 'staff')
  const accountId = cmd.actor.id ?? ''
  if (!(await store.deleteLinked(cmd.tx, cmd.county, accountId))) throw new Fault('kernel.not_found')
  await noteCredential(cmd, accountId, { credential: 'oidc', change: 'unlinked' })
  return { done: true }
}
