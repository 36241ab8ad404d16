import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv5 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { record } from '../../ledger/index.ts'
import {
  NotifySettingSaved,
  WordingSaved,
  type MessageWording,
  type NotifySetting,
  type SaveWording,
} from './contract.ts'
import { dropKept, kept } from '../kept.ts'
import { findMessageText, messageTexts, placeholdersOf, unknownPlaceholders, type MessageText } from './rules.ts'
import * as store from './store.ts'

/** Namespace of the ledger subjects of this room that have a name and no id of their own. */
const SUBJECTS = 'c1f3a5de-6a53-5d5c-9a3c-2b1f1f0d7a10'

function present(text: MessageText, row: store.WordingRow | undefined): MessageWording {
  const shipped = {
    titleZh: text.zh.title,
    bodyZh: text.zh.body,
    titleEn: text.en.title,
    bodyEn: text.en.body,
    channels: [...text.channels],
  }
  return {
    name: text.name,
    titleZh: row?.titleZh ?? text.zh.title,
    bodyZh: row?.bodyZh ?? text.zh.body,
    titleEn: row?.titleEn ?? text.en.title,
    bodyEn: row?.bodyEn ?? text.en.body,
    channels: [...(row?.channels ?? text.channels)],
    aliyunCode: row?.providerCodes.aliyun ?? null,
    tencentCode: row?.providerCodes.tencent ?? null,
    version: row?.version ?? 0,
    shipped,
    followZh: text.follow?.zh ?? '',
    followEn: text.follow?.en ?? '',
    code: text.kind === 'code',
    params: placeholdersOf(text),
    urgent: text.urgent,
    own: row !== undefined && differs(row, shipped),
  }
}

/** Whether the county says something else than the product would, or on other ways. */
const differs = (row: store.WordingRow, shipped: MessageWording['shipped']): boolean =>
  (['titleZh', 'bodyZh', 'titleEn', 'bodyEn'] as const).some((field) => row[field] !== shipped[field]) ||
  row.channels.toSorted().join() !== shipped.channels.toSorted().join()

export async function listWordings(cmd: Command): Promise<{ items: MessageWording[] }> {
  requireGrant(cmd, 'notify.read', cmd.county)
  const rows = new Map((await store.listWordings(cmd.tx, cmd.county)).map((row) => [row.name, row]))
  return { items: messageTexts().map((text) => present(text, rows.get(text.name))) }
}

/**
 * Gives a message the county's own wording.
 *
 * @throws notify.unknown_placeholder when a text names something the message does not carry.
 */
export async function saveWording(cmd: Command, name: string, input: SaveWording): Promise<MessageWording> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const text = findMessageText(name)
  if (!text) throw new Fault('notify.unknown_message')
  const line = { minLength: 1, maxLength: 60 }
  const lines = { minLength: 1, maxLength: 300 }
  const row: store.WordingRow = {
    county: cmd.county,
    name,
    titleZh: cleanText(input.titleZh, line),
    bodyZh: cleanText(input.bodyZh, lines),
    titleEn: cleanText(input.titleEn, line),
    bodyEn: cleanText(input.bodyEn, lines),
    channels: input.channels,
    providerCodes: { aliyun: input.aliyunCode, tencent: input.tencentCode },
    version: input.version + 1,
    updatedAt: cmd.now,
  }
  for (const pattern of [row.titleZh, row.bodyZh, row.titleEn, row.bodyEn]) {
    const [placeholder] = unknownPlaceholders(pattern, placeholdersOf(text))
    if (placeholder !== undefined) {
      throw new Fault('notify.unknown_placeholder', {
        placeholder: `{${placeholder}}`,
        allowed: text.params.map((one) => `{${one}}`).join(' '),
      })
    }
  }
  if (!(await store.saveWording(cmd.tx, row))) throw new Fault('kernel.stale')
  dropKept(cmd, 'wordings')
  await record(
    cmd,
    WordingSaved,
    { id: uuidv5(SUBJECTS, `${cmd.county}|wording|${name}`), version: row.version },
    { name, channels: row.channels },
  )
  return present(text, row)
}

export async function getSetting(cmd: Command): Promise<NotifySetting> {
  requireGrant(cmd, 'notify.read', cmd.county)
  const row = await store.findSetting(cmd.tx, cmd.county)
  return { smsSignName: row?.smsSignName ?? null, version: row?.version ?? 0 }
}

export async function saveSetting(cmd: Command, input: NotifySetting): Promise<NotifySetting> {
  requireGrant(cmd, 'notify.manage', cmd.county)
  const smsSignName =
    input.smsSignName === null
      ? null
      : cleanText(input.smsSignName, { minLength: 2, maxLength: 20, path: 'smsSignName' })
  const row = { county: cmd.county, smsSignName, version: input.version + 1, updatedAt: cmd.now }
  if (!(await store.saveSetting(cmd.tx, row))) throw new Fault('kernel.stale')
  dropKept(cmd, 'setting')
  await record(
    cmd,
    NotifySettingSaved,
    { id: uuidv5(SUBJECTS, `${cmd.county}|setting`), version: row.version },
    { smsSignName },
  )
  return { smsSignName, version: row.version }
}

type Reader = Pick<Command, 'tx' | 'county' | 'ports'>

/** The message as this county words it. Undefined: nobody defined a message of this name. */
export async function textFor(cmd: Reader, name: string): Promise<CountyText | undefined> {
  const text = findMessageText(name)
  if (!text) return undefined
  const rows = await kept(cmd, 'wordings', () => store.listWordings(cmd.tx, cmd.county))
  const row = rows.find((one) => one.name === name)
  if (!row) return { ...text, providerCodes: {} }
  return {
    ...text,
    channels: row.channels,
    zh: { title: row.titleZh, body: row.bodyZh },
    en: { title: row.titleEn, body: row.bodyEn },
    providerCodes: row.providerCodes,
  }
}

export type CountyText = MessageText & { readonly providerCodes: store.WordingRow['providerCodes'] }

/** The county's own SMS signature, if it has one. */
export async function smsSignName(cmd: Reader): Promise<string | null> {
  const row = await kept(cmd, 'setting', () => store.findSetting(cmd.tx, cmd.county))
  return row?.smsSignName ?? null
}
