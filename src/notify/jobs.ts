import type { Static } from 'typebox'
import type { Command } from '../kernel/command.ts'
import type { Entry, Handler } from '../kernel/jobs.ts'
import { areaNameOf, holdersOf } from '../grid/index.ts'
import { on } from '../ledger/index.ts'
import {
  MatterLinked,
  MatterMoved,
  MatterOverdue,
  MatterRated,
  MatterReminded,
  MatterReported,
} from '../loop/contract.ts'
import { contactPhoneOf, labelOf as readLabel } from '../loop/index.ts'
import { findStep, packOf, reporterSentence } from '../packs/index.ts'
import { DiaryFollowUpDue } from '../duty/contract.ts'
import { WebhookDisabled } from './outbound/contract.ts'
import { findWebhook, publishEntry } from './outbound/index.ts'
import { tell } from './service.ts'

const labels = new WeakMap<Command['afterCommit'], ReturnType<typeof readLabel>>()

/** What the command's one matter is called; read once, however many are told of it. */
function labelOf(cmd: Command, matterId: string): ReturnType<typeof readLabel> {
  const known = labels.get(cmd.afterCommit) ?? readLabel(cmd, matterId)
  labels.set(cmd.afterCommit, known)
  return known
}

interface Holder {
  holderRole: string
  /** Department, or empty. */
  holderUnit: string
  holderPath: string
}

async function holdersIn(cmd: Command, { holderRole, holderUnit, holderPath }: Holder): Promise<string[]> {
  return holdersOf(cmd, holderRole, holderPath, cmd.now, holderUnit || undefined)
}

/**
 * Tells those who hold the matter, unless it has been closed meanwhile. A step by one of the holders brings nothing new to
 * their post, so nobody there is told of it.
 */
const tellHolders =
  (topic: string) =>
  async (cmd: Command, entry: Entry<Holder>): Promise<void> => {
    const matter = await labelOf(cmd, entry.subjectId)
    if (!matter || matter.closed) return
    const accountIds = await holdersIn(cmd, entry.body)
    if (entry.actor.id && accountIds.includes(entry.actor.id)) return
    await tell(cmd, {
      topic,
      entryId: entry.id,
      params: { number: matter.number, kind: { zh: matter.kindZh, en: matter.kindEn } },
      accountIds,
      subject: { kind: 'matter', id: entry.subjectId },
    })
  }

/** Who has the matter to which a fresh report was tied hears of it; who has the report has it before them. */
const tellLinked = async (cmd: Command, entry: Entry<Static<typeof MatterLinked.body>>): Promise<void> => {
  if (entry.body.isTarget) await tellHolders('loop.matter_linked')(cmd, entry)
}

type Moved = Static<typeof MatterMoved.body>

/** Tells the reporter that the matter is closed, or what the pack says at a step that concerns them. */
async function tellReporter(cmd: Command, entry: Entry<Moved>): Promise<void> {
  const { kind, packVersion, from, move, closed } = entry.body
  const pack = await packOf(cmd, kind, packVersion)
  if (!closed && !findStep(pack.kind, from, move)?.tellReporter) return
  const matter = await labelOf(cmd, entry.subjectId)
  if (!matter || (matter.reporterId && matter.reporterId === entry.actor.id)) return
  const { number, reporterId } = matter
  // Whom staff reported for has no account: the text message is the only way to them.
  const phones = reporterId ? [] : [await contactPhoneOf(cmd, entry.subjectId)].filter((phone) => phone !== null)
  if (!reporterId && phones.length === 0) return
  const subject = { kind: 'matter', id: entry.subjectId }
  const about = { entryId: entry.id, accountIds: reporterId ? [reporterId] : [], phones, subject }
  if (closed) return tell(cmd, { ...about, topic: 'loop.report_closed', params: { number } })
  const zh = reporterSentence(pack, move, 'zh-CN', { number })
  const en = reporterSentence(pack, move, 'en', { number })
  if (zh && en) await tell(cmd, { ...about, topic: 'loop.report_moved', params: { sentence: { zh, en } } })
}

/** The first time past due its holders and the place's robots hear of it; at every further level those above do. */
async function tellOverdue(cmd: Command, entry: Entry<Static<typeof MatterOverdue.body>>): Promise<void> {
  const matter = await labelOf(cmd, entry.subjectId)
  if (!matter) return
  const { level, areaPath, toldRole, toldPath } = entry.body
  const about = {
    entryId: entry.id,
    params: { number: matter.number, kind: { zh: matter.kindZh, en: matter.kindEn } },
    subject: { kind: 'matter', id: entry.subjectId },
  }
  const holding = await holdersIn(cmd, entry.body)
  if (level === 1) await tell(cmd, { ...about, topic: 'loop.matter_overdue', accountIds: holding, areaPath })
  const above = await holdersOf(cmd, toldRole, toldPath)
  await tell(cmd, { ...about, topic: 'loop.matter_escalated', accountIds: above.filter((id) => !holding.includes(id)) })
}

async function tellDisabled(cmd: Command, entry: Entry): Promise<void> {
  const webhook = await findWebhook(cmd.tx, cmd.county, entry.subjectId)
  if (!webhook?.createdBy) return
  const host = new URL(webhook.url).host
  await tell(cmd, {
    topic: 'notify.webhook_disabled',
    entryId: entry.id,
    params: { host },
    accountIds: [webhook.createdBy],
  })
}

/** Whoever wrote the entry hears that the day of the further visit has come. */
async function tellFollowUp(cmd: Command, entry: Entry<Static<typeof DiaryFollowUpDue.body>>): Promise<void> {
  const { diaryId, account, areaPath } = entry.body
  await tell(cmd, {
    topic: 'duty.follow_up_due',
    entryId: entry.id,
    params: { place: await areaNameOf(cmd, areaPath) },
    accountIds: [account],
    subject: { kind: 'diary', id: diaryId },
  })
}

/**
 * One handler an event, so that one entry costs one job and one transaction: first other systems, then people. Both sides
 * make their ids from the entry, so a second run after a failure adds nothing.
 */
const hear =
  <Body>(...telling: ((cmd: Command, entry: Entry<Body>) => Promise<void>)[]) =>
  async (cmd: Command, entry: Entry<Body>): Promise<void> => {
    await publishEntry(cmd, entry)
    for (const step of telling) await step(cmd, entry)
  }

export const handlers: readonly Handler[] = [
  on(MatterReported, 'notify.hear_report', hear(tellHolders('loop.matter_arrived'))),
  on(MatterLinked, 'notify.hear_link', hear(tellLinked)),
  on(MatterMoved, 'notify.hear_move', hear(tellHolders('loop.matter_arrived'), tellReporter)),
  on(MatterReminded, 'notify.hear_reminder', hear(tellHolders('loop.matter_due_soon'))),
  on(MatterOverdue, 'notify.hear_overdue', hear(tellOverdue)),
  on(MatterRated, 'notify.hear_rating', hear()),
  on(DiaryFollowUpDue, 'notify.hear_follow_up', tellFollowUp),
  on(WebhookDisabled, 'notify.hear_disabled', tellDisabled),
]
