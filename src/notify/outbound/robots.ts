import { createHmac } from 'node:crypto'

/**
 * Group robots of DingTalk and WeCom. Both take one POST to an address that is itself a secret.
 *
 * @source https://open.dingtalk.com/document/robots/customize-robot-security-settings (sign)
 * @source https://developer.work.weixin.qq.com/document/path/91770 (WeCom group robot)
 */
export type RobotKind = 'dingTalk' | 'weCom'

/** Longest texts that the two take, in bytes. */
const DINGTALK_BYTES_MAX = 20_000
const WECOM_BYTES_MAX = 4096

/** Base64 of HMAC-SHA256 over `timestamp\nsecret`, keyed with the secret. */
export const signDingTalk = (timestampMs: number, secret: string): string =>
  createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64')

function cutBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  let cut = ''
  let size = 0
  for (const mark of text) {
    size += Buffer.byteLength(mark)
    if (size > most - 3) break
    cut += mark
  }
  return `${cut}…`
}

/** Marks that would turn into formatting, links or mentions in the group. */
const plain = (text: string) =>
  text
    .replace(/[[\]()*_`#<>@\\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

export interface RobotMessage {
  title: string
  body: string
  /** A page of ours, opened from the group; made by us, never typed by anybody. */
  link: string | null
}

export function robotRequest(
  robot: { kind: RobotKind; url: string; secret: string | null },
  message: RobotMessage,
  now: Date,
): { url: string; body: string } {
  const title = plain(message.title)
  const text = `**${title}**\n\n${plain(message.body)}${message.link ? `\n\n[查看](${message.link})` : ''}`
  if (robot.kind === 'weCom') {
    const content = cutBytes(text, WECOM_BYTES_MAX)
    return { url: robot.url, body: JSON.stringify({ msgtype: 'markdown', markdown: { content } }) }
  }
  const url = new URL(robot.url)
  if (robot.secret) {
    url.searchParams.set('timestamp', String(now.getTime()))
    url.searchParams.set('sign', signDingTalk(now.getTime(), robot.secret))
  }
  return {
    url: url.href,
    body: JSON.stringify({ msgtype: 'markdown', markdown: { title, text: cutBytes(text, DINGTALK_BYTES_MAX) } }),
  }
}

export type RobotOutcome = { outcome: 'delivered' } | { outcome: 'refused'; code: string; retriable: boolean }

/** Both answer 200 with an error code inside; these say «too fast» or «our trouble». */
const PASSING = new Set(['-1', '130101', '410100', '45009', '45033'])

/** @returns refused with the robot's own code; retriable only where waiting helps. */
export function readRobotAnswer(status: number, body: string): RobotOutcome {
  if (status !== 200) return { outcome: 'refused', code: `http_${status}`, retriable: status >= 500 || status === 429 }
  try {
    const { errcode } = JSON.parse(body) as { errcode?: number | string }
    if (Number(errcode) === 0) return { outcome: 'delivered' }
    return { outcome: 'refused', code: String(errcode), retriable: PASSING.has(String(errcode)) }
  } catch {
    return { outcome: 'refused', code: 'not_json', retriable: false }
  }
}
