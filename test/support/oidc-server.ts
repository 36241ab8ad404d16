import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export interface OidcServer {
  readonly issuer: string
  /** Who is signed in at the provider, and how strongly. */
  person: { subject: string; methods: string[] }
  /** Goes through the provider's pages as a browser does, up to the address it sends the browser back to. */
  visit(url: string): Promise<string>
  close(): Promise<void>
}

export const oidcClient = { id: 'tongxin', secret: 'a-secret-of-the-tests-only' }

/** A real OpenID provider (oidc-provider) on a free port of this machine, whose people sign in without a page. */
export async function oidcServer(redirectUri: string): Promise<OidcServer> {
  const http = createServer()
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  // Whoever forgets to close it does not keep the run alive.
  http.unref()
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const server: { person: OidcServer['person'] } = { person: { subject: 'somebody', methods: ['pwd'] } }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: oidcClient.id,
        client_secret: oidcClient.secret,
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub', 'amr'] },
    cookies: { keys: ['tests'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  })
  const callback = provider.callback()
  http.on('request', (req, res) => {
    if (!req.url?.startsWith('/interaction/')) return void callback(req, res)
    void (async () => {
      const { prompt, params, session } = await provider.interactionDetails(req, res)
      if (prompt.name === 'login') {
        const login = { accountId: server.person.subject, amr: server.person.methods }
        return provider.interactionFinished(req, res, { login })
      }
      const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) })
      grant.addOIDCScope('openid')
      return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } })
    })()
  })
  return Object.assign(server, {
    issuer,
    async visit(url: string) {
      const jar = new Map<string, string>()
      let next = url
      for (let hop = 0; hop < 12; hop++) {
        if (next.startsWith(redirectUri)) return next
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
        const answer = await fetch(next, { redirect: 'manual', headers: { cookie } })
        for (const line of answer.headers.getSetCookie()) {
          const [pair = ''] = line.split(';')
          const at = pair.indexOf('=')
          jar.set(pair.slice(0, at), pair.slice(at + 1))
        }
        const location = answer.headers.get('location')
        if (!location)
          throw new Error(`the provider stopped with ${answer.status}: ${(await answer.text()).slice(0, 300)}`)
        next = new URL(location, next).href
      }
      throw new Error('the provider goes round in circles')
    },
    close: () =>
      new Promise<void>((done) => {
        http.close(() => done())
        http.closeAllConnections()
      }),
  })
}
