import type { Ports } from '../../kernel/ports.ts'

/** Whether a face belongs to a person: a licensed provider's work, never ours. */
export interface IdentityVerifier {
  /** As people know the provider. */
  readonly name: string
  /** Begins a check. @returns the provider's transaction and the page on which it asks for the face. */
  begin(
    person: VerifiedPerson,
    asked: { id: string; returnUrl: string },
  ): Promise<{ transaction: string; page: string }>
  /** What came of it; asked for at the provider, never believed from the browser that comes back. */
  result(transaction: string): Promise<'passed' | 'failed' | 'pending'>
}

export interface VerifiedPerson {
  readonly name: string
  readonly citizenId: string
}

/** The provider answered something that is no answer. The signer is told to try again or to go another way. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError'
}

const verifiers = new WeakMap<Ports, IdentityVerifier | null>()

/** The provider of this house; null where there is none and the phone's own check is all there is. */
export const verifierOf = (ports: Ports): IdentityVerifier | null => verifiers.get(ports) ?? null
export const setVerifier = (ports: Ports, verifier: IdentityVerifier | null): void =>
  void verifiers.set(ports, verifier)
