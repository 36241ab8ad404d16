import type { Clock } from '../../kernel/clock.ts'
import type { Config } from '../../kernel/config.ts'
import { Fault } from '../../kernel/faults.ts'

const ANSWER_MS_MAX = 8_000
/** A ticket is fetched anew this long before it ends. */
const EARLY_MS = 300_000

/** Fetches the account's ticket for signing pages, and keeps it as long as it is good: WeChat counts the calls. */
export class WechatTickets {
  readonly appId: string
  readonly #secret: string
  readonly #endpoint: string
  readonly #clock: Clock
  #kept: { ticket: Promise<string>; until: number } | undefined

  constructor(config: Pick<Config, 'get'>, clock: Clock) {
    this.appId = config.get('WECHAT_APP_ID')
    this.#secret = config.get('WECHAT_APP_SECRET')
    this.#endpoint = config.get('WECHAT_ENDPOINT').replace(/\/$/, '')
    this.#clock = clock
  }

  /** @throws identity.shell_unset without an account, identity.shell_unanswered when WeChat refuses or is away. */
  ticket(): Promise<string> {
    if (!this.appId || !this.#secret) throw new Fault('identity.shell_unset')
    const now = this.#clock.now().getTime()
    if (this.#kept && this.#kept.until > now) return this.#kept.ticket
    const fetched = this.#fetch()
    const kept = { ticket: fetched.then(({ ticket }) => ticket), until: now + ANSWER_MS_MAX }
    this.#kept = kept
    fetched.then(
      ({ seconds }) => (kept.until = now + seconds * 1000 - EARLY_MS),
      () => (this.#kept = undefined),
    )
    return kept.ticket
  }

  async #fetch(): Promise<{ ticket: string; seconds: number }> {
    const token = await this.#ask('/cgi-bin/token', {
      grant_type: 'client_credential',
      appid: this.appId,
      secret: this.#secret,
    })
    const given = await this.#ask('/cgi-bin/ticket/getticket', { access_token: token['access_token'], type: 'jsapi' })
    return { ticket: String(given['ticket']), seconds: Number(given['expires_in']) || 0 }
  }

  async #ask(path: string, query: Record<string, unknown>): Promise<Record<string, unknown>> {
    const words = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
    const answer = await fetch(`${this.#endpoint}${path}?${new URLSearchParams(words)}`, {
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }).catch((cause: unknown) => {
      throw new Fault('identity.shell_unanswered', {}, { cause })
    })
    const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>
    // A refusal also comes with status 200; `errcode` 0 means none.
    if (!answer.ok || (body['errcode'] !== undefined && body['errcode'] !== 0))
      throw new Fault('identity.shell_unanswered', { errcode: body['errcode'] ?? answer.status })
    return body
  }
}
