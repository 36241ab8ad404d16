import type { Configuration } from 'openid-client'
import type { Config } from '../../kernel/config.ts'
import { Fault } from '../../kernel/faults.ts'

export interface OidcClaims {
  issuer: string
  subject: string
  /** Whether the provider says that it asked for more than a password (RFC 8176). */
  secondFactor: boolean
}

const strongMethods = new Set(['mfa', 'otp', 'hwk', 'swk', 'sc', 'fido'])
const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The county's OpenID provider, by authorization code with PKCE, state and nonce.
 *
 * The library is loaded and the provider asked for its metadata at the first visit, so a house without single sign-on pays nothing.
 * @source OpenID Connect Core 1.0 section 3.1; RFC 7636; RFC 9207.
 */
export class OidcClient {
  readonly #config: Config
  #found: Promise<Configuration> | undefined

  constructor(config: Config) {
    this.#config = config
  }

  get isOn(): boolean {
    return this.#config.get('OIDC_ISSUER') !== '' && this.#config.get('OIDC_CLIENT_ID') !== ''
  }

  /** New secrets for one visit. */
  async secrets(): Promise<{ verifier: string; nonce: string }> {
    const client = await import('openid-client')
    return { verifier: client.randomPKCECodeVerifier(), nonce: client.randomNonce() }
  }

  /** Where the browser is sent. @throws identity.oidc_off, kernel.unavailable */
  async visit(visit: { redirectUri: string; state: string; nonce: string; verifier: string }): Promise<string> {
    const client = await import('openid-client')
    const url = client.buildAuthorizationUrl(await this.#provider(), {
      redirect_uri: visit.redirectUri,
      scope: 'openid',
      state: visit.state,
      nonce: visit.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(visit.verifier),
      code_challenge_method: 'S256',
    })
    return url.href
  }

  /** Who came back. @throws identity.oidc_refused whatever is wrong with the answer. */
  async claims(callback: URL, expected: { state: string; nonce: string; verifier: string }): Promise<OidcClaims> {
    const client = await import('openid-client')
    const provider = await this.#provider()
    const tokens = await client
      .authorizationCodeGrant(provider, callback, {
        pkceCodeVerifier: expected.verifier,
        expectedState: expected.state,
        expectedNonce: expected.nonce,
        idTokenExpected: true,
      })
      .catch((cause: unknown) => {
        throw new Fault('identity.oidc_refused', {}, { cause })
      })
    const claims = tokens.claims()
    if (!claims) throw new Fault('identity.oidc_refused')
    const methods = Array.isArray(claims['amr']) ? claims['amr'] : []
    return {
      issuer: claims.iss,
      subject: claims.sub,
      secondFactor: methods.some((method) => strongMethods.has(String(method))),
    }
  }

  async #provider(): Promise<Configuration> {
    if (!this.isOn) throw new Fault('identity.oidc_off')
    this.#found ??= this.#discover().catch((cause: unknown) => {
      // Asked again at the next visit: a provider that was away must not stay away for ever.
      this.#found = undefined
      throw new Fault('kernel.unavailable', {}, { cause, retryAfterSeconds: 10 })
    })
    return this.#found
  }

  async #discover(): Promise<Configuration> {
    const client = await import('openid-client')
    const issuer = new URL(this.#config.get('OIDC_ISSUER'))
    // Plain http only to this very machine, for trying out.
    const execute = issuer.protocol === 'http:' && loopback.has(issuer.hostname) ? [client.allowInsecureRequests] : []
    const secret = this.#config.get('OIDC_CLIENT_SECRET')
    const options = { execute, timeout: 10 }
    return client.discovery(issuer, this.#config.get('OIDC_CLIENT_ID'), secret || undefined, undefined, options)
  }
}
