import { Fault } from '../../kernel/faults.ts'
import { randomToken } from '../../kernel/ids.ts'
import type { WechatSignature } from './contract.ts'
import { isOurPage, wechatSignature } from './rules.ts'
import type { WechatTickets } from './wechat.ts'

/**
 * Signs one of our pages, so that WeChat lets it ask for the position.
 *
 * @throws kernel.bad_request for a page that is not ours; identity.shell_unset, identity.shell_unanswered.
 */
export async function signPage(
  tickets: WechatTickets,
  page: { url: string; origin: string; now: Date },
): Promise<WechatSignature> {
  const { url, origin, now } = page
  if (!isOurPage(url, origin)) throw new Fault('kernel.bad_request', { field: 'url' })
  const ticket = await tickets.ticket()
  const timestamp = Math.floor(now.getTime() / 1000)
  const nonceStr = randomToken(12)
  const signature = wechatSignature({ ticket, nonceStr, timestamp, url })
  return { appId: tickets.appId, timestamp, nonceStr, signature }
}
