import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../../src/kernel/command.ts'
import type { Grant, Purpose } from '../../src/kernel/grants.ts'
import type { Ports, Session } from '../../src/kernel/ports.ts'

export interface TestPerson {
  /** `staff` by default. */
  kind?: Actor['kind']
  /** Account id; a new one by default. */
  id?: string
  county?: string
  /** Residents have one of their own by default: what is theirs is shown session by session. */
  sessionId?: string
  label?: string
  /** Held beside what the account's posts give; purpose `handling` by default. */
  grants?: readonly { action: string; path: string; purpose?: Purpose; deputyFor?: string }[]
  secondFactorAt?: Date
}

export interface Answer<Body> {
  readonly status: number
  readonly body: Body
  readonly text: string
  readonly headers: Record<string, string | string[] | number | undefined>
}

type Headers = Record<string, string>
type Loose = Record<string, unknown>

/** Asks the house over HTTP as one person. */
export interface Asker {
  get<Body = Loose>(url: string, headers?: Headers): Promise<Answer<Body>>
  post<Body = Loose>(url: string, body?: unknown, headers?: Headers): Promise<Answer<Body>>
  ask<Body = Loose>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Headers,
  ): Promise<Answer<Body>>
}

function askerOf(http: FastifyInstance, own: Headers): Asker {
  const ask: Asker['ask'] = async <Body>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Headers,
  ) => {
    const payload = body === undefined ? {} : { payload: body as object }
    const answer = await http.inject({ method, url, headers: { ...own, ...headers }, ...payload })
    const isJson = String(answer.headers['content-type']).includes('json') && answer.body !== ''
    return {
      status: answer.statusCode,
      body: (isJson ? answer.json() : null) as Body,
      text: answer.body,
      headers: answer.headers,
    }
  }
  return {
    ask,
    get: (url, headers) => ask('GET', url, undefined, headers),
    post: (url, body, headers) => ask('POST', url, body ?? {}, headers),
  }
}

/**
 * The people of a test: their sessions and grants stand before the house's own, so that a test of one rule need not
 * first appoint somebody to a post. Sign-in and posts have tests of their own that go the whole way.
 */
export class TestPeople {
  readonly #sessions = new Map<string, Session>()
  readonly #grants = new Map<string, Grant[]>()

  /** Puts the test's people before the house's own sessions and posts. */
  enter(ports: Ports): void {
    const { sessions, grants } = ports
    ports.sessions = {
      resolve: async (token, now, quietly) => this.#sessions.get(token) ?? sessions.resolve(token, now, quietly),
    }
    ports.grants = {
      grantsOf: async (county, accountId, at) => [
        ...(this.#grants.get(`${county}/${accountId}`) ?? []),
        ...(await grants.grantsOf(county, accountId, at)),
      ],
    }
  }

  nobody(http: FastifyInstance): Asker {
    return askerOf(http, { 'tongxin-county': '330411' })
  }

  signIn(
    http: FastifyInstance,
    person: TestPerson & { county: string },
  ): Asker & { readonly id: string; readonly token: string } {
    const id = person.id ?? randomUUID()
    const token = `${person.county}.${randomUUID()}`
    const grants = (person.grants ?? []).map((grant) => ({ purpose: 'handling', postId: 'test', ...grant }))
    const kind = person.kind ?? 'staff'
    this.#grants.set(`${person.county}/${id}`, grants)
    this.#sessions.set(token, {
      id: randomUUID(),
      county: person.county,
      actor: {
        kind,
        id,
        sessionId: person.sessionId ?? (kind === 'resident' ? randomUUID() : null),
        label: person.label ?? kind,
      },
      extraGrants: kind === 'staff' ? [] : grants,
      locale: null,
      expiresAt: new Date('2100-01-01T00:00:00Z'),
      secondFactorAt: person.secondFactorAt ?? null,
    })
    return { ...askerOf(http, { authorization: `Bearer ${token}` }), id, token }
  }
}
