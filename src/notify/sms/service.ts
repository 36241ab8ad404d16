import { phoneOf } from '../../identity/index.ts'
import { nextOfficeTime } from '../../kernel/calendar.ts'
import { isMobile } from '../../kernel/codes.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv5, uuidv7 } from '../../kernel/ids.ts'
import { decodeCursor, pageOf, type PageOf } from '../../kernel/pages.ts'
import type { QueuedSms, SmsQueue } from '../../kernel/ports.ts'
import {
  fill,
  masked,
  placeholdersOf,
  messageTexts,
  smsPattern,
  smsSignName,
  textFor,
  type CountyText,
} from '../wording/index.ts'
import { wake } from '../pump.ts'
import { progressLink } from '../site.ts'
import type { SmsItem, SmsQuery, SmsSetting } from './contract.ts'
import { CODE_LIMITS, maskPhone, NOTICE_LIMITS, refusalText, windowStart } from './rules.ts'
import { findProvider } from './provider-store.ts'
import * as store from './store.ts'

/** A message that a ledger entry caused: its id is made from the entry, so that a repeated handler tells nobody twice. */
export type OutgoingSms = QueuedSms & { entryId?: string }

const MINUTE_MS = 60_000

/**
 * Puts a message into the outbox, in the command's own transaction; a sender takes it from there.
 *
 * A code that is asked for too often is refused aloud. A notice of ours is never worth a refusal: what cannot be sent is
 * written down with its reason and the command goes on.
 *
 * @throws kernel.too_many_requests for codes, with the seconds to wait.
 * @throws Error when no message of this name exists: a programming mistake.
 */
export async function queueSms(cmd: Command, message: OutgoingSms): Promise<{ id: string }> {
  const text = await textFor(cmd, message.template)
  if (!text) throw new Error(`no message is called ${message.template}`)
  const row = composeSms(cmd, message, text)
  const refusal = await refusalOf(cmd, message, text)
  if (refusal) {
    await store.insertSms(cmd.tx, { ...row, state: 'failed', nextAt: null, settledAt: cmd.now, refusal })
    return { id: row.id }
  }
  await store.insertSms(cmd.tx, row)
  cmd.afterCommit(() => wake('sms', cmd.county))
  return { id: row.id }
}

export const smsQueue: SmsQueue = { queue: queueSms }

function composeSms(cmd: Command, message: OutgoingSms, text: CountyText): store.SmsRow {
  const { county, now, vault } = cmd
  const link = progressLink(cmd.ports)
  const given = { link: link ?? '', ...message.params }
  const params = Object.fromEntries(
    placeholdersOf(text).map((name) => [name, (given as QueuedSms['params'])[name] ?? '']),
  )
  const body = smsPattern(text, cmd.locale, link)
  const nextAt = (message.urgent ?? text.urgent) ? now : nextOfficeTime(cmd.calendar, now)
  const phoneBlind = vault.blind(county, 'phone', message.phone)
  const { entryId } = message
  return {
    county,
    id: entryId ? uuidv5(entryId, `${text.name}|${phoneBlind.toString('hex')}`) : uuidv7(now),
    template: text.name,
    locale: cmd.locale,
    urgent: message.urgent ?? text.urgent,
    accountId: message.accountId ?? null,
    entryId: entryId ?? null,
    phoneSealed: vault.seal(county, message.phone),
    phoneBlind,
    phoneMasked: maskPhone(message.phone),
    paramsSealed: vault.seal(county, JSON.stringify(params)),
    textSealed: vault.seal(county, fill(body, params)),
    textMasked: fill(body, masked(params, text.secret)),
    state: 'queued',
    attempts: 0,
    asks: 0,
    nextAt,
    provider: null,
    providerId: null,
    refusal: null,
    createdAt: now,
    expiresAt: new Date(nextAt.getTime() + text.validMinutes * MINUTE_MS),
    sentAt: null,
    settledAt: null,
  }
}

async function refusalOf(cmd: Command, message: OutgoingSms, text: CountyText): Promise<string | undefined> {
  if (!isMobile(message.phone)) return 'bad_number'
  const wait = await secondsToWait(cmd, message, text)
  if (wait === undefined) return undefined
  if (text.kind === 'code') throw new Fault('kernel.too_many_requests', { seconds: wait }, { retryAfterSeconds: wait })
  return 'throttled'
}

/**
 * Takes a place in every window that counts; undefined when all had one. Codes and notices are counted apart: news of ten
 * matters must not keep somebody from signing in.
 */
async function secondsToWait(cmd: Command, message: OutgoingSms, text: CountyText): Promise<number | undefined> {
  const subjects = { phone: message.phone, device: message.device, address: message.address }
  for (const limit of text.kind === 'code' ? CODE_LIMITS : NOTICE_LIMITS) {
    const value = subjects[limit.kind]
    if (!value) continue
    const windowAt = windowStart(cmd.now, limit.windowSeconds)
    const place = { ...limit, subject: cmd.vault.blind(cmd.county, `${text.kind}.${limit.kind}`, value), windowAt }
    if (await store.takePlace(cmd.tx, cmd.county, place)) continue
    return Math.max(1, Math.ceil((windowAt.getTime() + limit.windowSeconds * 1000 - cmd.now.getTime()) / 1000))
  }
  return undefined
}

/**
 * The outbox, newest first.
 *
 * @param open Show numbers and codes: only in a demo, whose people are invented and whose messages go nowhere.
 */
export async function listSms(cmd: Command, query: SmsQuery, open: boolean): Promise<PageOf<SmsItem>> {
  requireGrant(cmd, 'notify.read', cmd.county)
  const limit = query.limit ?? 20
  const [at, id] = query.after ? decodeCursor(query.after, 2) : []
  const before = typeof at === 'string' && typeof id === 'string' ? { at: instantOf(at), id } : undefined
  const rows = await store.listSms(cmd.tx, cmd.county, { state: query.state, limit: limit + 1, before })
  const page = pageOf(rows, limit, (row) => [row.createdAt.toISOString(), row.id])
  return { items: page.items.map((row) => presentSms(cmd, row, open)), next: page.next }
}

function instantOf(text: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new Fault('kernel.bad_request', { field: 'after' })
  return at
}

function presentSms(cmd: Command, row: store.SmsRow, open: boolean): SmsItem {
  const reveal = (sealed: Buffer | null, cover: string) => (open && sealed ? cmd.vault.open(cmd.county, sealed) : cover)
  return {
    id: row.id,
    template: row.template,
    phone: reveal(row.phoneSealed, row.phoneMasked),
    text: reveal(row.textSealed, row.textMasked),
    state: row.state,
    refusal: row.refusal,
    refusalText: row.refusal === null ? null : refusalText(row.refusal, cmd.locale),
    attempts: row.attempts,
    urgent: row.urgent,
    createdAt: row.createdAt.toISOString(),
    nextAt: row.nextAt?.toISOString() ?? null,
    sentAt: row.sentAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
  }
}

/** How text messages leave the house: for whoever keeps it running. */
export async function readSmsSetting(
  cmd: Command,
  installation: { provider: string; signName: string },
): Promise<SmsSetting> {
  requireGrant(cmd, 'notify.read', cmd.county)
  const provider = (await findProvider(cmd.tx, cmd.county))?.provider ?? installation.provider
  const texts = (await Promise.all(messageTexts().map(({ name }) => textFor(cmd, name)))).filter(
    (text) => text !== undefined,
  )
  const codeOf = (text: CountyText) => (text.providerCodes as Record<string, string | null | undefined>)[provider]
  const bySms = texts.filter((text) => text.channels.includes('sms'))
  const phone = cmd.actor.id ? await phoneOf(cmd, cmd.actor.id) : null
  return {
    provider,
    signName: (await smsSignName(cmd)) ?? installation.signName,
    withoutTemplate: provider === 'outbox' ? [] : bySms.filter((text) => !codeOf(text)).map(({ name }) => name),
    ...(await store.countSms(cmd.tx, cmd.county, new Date(cmd.now.getTime() - 86_400_000))),
    phone: phone ? maskPhone(phone) : null,
  }
}

/** A text message to one’s own phone, to see whether the way is open. @throws notify.no_phone */
export async function sendTestSms(cmd: Command): Promise<{ id: string }> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const phone = cmd.actor.id ? await phoneOf(cmd, cmd.actor.id) : null
  if (!phone) throw new Fault('notify.no_phone')
  return queueSms(cmd, { template: 'notify.test_message', phone, params: {}, accountId: cmd.actor.id })
}
