import { runSystem, type Command } from '../../kernel/command.ts'
import { countiesOf, type App } from '../../kernel/app.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import type { SmsReceipt, SmsOutcome, SmsSender } from '../../kernel/ports.ts'
import { record } from '../../ledger/index.ts'
import { smsSignName, textFor } from '../wording/index.ts'
import { SmsForgotten } from './contract.ts'
import { afterAsking, afterSending, LEASE_SECONDS, type Change, type ProviderMessage } from './rules.ts'
import { senderOf } from './provider.ts'
import * as store from './store.ts'

/** Messages taken at once; small, so that a stopping process has little to finish. */
const BATCH = 10
const DAY_MS = 86_400_000
/** Phone and text are forgotten this long after a message was written. */
const CONTENT_DAYS = 7
/** The masked row is kept this long as a record that something was sent. */
const ROW_DAYS = 180

type Task = { row: store.SmsRow; send: ProviderMessage } | { row: store.SmsRow; send: null; phone: string }

/**
 * Works off what is due in one county: sends, asks for receipts, takes over from senders that died.
 *
 * Three steps that never share a transaction: mark, call the provider, write down. Whoever dies in between leaves
 * `sending` behind, which the next one reads as «unknown».
 * @returns how many messages were handled; 0 when there was nothing to do.
 */
export async function sendDue(app: App, county: string): Promise<number> {
  const idle = !(await app.db.reading(county, (tx) => store.hasDue(tx, county, app.clock.now())))
  if (idle) return 0
  const sender = await senderOf(app, county)
  const { tasks, handled } = await runSystem(app, county, (cmd) => takeDue(cmd, sender.name))
  await Promise.all(
    tasks.map((task) =>
      task.send ? sendOne(app, sender, { row: task.row, message: task.send }) : askOne(app, sender, task),
    ),
  )
  return handled
}

/** Marks due messages as being worked on; what is out of date or cannot be sent is settled at once. */
async function takeDue(cmd: Command, provider: string): Promise<{ tasks: Task[]; handled: number }> {
  const tasks: Task[] = []
  const rows = await store.lockDue(cmd.tx, cmd.county, { now: cmd.now, limit: BATCH })
  const lease = new Date(cmd.now.getTime() + LEASE_SECONDS * 1000)
  for (const row of rows) {
    const change = { now: cmd.now, asks: row.asks }
    if (row.state === 'sending') {
      await store.saveChange(cmd.tx, row, { ...change, state: 'unknown', nextAt: cmd.now })
    } else if (row.state !== 'queued') {
      const phone = row.phoneSealed ? cmd.vault.open(cmd.county, row.phoneSealed) : null
      await store.saveChange(cmd.tx, row, { ...change, state: row.state, nextAt: phone === null ? null : lease })
      if (phone !== null) tasks.push({ row, send: null, phone })
    } else {
      const { message, refusal } = await messageOf(cmd, row, provider)
      if (!message) {
        await store.saveChange(cmd.tx, row, { ...change, state: 'failed', nextAt: null, refusal })
        continue
      }
      const attempts = row.attempts + 1
      await store.saveChange(cmd.tx, row, {
        ...change,
        state: 'sending',
        nextAt: lease,
        attempts,
        sentAt: cmd.now,
        provider,
      })
      tasks.push({ row: { ...row, state: 'sending', attempts, sentAt: cmd.now }, send: message })
    }
  }
  return { tasks, handled: rows.length }
}

async function messageOf(
  cmd: Command,
  row: store.SmsRow,
  provider: string,
): Promise<{ message?: ProviderMessage; refusal: string }> {
  if (row.expiresAt <= cmd.now || !row.phoneSealed || !row.paramsSealed || !row.textSealed)
    return { refusal: 'expired' }
  const text = await textFor(cmd, row.template)
  const codes: Record<string, string | null | undefined> = text?.providerCodes ?? {}
  const template = provider === 'outbox' ? row.template : codes[provider]
  if (!template) return { refusal: 'no_template' }
  const signName = (await smsSignName(cmd)) ?? undefined
  const message = {
    id: row.id,
    phone: cmd.vault.open(cmd.county, row.phoneSealed),
    template,
    params: JSON.parse(cmd.vault.open(cmd.county, row.paramsSealed)) as Record<string, string>,
    text: cmd.vault.open(cmd.county, row.textSealed),
    signName,
  }
  return { message, refusal: '' }
}

async function sendOne(
  app: App,
  sender: SmsSender,
  { row, message }: { row: store.SmsRow; message: ProviderMessage },
): Promise<void> {
  let answer: SmsOutcome | undefined
  try {
    answer = await sender.send(message)
  } catch (error) {
    app.log.warn(
      { sms: row.id, provider: sender.name, error: (error as Error).name },
      'outcome of a message is unknown',
    )
  }
  await writeDown(app, row, (now) => afterSending(row, answer, now))
}

async function askOne(
  app: App,
  sender: SmsSender,
  { row, phone }: { row: store.SmsRow; phone: string },
): Promise<void> {
  let receipt: SmsReceipt | undefined
  try {
    receipt = await sender.receipt({
      id: row.id,
      providerId: row.providerId,
      phone,
      at: row.sentAt ?? row.createdAt,
    })
  } catch (error) {
    app.log.warn(
      { sms: row.id, provider: sender.name, error: (error as Error).name },
      'a receipt could not be asked for',
    )
  }
  await writeDown(app, row, (now) => afterAsking(row, receipt, now))
}

async function writeDown(app: App, row: store.SmsRow, decide: (now: Date) => Change): Promise<void> {
  await runSystem(app, row.county, (cmd) => store.saveChange(cmd.tx, row, { ...decide(cmd.now), now: cmd.now }))
}

export const smsSweeps: Sweep[] = [
  {
    name: 'notify.forget_sms',
    everySeconds: 3600,
    async run(app) {
      for (const { code } of await countiesOf(app)) await forgetSms(app, code)
    },
  },
]

/**
 * Deletes on schedule: contents after a week, rows after half a year, throttle windows after two days. What was deleted is
 * counted in the ledger.
 */
export async function forgetSms(app: App, county: string): Promise<void> {
  await runSystem(app, county, async (cmd) => {
    const before = (days: number) => new Date(cmd.now.getTime() - days * DAY_MS)
    const contents = await store.wipeContents(cmd.tx, county, before(CONTENT_DAYS))
    const rows = await store.deleteOldSms(cmd.tx, county, before(ROW_DAYS))
    await store.deleteOldThrottles(cmd.tx, county, before(2))
    if (contents + rows > 0) await record(cmd, SmsForgotten, { id: uuidv7(cmd.now), version: 1 }, { contents, rows })
  })
}
