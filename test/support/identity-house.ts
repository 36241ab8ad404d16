import type { InjectOptions } from 'fastify'
import { runSystem, type Command } from '../../src/kernel/command.ts'
import type { QueuedSms } from '../../src/kernel/ports.ts'
import {
  createStaffAccount,
  identity,
  makeIdentityPorts,
  openSession,
  seatAdministrator,
  type Seat,
} from '../../src/identity/index.ts'
import { ledger } from '../../src/ledger/index.ts'
import { county, testApp, type TestApp, type TestAppOptions } from './app.ts'

export interface IdentityHouse extends TestApp {
  /** What went into the SMS outbox, newest last. */
  readonly sent: QueuedSms[]
  system<T>(work: (cmd: Command) => Promise<T>): Promise<T>
  browser(options?: { address?: string; county?: string }): Browser
  /** A staff account, signed in without the door; seats make it an administrator. */
  staff(options?: {
    loginName?: string
    seat?: Seat
    password?: string
  }): Promise<{ id: string; loginName: string; browser: Browser }>
}

export interface Reply {
  status: number
  // The body is whatever the route answers; tests say which field they look at.
  body: Record<string, never> & { code?: string; params?: Record<string, unknown> }
  headers: Record<string, unknown>
}

let people = 0

/** Ledger and identity alone, with sessions as the product makes them and an outbox that only remembers. */
export async function identityHouse(options: TestAppOptions = {}): Promise<IdentityHouse> {
  const sent: QueuedSms[] = []
  const ports = {
    calendars: { calendarOf: async () => ({}) as never },
    smsQueue: { queue: async (_cmd: Command, message: QueuedSms) => ({ id: String(sent.push(message)) }) },
    ...options.ports,
  }
  const house = await testApp({ rooms: [ledger, identity], ...options, ports })
  Object.assign(house.app.ports, makeIdentityPorts(house.app))
  const system = <T>(work: (cmd: Command) => Promise<T>): Promise<T> => runSystem(house.app, county, work)
  const browser = (seat: { address?: string; county?: string } = {}): Browser => new Browser(house, seat)
  return {
    ...house,
    sent,
    system,
    browser,
    async staff({ loginName = `staff${++people}`, seat, password } = {}) {
      const phone = `138${String(10_000_000 + ++people)}`
      const { id } = await system((cmd) =>
        createStaffAccount(cmd, { loginName, name: '王小明', phone, active: true, password }),
      )
      if (seat) await system((cmd) => seatAdministrator(cmd, { accountId: id, seat }))
      const { token } = await system((cmd) => openSession(cmd, { accountId: id, method: 'password' }))
      const own = browser()
      own.cookies.set('tongxin_session', token)
      return { id, loginName, browser: own }
    },
  }
}

/** A browser with a cookie jar, an address and a device. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #house: TestApp
  readonly #address: string
  readonly #county: string

  constructor(house: TestApp, seat: { address?: string; county?: string }) {
    this.#house = house
    this.#address = seat.address ?? '203.0.113.7'
    this.#county = seat.county ?? county
  }

  async ask(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT',
    url: string,
    payload?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const options: InjectOptions = {
      method,
      url,
      remoteAddress: this.#address,
      cookies: Object.fromEntries(this.cookies),
      headers: {
        'tongxin-county': this.#county,
        'user-agent': 'Mozilla/5.0 (Linux; Android 14) Chrome/130',
        ...headers,
      },
    }
    if (payload !== undefined) options.payload = payload as object
    const answer = await this.#house.http.inject(options)
    for (const cookie of answer.cookies) {
      if (cookie.value === '') this.cookies.delete(cookie.name)
      else this.cookies.set(cookie.name, cookie.value)
    }
    const isJson = String(answer.headers['content-type']).includes('json') && answer.body !== ''
    return { status: answer.statusCode, body: isJson ? answer.json() : {}, headers: answer.headers }
  }

  get(url: string, headers?: Record<string, string>): Promise<Reply> {
    return this.ask('GET', url, undefined, headers)
  }

  post(url: string, payload: unknown = {}, headers?: Record<string, string>): Promise<Reply> {
    return this.ask('POST', url, payload, headers)
  }
}
