export { answers, CHALLENGE_MINUTES, makeChallenge, usedUp } from './service.ts'
export { setVerifier, VerifierError, verifierOf, type IdentityVerifier } from './verifier.ts'
