import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { writeSheets, XLSX_TYPE } from '../../kernel/sheet-writer.ts'
import { cleanText } from '../../kernel/text.ts'
import { nameOf } from '../../identity/index.ts'
import { postLabel, postsHeld } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { scopeOf, type Ranges } from '../access.ts'
import { actingAs } from '../writing.ts'
import { requireTag } from '../tags/rules.ts'
import { EXPORT_ROWS_MAX, RosterExported, type ExportRoster } from './contract.ts'
import { headings, inWords, sheetWords, titles } from './roster-words.ts'
import { rosterPages } from './rosters.ts'
import { insertExport } from './store.ts'

const filled = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

/** An instant as a county's clerks write it: 2026-11-21 15:30, Beijing time. */
const written = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

interface Begun {
  id: string
  ranges: Ranges
  reason: string
  at: Date
}

/**
 * Writes down who takes which roster out and what for, before the first row leaves.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose, registry.export_reason_needed
 */
async function beginExport(cmd: Command, input: ExportRoster): Promise<Begun> {
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  const ranges = scopeOf(cmd, 'registry.export', input.area)
  if (input.tag !== undefined && requireTag(input.tag).sensitive === true)
    for (const path of ranges.low) requireGrant(cmd, 'registry.unmask', path)
  const reason = cleanText(input.reason, { maxLength: 200, path: 'reason' })
  if ([...reason].length < 4) throw new Fault('registry.export_reason_needed')
  const id = uuidv7(cmd.now)
  const salt = randomBytes(16)
  const { list } = input
  const filters = (['registration', 'tag', 'use'] as const).flatMap((field) =>
    input[field] === undefined ? [] : [`${field}=${input[field]}`],
  )
  const areaPaths = [...ranges.low]
  await insertExport(cmd.tx, cmd.county, {
    id,
    list,
    areaPaths,
    filters,
    reason,
    salt,
    byAccount: cmd.actor.id,
    byLabel: await actingAs(cmd, areaPaths[0]!),
    at: cmd.now,
  })
  const commitment = cmd.vault.commitment(salt, reason).toString('hex')
  await record(cmd, RosterExported, { id, version: 1 }, { list, areaPaths, filters, commitment })
  return { id, ranges, reason, at: cmd.now }
}

/** Post and name of whoever exports. */
const exporter = async (cmd: Command): Promise<string> => {
  const post = (await postsHeld(cmd))[0]
  const name = await nameOf(cmd, cmd.actor.id ?? '')
  return [post ? await postLabel(cmd, post, cmd.locale) : cmd.actor.label, name].filter(Boolean).join(' ')
}

/**
 * A roster as an xlsx file, row by row as it is read: who, when, what for and which filter at its head and on every printed
 * page, and a mark on every row, which stays with rows that are copied out. Numbers are masked.
 */
export async function exportRoster(
  req: FastifyRequest,
  reply: FastifyReply,
  input: ExportRoster,
): Promise<FastifyReply> {
  const begun = await req.command((cmd) => beginExport(cmd, input))
  const { locale } = req
  const who = await req.read(exporter)
  const t = (words: Parameters<typeof inWords>[0], values: Record<string, string | number> = {}): string =>
    filled(inWords(words, locale), values)
  const at = written(begun.at)
  const head = t(sheetWords.by, { who, at, reason: begun.reason, id: begun.id, said: input.said || '—' })
  const mark = `${who} ${at} ${begun.id.slice(-8)}`
  const columns = headings[input.list].map((words) => t(words))
  async function* rows(): AsyncGenerator<string[]> {
    yield [head]
    yield [...columns, t(sheetWords.mark)]
    let count = 0
    for await (const page of rosterPages(req, input, begun.ranges)) {
      for (const row of page) {
        if (count === EXPORT_ROWS_MAX) return yield [t(sheetWords.cut, { count })]
        count++
        yield [...row, mark]
      }
    }
    yield [t(sheetWords.all, { count })]
  }
  const title = t(titles[input.list])
  const widths = [...columns.map(() => 18), 40]
  const printHead = `${title}　${mark}`
  reply
    .type(XLSX_TYPE)
    .header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(`${title}-${begun.id.slice(-8)}.xlsx`)}`,
    )
  return reply.send(writeSheets([{ name: title, headings: 2, widths, printHead, rows: rows() }]))
}
