import { countiesOf, type App } from '../../kernel/app.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { on } from '../../ledger/index.ts'
import { addToServiceFile, knownPeople } from '../../registry/index.ts'
import { advance, findEnvelope, newLink, note, whoOf, type Found } from '../envelopes/index.ts'
import { EnvelopeSealed, EnvelopeSigned, type EnvelopeState } from '../envelopes/contract.ts'
import { isOpen } from '../envelopes/rules.ts'
import type { SignerRow } from '../envelopes/store.ts'
import { workshopOf } from '../workshop.ts'
import * as store from './store.ts'

const BATCH = 50
const DAY_MS = 86_400_000

/** Who can sign now: the first that has not, or all at once. */
function turns({ signers, campaign }: Found): SignerRow[] {
  const left = signers.filter(({ state }) => state !== 'signed' && state !== 'declined')
  return campaign.signingOrder === 'sequence' ? left.slice(0, 1) : left
}

const asSigner = (found: Found, signer: SignerRow): Found => ({ ...found, signer })
const asHouse = (found: Found): Found => ({ ...found, signer: null })

const day = (at: Date): string => {
  const [, month, date] = new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10).split('-').map(Number)
  return `${month}月${date}日`
}

/** Puts a message with a new link into the outbox, once per step; false where it was told already. */
async function tell(cmd: Command, found: Found, signer: SignerRow, step: string): Promise<boolean> {
  const { county } = cmd
  const { id: envelopeId } = found.envelope
  const { position } = signer
  if (await store.hasMessage(cmd.tx, { county, envelopeId, position, step })) return false
  const { phone } = whoOf(cmd, signer.whoSealed)
  const { organiser, title } = found.campaign
  const token = await newLink(cmd, found, position)
  const link = `${workshopOf(cmd.ports).publicUrl}/sign#${token}`
  const params = { organiser, title, link, until: day(found.envelope.expiresAt) }
  const template = step === 'invitation' ? 'signing.invitation' : 'signing.reminder'
  const { id: smsId } = await cmd.ports.smsQueue.queue(cmd, { template, phone, params, urgent: false })
  return store.noteMessage(cmd.tx, { county, envelopeId, position, step, smsId, at: cmd.now })
}

const reminderAt = ({ envelope, campaign }: Found, told: number): Date | null => {
  const days = campaign.reminders[told]
  const from = envelope.sentAt
  if (days === undefined || !from) return null
  const at = new Date(from.getTime() + days * DAY_MS)
  return at < envelope.expiresAt ? at : null
}

/** Tells whoever can sign now that they can. */
export async function invite(cmd: Command, id: string): Promise<void> {
  let found = await findEnvelope(cmd, id)
  for (const signer of turns(found)) {
    if (signer.state !== 'waiting' || !(await tell(cmd, found, signer, 'invitation'))) continue
    found = asHouse(await advance(cmd, asSigner(found, signer), 'sent'))
  }
  await store.setReminder(cmd.tx, found.envelope, reminderAt(found, found.envelope.reminded))
}

async function sendWaiting(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) {
    const running = await app.db.reading(code, (tx) => store.listRunning(tx, code))
    for (const { id } of running) while (await sendBatch(app, code, id));
  }
}

/** @returns whether there may be more. */
const sendBatch = (app: App, county: string, campaignId: string): Promise<boolean> =>
  runSystem(app, county, async (cmd) => {
    // Paused meanwhile: what is left waits.
    if ((await store.findCampaign(cmd.tx, county, campaignId))?.state !== 'running') return false
    const rows = await store.lockWaiting(cmd.tx, county, campaignId, BATCH)
    for (const { id } of rows) await invite(cmd, id)
    return rows.length === BATCH
  })

async function remind(cmd: Command, id: string): Promise<void> {
  let found = await findEnvelope(cmd, id)
  const told = found.envelope.reminded
  const open = isOpen(found.envelope.state as EnvelopeState)
  if (!open || found.campaign.state === 'closed') return store.setReminder(cmd.tx, found.envelope, null)
  // Whoever paused it did not want anybody disturbed; the day after will do.
  if (found.campaign.state !== 'running')
    return store.setReminder(cmd.tx, found.envelope, new Date(cmd.now.getTime() + DAY_MS))
  for (const signer of turns(found)) {
    if (signer.state === 'waiting') continue
    if (!(await tell(cmd, found, signer, `reminder${told + 1}`))) continue
    found = asHouse(await note(cmd, asSigner(found, signer), 'reminded', { time: told + 1 }))
  }
  await note(
    cmd,
    found,
    'reminderPlanned',
    {},
    { envelope: { reminded: told + 1, remindAt: reminderAt(found, told + 1) } },
  )
}

async function remindDue(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) {
    for (let more = true; more;)
      more = await runSystem(app, code, async (cmd) => {
        const rows = await store.lockDueReminders(cmd.tx, code, cmd.now, BATCH)
        for (const { id } of rows) await remind(cmd, id)
        return rows.length === BATCH
      })
  }
}

async function expireDue(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) {
    for (let more = true; more;)
      more = await runSystem(app, code, async (cmd) => {
        const rows = await store.lockExpired(cmd.tx, code, cmd.now, BATCH)
        for (const { id } of rows) await advance(cmd, await findEnvelope(cmd, id), 'expired')
        return rows.length === BATCH
      })
  }
}

export const sendingSweeps: Sweep[] = [
  { name: 'signing.send_invitations', everySeconds: 2, run: sendWaiting },
  { name: 'signing.send_reminders', everySeconds: 60, run: remindDue },
  { name: 'signing.expire_letters', everySeconds: 60, run: expireDue },
]

/** A sealed letter files itself into the household's service file (一户两档), where its signer lives in one. */
async function fileLetter(cmd: Command, envelopeId: string): Promise<void> {
  const { envelope, letter, campaign } = await findEnvelope(cmd, envelopeId)
  if (envelope.subjectKind !== 'person' || !envelope.subjectId) return
  const [person] = await knownPeople(cmd, cmd.county, { ids: [envelope.subjectId] })
  if (!person?.householdId) return
  await addToServiceFile(cmd, {
    householdId: person.householdId,
    personId: person.id,
    kind: 'letter',
    byLabel: campaign.byLabel,
    refId: envelope.id,
    at: envelope.sealedAt ?? cmd.now,
    summary: `已签署《${letter.name}》（${campaign.organiser}）`,
  })
}

export const campaignHandlers = [
  on(
    EnvelopeSigned,
    'signing.invite_next',
    async (cmd, entry) => {
      const { envelope } = await findEnvelope(cmd, entry.subjectId)
      if (isOpen(envelope.state as EnvelopeState)) await invite(cmd, entry.subjectId)
    },
    ({ body }) => body.left > 0,
  ),
  on(EnvelopeSealed, 'signing.file_letter', (cmd, entry) => fileLetter(cmd, entry.subjectId)),
]
