import { createHash } from 'node:crypto'

/**
 * The signature of a page for `wx.config`: SHA-1 over ticket, nonce, instant and address, in the order of their names.
 *
 * @param url Without what follows `#`.
 * @source WeChat Official Account Platform, JS-SDK, appendix 1: the JS-SDK permission signature algorithm.
 */
export function wechatSignature(parts: { ticket: string; nonceStr: string; timestamp: number; url: string }): string {
  const { ticket, nonceStr, timestamp, url } = parts
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`
  return createHash('sha1').update(text).digest('hex')
}

/** Whether the address is a page of ours: nobody else's pages are signed with the county's account. */
export function isOurPage(url: string, origin: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(origin).origin && !url.includes('#')
}
