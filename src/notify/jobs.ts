import type { Static } from 'typebox'
import type { Command } from '../kernel/command.ts'
import type { Entry, Handler } from '../kernel/jobs.ts'
import { areaNameOf, holdersOf } from '../grid/index.ts'
import { on, onAll } from '../ledger/index.ts'
import {
  MatterLinked,
  MatterMoved,
  MatterOverdue,
  MatterRated,
  MatterRemarked,
  MatterReminded,
  MatterReported,
} from '../loop/contract.ts'
import { contactPhoneOf, labelsOf, type MatterLabel } from '../loop/index.ts'
import { findStep, packOf, reporterSentence } from '../packs/index.ts'
import { DiaryFollowUpDue } from '../duty/contract.ts'
import { FollowUpDue, FollowUpExtensionAsked, OwnAnswered, OwnAsked, OwnDue } from '../registry/index.ts'
import { SigningHelpAsked } from '../signing/contract.ts'
import { WebhookDisabled } from './outbound/contract.ts'
import { findWebhook, publishEntry } from './outbound/index.ts'
import { tell, tellAll, type Telling } from './service.ts'

/** Whom to tell what because of an entry about a matter. */
type Hear<Body> = (cmd: Command, entry: Entry<Body>, matter: MatterLabel) => Promise<Telling[]>

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
  (topic: string): Hear<Holder> =>
  async (cmd, entry, matter) => {
    if (matter.closed) return []
    const accountIds = await holdersIn(cmd, entry.body)
    if (entry.actor.id && accountIds.includes(entry.actor.id)) return []
    return [{ ...about(entry, matter), topic, accountIds }]
  }

const about = (entry: Entry, matter: MatterLabel) => ({
  entryId: entry.id,
  params: { number: matter.number, kind: { zh: matter.kindZh, en: matter.kindEn } },
  subject: { kind: 'matter', id: entry.subjectId },
})

/** Who has the matter to which a fresh report was tied hears of it; who has the report has it before them. */
const tellLinked: Hear<Static<typeof MatterLinked.body>> = async (cmd, entry, matter) =>
  entry.body.isTarget ? tellHolders('loop.matter_linked')(cmd, entry, matter) : []

type Moved = Static<typeof MatterMoved.body>

/** Tells the reporter that the matter is closed, or what the pack says at a step that concerns them. */
const tellReporter: Hear<Moved> = async (cmd, entry, { number, reporterId }) => {
  const { kind, packVersion, from, move, closed } = entry.body
  if (reporterId && reporterId === entry.actor.id) return []
  const pack = await packOf(cmd, kind, packVersion)
  if (!closed && !findStep(pack.kind, from, move)?.tellReporter) return []
  // Whom staff reported for has no account: the text message is the only way to them.
  const phones = reporterId ? [] : [await contactPhoneOf(cmd, entry.subjectId)].filter((phone) => phone !== null)
  if (!reporterId && phones.length === 0) return []
  const subject = { kind: 'matter', id: entry.subjectId }
  const to = { entryId: entry.id, accountIds: reporterId ? [reporterId] : [], phones, subject }
  if (closed) return [{ ...to, topic: 'loop.report_closed', params: { number } }]
  const zh = reporterSentence(pack, move, 'zh-CN', { number })
  const en = reporterSentence(pack, move, 'en', { number })
  return zh && en ? [{ ...to, topic: 'loop.report_moved', params: { sentence: { zh, en } } }] : []
}

/** The first time past due its holders and the place's robots hear of it; at every further level those above do. */
const tellOverdue: Hear<Static<typeof MatterOverdue.body>> = async (cmd, entry, matter) => {
  const { level, areaPath, toldRole, toldPath } = entry.body
  const what = about(entry, matter)
  const holding = await holdersIn(cmd, entry.body)
  const above = await holdersOf(cmd, toldRole, toldPath)
  const first = { ...what, topic: 'loop.matter_overdue', accountIds: holding, areaPath }
  const further = { ...what, topic: 'loop.matter_escalated', accountIds: above.filter((id) => !holding.includes(id)) }
  return level === 1 ? [first, further] : [further]
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

/** Named staff hear that something waits for them, and not a word of what: the message may lie open on a desk. */
const tellNamed = (cmd: Command, entry: Entry, accountIds: string[]): Promise<void> =>
  tell(cmd, { topic: 'registry.task_waits', entryId: entry.id, params: {}, accountIds, subject: followUps(entry) })
const followUps = (entry: Entry) => ({ kind: 'followUp', id: entry.subjectId })
const tellFollowUpDue = (cmd: Command, entry: Entry<Static<typeof FollowUpDue.body>>): Promise<void> =>
  tellNamed(cmd, entry, entry.body.accounts)
const tellApprover = (cmd: Command, entry: Entry<Static<typeof FollowUpExtensionAsked.body>>): Promise<void> =>
  tellNamed(cmd, entry, [entry.body.approver])

/** The village hears that somebody asked about their own record, and again when the day is near; the person hears the answer. */
const tellVillage =
  (topic: string) =>
  async (cmd: Command, entry: Entry<{ areaPath: string }>): Promise<void> => {
    const { areaPath } = entry.body
    const accountIds = await holdersOf(cmd, 'villageSecretary', areaPath)
    const params = { place: await areaNameOf(cmd, areaPath) }
    await tell(cmd, {
      topic,
      entryId: entry.id,
      params,
      accountIds,
      subject: { kind: 'ownRequest', id: entry.subjectId },
    })
  }
/** Whoever is responsible for a signer's micro-grid hears that they want to sign with somebody beside them. */
async function tellSigningHelp(cmd: Command, entry: Entry<Static<typeof SigningHelpAsked.body>>): Promise<void> {
  const { areaPath } = entry.body
  await tell(cmd, {
    topic: 'signing.help_asked',
    entryId: entry.id,
    params: { place: await areaNameOf(cmd, areaPath) },
    accountIds: await holdersOf(cmd, 'microGridLead', areaPath),
    subject: { kind: 'envelope', id: entry.subjectId },
  })
}
const tellOwnAnswered = (cmd: Command, entry: Entry<Static<typeof OwnAnswered.body>>): Promise<void> =>
  tell(cmd, {
    topic: 'registry.own_answered',
    entryId: entry.id,
    params: {},
    accountIds: [entry.body.account],
    subject: { kind: 'ownRecord', id: entry.subjectId },
  })

/**
 * One handler an event, so that one entry costs one job: first other systems, then people. Both sides make their ids from the
 * entry, so a second run after a failure adds nothing.
 */
const hear =
  <Body>(...hearers: Hear<Body>[]) =>
  async (cmd: Command, entries: readonly Entry<Body>[]): Promise<void> => {
    for (const entry of entries) await publishEntry(cmd, entry)
    const labels = await labelsOf(
      cmd,
      entries.map(({ subjectId }) => subjectId),
    )
    const tellings: Telling[] = []
    for (const entry of entries) {
      const matter = labels.get(entry.subjectId)
      if (!matter) continue
      for (const hearer of hearers) tellings.push(...(await hearer(cmd, entry, matter)))
    }
    await tellAll(cmd, tellings)
  }

export const handlers: readonly Handler[] = [
  onAll(MatterReported, 'notify.hear_report', hear(tellHolders('loop.matter_arrived'))),
  onAll(MatterLinked, 'notify.hear_link', hear(tellLinked)),
  onAll(MatterMoved, 'notify.hear_move', hear<Moved>(tellHolders('loop.matter_arrived'), tellReporter)),
  onAll(MatterReminded, 'notify.hear_reminder', hear(tellHolders('loop.matter_due_soon'))),
  onAll(MatterOverdue, 'notify.hear_overdue', hear(tellOverdue)),
  on(MatterRated, 'notify.hear_rating', publishEntry),
  on(DiaryFollowUpDue, 'notify.hear_follow_up', tellFollowUp),
  on(FollowUpDue, 'notify.hear_follow_up_due', tellFollowUpDue),
  on(FollowUpExtensionAsked, 'notify.hear_follow_up_extension', tellApprover),
  on(OwnAsked, 'notify.hear_own_request', tellVillage('registry.own_asked')),
  on(OwnDue, 'notify.hear_own_due', tellVillage('registry.own_due')),
  on(OwnAnswered, 'notify.hear_own_answer', tellOwnAnswered),
  on(SigningHelpAsked, 'notify.hear_signing_help', tellSigningHelp),
  on(MatterRemarked, 'notify.hear_remark', publishEntry),
  on(WebhookDisabled, 'notify.hear_disabled', tellDisabled),
]
