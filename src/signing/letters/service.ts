import type { App } from '../../kernel/app.ts'
import { countiesOf } from '../../kernel/app.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { constraintOf } from '../../kernel/db.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, requireActor } from '../../kernel/grants.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import type { Sweep } from '../../kernel/jobs.ts'
import { decodeCursor, pageOf } from '../../kernel/pages.ts'
import { postLabel, postsHeld } from '../../grid/index.ts'
import { record } from '../../ledger/index.ts'
import { workshopOf } from '../workshop.ts'
import {
  LetterChanged,
  type ChangeLetter,
  type DraftLetter,
  type LetterBrief,
  type LetterPage,
  type LetterView,
  type ListLetters,
} from './contract.ts'
import { sampleValues } from './sample-values.ts'
import { shippedLetters } from './shipped.ts'
import { fillTemplate, requireTemplate, templateHash, type LetterTemplate } from './template.ts'
import * as store from './store.ts'

const LIMIT = 20
const templateIn = (row: store.LetterRow): LetterTemplate => row.template as LetterTemplate

const brief = (cmd: Command, row: store.LetterRow): LetterBrief => ({
  id: row.id,
  version: row.version,
  code: row.code,
  name: row.name,
  hash: row.hash,
  state: row.state as LetterBrief['state'],
  shipped: row.shipped,
  signers: templateIn(row).signers.map(({ role }) => role),
  seal: templateIn(row).seal,
  byLabel: row.byLabel,
  approvedLabel: row.approvedLabel,
  approvedAt: row.approvedAt?.toISOString() ?? null,
  updatedAt: row.updatedAt.toISOString(),
  mine: row.byAccount !== null && row.byAccount === cmd.actor.id,
})

/** Letters hold for the whole county: whoever may do this anywhere may do it. @throws kernel.forbidden, kernel.wrong_purpose */
const requireAnywhere = (cmd: Command, action: string): void => void grantedPaths(cmd, action)

/** The post in which somebody acts, as people say it. */
export async function actingLabel(cmd: Command): Promise<string> {
  const [post] = await postsHeld(cmd)
  return post ? postLabel(cmd, post) : cmd.actor.label
}

export async function listLetters(cmd: Command, query: ListLetters): Promise<LetterPage> {
  requireAnywhere(cmd, 'signing.read')
  const limit = query.limit ?? LIMIT
  const before = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const rows = await store.listLetters(cmd.tx, cmd.county, { state: query.state ?? null, before, limit: limit + 1 })
  const page = pageOf(rows, limit, (row) => [row.id])
  return { ...page, items: page.items.map((row) => brief(cmd, row)) }
}

async function letterOf(cmd: Command, id: string): Promise<store.LetterRow> {
  const row = await store.findLetter(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  return row
}

const holds = (cmd: Command, action: string): boolean =>
  cmd.grants.some((grant) => grant.action === action && grant.purpose === cmd.purpose)

const view = (cmd: Command, row: store.LetterRow): LetterView => ({
  ...brief(cmd, row),
  template: templateIn(row),
  mayApprove: row.state === 'draft' && row.byAccount !== cmd.actor.id && holds(cmd, 'signing.approve'),
})

export async function showLetter(cmd: Command, id: string): Promise<LetterView> {
  requireAnywhere(cmd, 'signing.read')
  return view(cmd, await letterOf(cmd, id))
}

/** Begins a letter, from another one or from nothing. @throws signing.bad_template */
export async function draftLetter(cmd: Command, input: DraftLetter): Promise<LetterView> {
  requireAnywhere(cmd, 'signing.manage')
  requireActor(cmd, 'staff')
  requireTemplate(input.template)
  const basedOn = input.basedOn ? (await letterOf(cmd, input.basedOn)).id : null
  const row: store.LetterRow = {
    county: cmd.county,
    id: uuidv7(cmd.now),
    version: 1,
    code: input.template.code,
    name: input.template.title,
    hash: templateHash(input.template),
    template: JSON.parse(JSON.stringify(input.template)) as store.LetterRow['template'],
    state: 'draft',
    shipped: false,
    basedOn,
    byAccount: cmd.actor.id,
    byLabel: await actingLabel(cmd),
    approvedBy: null,
    approvedLabel: null,
    approvedAt: null,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
  await store.insertLetters(cmd.tx, [{ ...row, template: JSON.stringify(input.template) }])
  await record(cmd, LetterChanged, row, { act: 'drafted', letterCode: row.code, letterHash: row.hash })
  return view(cmd, row)
}

async function saved(
  cmd: Command,
  row: store.LetterRow,
  act: string,
  change: Parameters<typeof store.saveLetter>[2],
): Promise<LetterView> {
  const next = await store.saveLetter(cmd.tx, row, { ...change, updatedAt: cmd.now }).catch((error: unknown) => {
    throw constraintOf(error) === 'signing_letter_hash' ? new Fault('signing.letter_known') : error
  })
  if (!next) throw new Fault('kernel.stale', { version: row.version })
  await record(cmd, LetterChanged, next, { act, letterCode: next.code, letterHash: next.hash })
  return view(cmd, next)
}

async function lettersVersion(cmd: Command, id: string, version: number): Promise<store.LetterRow> {
  const row = await letterOf(cmd, id)
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

/** @throws signing.letter_fixed once it was approved, signing.bad_template, kernel.stale */
export async function changeLetter(cmd: Command, id: string, input: ChangeLetter): Promise<LetterView> {
  requireAnywhere(cmd, 'signing.manage')
  const row = await lettersVersion(cmd, id, input.version)
  if (row.state !== 'draft') throw new Fault('signing.letter_fixed')
  requireTemplate(input.template)
  const { code, title: name } = input.template
  const byLabel = await actingLabel(cmd)
  const change = { code, name, hash: templateHash(input.template), template: JSON.stringify(input.template) }
  return saved(cmd, row, 'changed', { ...change, byAccount: cmd.actor.id, byLabel })
}

/** From now on the letter can be used, and never changes. @throws signing.own_approval, signing.letter_known */
export async function approveLetter(cmd: Command, id: string, version: number): Promise<LetterView> {
  requireAnywhere(cmd, 'signing.approve')
  const row = await lettersVersion(cmd, id, version)
  if (row.state !== 'draft') throw new Fault('signing.letter_fixed')
  if (row.byAccount === cmd.actor.id) throw new Fault('signing.own_approval')
  const approved = { approvedBy: cmd.actor.id, approvedLabel: await actingLabel(cmd), approvedAt: cmd.now }
  return saved(cmd, row, 'approved', { state: 'approved', ...approved })
}

/** Nobody begins anything new with it; what was signed stands. */
export async function retireLetter(cmd: Command, id: string, version: number): Promise<LetterView> {
  requireAnywhere(cmd, 'signing.approve')
  const row = await lettersVersion(cmd, id, version)
  if (row.state === 'retired') return view(cmd, row)
  return saved(cmd, row, 'retired', { state: 'retired' })
}

/** The letter with invented values, as it will be printed. @throws signing.bad_template */
export async function previewLetter(cmd: Command, template: LetterTemplate): Promise<Buffer> {
  requireAnywhere(cmd, 'signing.read')
  requireTemplate(template)
  const values = sampleValues(template)
  const day = new Date(cmd.now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const plain = { lines: [], strokes: null, seal: null }
  const signers = template.signers.map(({ role, name }) => ({ ...plain, role, name: String(values[name]), typed: '' }))
  const sealing = template.seal
    ? [{ ...plain, role: template.seal, name: '（用章单位）', typed: '', seal: '样章' }]
    : []
  const pdf = await workshopOf(cmd.ports).printers.print(
    {
      title: template.title,
      number: '样例',
      issuer: '样例',
      date: [year, month, date],
      dated: `${year}年${month}月${date}日`,
      footer: '样例，不具效力',
      blocks: fillTemplate(template, values),
      parties: [...signers, ...sealing],
      evidence: '',
    },
    cmd.now,
  )
  return Buffer.from(pdf)
}

/** Gives a county the letters that come with the house; those it has already stay as they are. @returns how many were new. */
export async function loadShipped(cmd: Command): Promise<number> {
  const shipped = shippedLetters().map((template) => ({ template, hash: templateHash(template) }))
  const known = await store.knownHashes(
    cmd.tx,
    cmd.county,
    shipped.map(({ hash }) => hash),
  )
  const rows = shipped
    .filter(({ hash }) => !known.has(hash))
    .map(({ template, hash }) => ({
      county: cmd.county,
      id: uuidv7(cmd.now),
      version: 1,
      code: template.code,
      name: template.title,
      hash,
      template: JSON.stringify(template),
      state: 'approved',
      shipped: true,
      byLabel: '随系统提供',
      approvedLabel: '随系统提供',
      approvedAt: cmd.now,
      createdAt: cmd.now,
      updatedAt: cmd.now,
    }))
  await store.insertLetters(cmd.tx, rows)
  for (const row of rows)
    await record(cmd, LetterChanged, row, { act: 'shipped', letterCode: row.code, letterHash: row.hash })
  return rows.length
}

const loaded = new WeakMap<App, Set<string>>()

async function loadEverywhere(app: App): Promise<void> {
  const done = loaded.get(app) ?? new Set<string>()
  loaded.set(app, done)
  for (const { code } of await countiesOf(app)) {
    if (done.has(code)) continue
    await runSystem(app, code, loadShipped)
    done.add(code)
  }
}

export const letterSweeps: Sweep[] = [{ name: 'signing.load_letters', everySeconds: 60, run: loadEverywhere }]
