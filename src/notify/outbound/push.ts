import webPush from 'web-push'
import type { PostAnswer } from './post.ts'
import { postOutside } from './post.ts'

/** The key pair by which push services recognise us (RFC 8292), made once for an installation. */
export interface VapidKeys {
  publicKey: string
  privateKey: string
}

export const makeVapidKeys = (): string => JSON.stringify(webPush.generateVAPIDKeys())

export function readVapidKeys(text: string): VapidKeys {
  const { publicKey, privateKey } = JSON.parse(text) as Partial<VapidKeys>
  if (!publicKey || !privateKey) throw new Error('the VAPID key file is damaged')
  return { publicKey, privateKey }
}

/** A push service keeps a message this long for a phone that is off. */
const TTL_SECONDS = 24 * 3600

/**
 * Sends one encrypted push (RFC 8291).
 *
 * @param topic At most 32 characters: a later message of the same topic replaces one that still waits, so a repeat is not shown twice.
 */
export function sendPush(
  subscription: { endpoint: string; p256dh: string; auth: string },
  message: { payload: string; topic: string; urgent: boolean },
  options: { vapid: VapidKeys; subject: string; allowPrivate: boolean },
): Promise<PostAnswer> {
  const { endpoint, p256dh, auth } = subscription
  const details = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, message.payload, {
    vapidDetails: { subject: options.subject, ...options.vapid },
    TTL: TTL_SECONDS,
    topic: message.topic,
    urgency: message.urgent ? 'high' : 'normal',
    contentEncoding: 'aes128gcm',
  })
  const headers = Object.fromEntries(
    Object.entries(details.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
  return postOutside(endpoint, { headers, body: details.body ?? '' }, { allowPrivate: options.allowPrivate })
}
