import { nextOfficeTime } from '../kernel/calendar.ts'
import type { Command } from '../kernel/command.ts'
import { timeOf, uuidv5 } from '../kernel/ids.ts'
import { phoneOf } from '../identity/index.ts'
import { insertMessages, type InboxRow } from './inbox/index.ts'
import {
  listRobotsAt,
  hasSubscriptions,
  listSubscriptions,
  queueDelivery,
  selfAndAbove,
  type NoticePayload,
} from './outbound/index.ts'
import { kept } from './kept.ts'
import { wakingTimes } from './quiet/index.ts'
import { queueSms } from './sms/index.ts'
import { fill, textFor, type CountyText } from './wording/index.ts'

/** Something to tell people, caused by one ledger entry. */
export interface Telling {
  /** Name of the message. */
  topic: string
  entryId: string
  /** Parameters; one that reads differently in the two languages gives both. */
  params: Record<string, string | { zh: string; en: string }>
  accountIds: string[]
  /** People without an account, who are told by text message alone. */
  phones?: string[]
  /** Robots of this area and of those above hear of it too. */
  areaPath?: string
  subject?: { kind: string; id: string }
}

const inLanguage = (params: Telling['params'], language: 'zh' | 'en') =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value : value[language]]),
  )

/** What is told later than this is no news: it stands in the matter itself. */
const NEWS_MS = 3 * 86_400_000

/**
 * Tells people on every way that the county uses for this message, each at most once for the same entry.
 *
 * The inbox is written at once; what makes a noise (push, SMS, robot) waits for office hours unless the message is urgent.
 * Nothing is told of an entry that is older than three days: whoever takes in a history does not ring for each of its steps.
 * @throws Error when no message of this name exists: a programming mistake.
 */
export const tell = (cmd: Command, telling: Telling): Promise<void> => tellAll(cmd, [telling])

/** The same for many messages; all inboxes are written at once. */
export async function tellAll(cmd: Command, tellings: readonly Telling[]): Promise<void> {
  const inboxes: InboxRow[] = []
  for (const telling of tellings) {
    if (cmd.now.getTime() - timeOf(telling.entryId) > NEWS_MS) continue
    const text = await textFor(cmd, telling.topic)
    if (!text) throw new Error(`no message is called ${telling.topic}`)
    const accountIds = [...new Set(telling.accountIds)]
    const words = { zh: inLanguage(telling.params, 'zh'), en: inLanguage(telling.params, 'en') }
    const composed = { telling, accountIds, text, words }
    if (text.channels.includes('inbox')) inboxes.push(...inboxRows(cmd, composed))
    if (text.channels.includes('push')) await toBrowsers(cmd, composed)
    if (text.channels.includes('robot') && telling.areaPath) await toRobots(cmd, composed)
    if (text.channels.includes('sms')) await toPhones(cmd, composed)
  }
  await insertMessages(cmd.tx, cmd.county, inboxes)
}

interface Composed {
  telling: Telling
  accountIds: string[]
  text: CountyText
  words: { zh: Record<string, string>; en: Record<string, string> }
}

async function toPhones(cmd: Command, { telling, accountIds, text, words }: Composed): Promise<void> {
  const shared = { template: text.name, params: words.zh, entryId: telling.entryId, urgent: text.urgent }
  for (const phone of telling.phones ?? []) await queueSms(cmd, { ...shared, phone })
  for (const accountId of accountIds) {
    const phone = await phoneOf(cmd, accountId)
    if (phone) await queueSms(cmd, { ...shared, phone, accountId })
  }
}

function inboxRows(cmd: Command, { telling, accountIds, text, words }: Composed): InboxRow[] {
  const shared = {
    topic: text.name,
    titleZh: fill(text.zh.title, words.zh),
    bodyZh: fill(text.zh.body, words.zh),
    titleEn: fill(text.en.title, words.en),
    bodyEn: fill(text.en.body, words.en),
    subjectKind: telling.subject?.kind ?? null,
    subjectId: telling.subject?.id ?? null,
    entryId: telling.entryId,
    createdAt: cmd.now,
    readAt: null,
  }
  return accountIds.map((accountId) => ({
    ...shared,
    accountId,
    id: uuidv5(telling.entryId, `${accountId}|${text.name}`),
  }))
}

function payloadFor({ telling, text, words }: Composed, language: 'zh' | 'en'): NoticePayload {
  const wording = text[language]
  return {
    id: telling.entryId,
    title: fill(wording.title, words[language]),
    body: fill(wording.body, words[language]),
    subjectKind: telling.subject?.kind ?? null,
    subjectId: telling.subject?.id ?? null,
    urgent: text.urgent,
  }
}

const noiseAt = (cmd: Command, text: CountyText) => (text.urgent ? cmd.now : nextOfficeTime(cmd.calendar, cmd.now))

async function toBrowsers(cmd: Command, composed: Composed): Promise<void> {
  const { telling, text } = composed
  if (!(await kept(cmd, 'browsers', () => hasSubscriptions(cmd.tx, cmd.county)))) return
  const browsers = await listSubscriptions(cmd.tx, cmd.county, composed.accountIds)
  if (browsers.length === 0) return
  const wakes = await wakingTimes(cmd, composed.accountIds, noiseAt(cmd, text))
  for (const { id, locale, accountId } of browsers) {
    const payload = payloadFor(composed, locale === 'en' ? 'en' : 'zh')
    await queueDelivery(cmd, {
      channel: 'push',
      targetId: id,
      topic: text.name,
      payload,
      entryId: telling.entryId,
      nextAt: wakes(accountId),
    })
  }
}

async function toRobots(cmd: Command, composed: Composed): Promise<void> {
  const { telling, text } = composed
  for (const { id } of await listRobotsAt(cmd.tx, cmd.county, selfAndAbove(telling.areaPath ?? ''))) {
    const payload = payloadFor(composed, 'zh')
    await queueDelivery(cmd, {
      channel: 'robot',
      targetId: id,
      topic: text.name,
      payload,
      entryId: telling.entryId,
      nextAt: noiseAt(cmd, text),
    })
  }
}
