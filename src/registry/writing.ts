import { randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Command } from '../kernel/command.ts'
import { randomSlice } from '../kernel/crypto.ts'
import { Fault } from '../kernel/faults.ts'
import { isWithin } from '../kernel/grants.ts'
import { uuidv7 } from '../kernel/ids.ts'
import { cleanText } from '../kernel/text.ts'
import { postLabel, postsHeld } from '../grid/index.ts'
import { requireSecondFactor } from '../identity/index.ts'
import { entryOf, merkleRoot, record, recordAll } from '../ledger/index.ts'
import { BatchSaved, RecordChanged, RecordUnmasked, type Source, type SubjectKind } from './contract.ts'
import { insertChanges, insertUnmasking, type ChangeRow } from './store.ts'

/** One record's step from a version to the next. */
export interface RecordChange {
  kind: SubjectKind
  id: string
  version: number
  areaPath: string
  /** registered, corrected, moved, closed … */
  act: string
  changes: Record<string, [before: unknown, after: unknown]>
}

/** Why a record changes, and who said so. */
export interface Why {
  source: Source
  reason: string
}

const SALT_BYTES = 16

export const reasonOf = (text: string | undefined): string => cleanText(text ?? '', { maxLength: 200, path: 'reason' })

/** @throws registry.reason_needed */
export function requireReason(text: string): string {
  const kept = reasonOf(text)
  if ([...kept].length < 2) throw new Fault('registry.reason_needed')
  return kept
}

function changeRow(
  cmd: Command,
  change: RecordChange,
  why: Why & { byLabel: string },
): ChangeRow & { commitment: Buffer } {
  const salt = randomSlice(SALT_BYTES)
  const words = canonicalize(change.changes) ?? ''
  return {
    subjectId: change.id,
    version: change.version,
    subjectKind: change.kind,
    areaPath: change.areaPath,
    act: change.act,
    fields: [...new Set(Object.keys(change.changes).map(plainName))],
    source: why.source,
    reason: why.reason,
    byAccount: cmd.actor.id,
    byLabel: why.byLabel,
    at: cmd.now,
    changesSealed: cmd.vault.seal(cmd.county, words),
    salt,
    batchId: null,
    batchPosition: null,
    commitment: cmd.vault.commitment(salt, words),
  }
}

/**
 * Writes the history of some records and an entry of the ledger for each, in the command's own transaction.
 *
 * @throws kernel.stale when another writer has recorded the version of one of them.
 */
export async function recordChanges(cmd: Command, changes: readonly RecordChange[], why: Why): Promise<void> {
  if (changes.length === 0) return
  const byLabel = await actingAs(cmd, changes[0]!.areaPath)
  const rows = changes.map((change) => changeRow(cmd, change, { ...why, byLabel }))
  await insertChanges(cmd.tx, cmd.county, rows)
  const entries = changes.map((change, at) => {
    const { kind, act, areaPath, id, version } = change
    const commitment = rows[at]!.commitment.toString('hex')
    const body = { act, areaPath, source: why.source, fields: Object.keys(change.changes).map(fieldName), commitment }
    return entryOf(cmd, RecordChanged[kind], { id, version }, { ...body, fields: [...new Set(body.fields)] })
  })
  await recordAll(cmd, entries)
}

/** `residence:<id>` and `tag:<code>` are told apart in the history, not in the ledger. */
const fieldName = (field: string): string => field.split(':')[0]!

/** As the row names it in the open: which group of details, never which tag. */
const plainName = (field: string): string => (field.startsWith('details:') ? field : fieldName(field))

/** How many records one entry of the ledger binds. */
export const BATCH_RECORDS = 5_000

/** The leaf of one record in a batch: who it is, which version, and the commitment to what changed. */
export const batchLeaf = ({ kind, id, version, commitment }: BatchLeaf): Buffer =>
  // As canonicalize would write it: codes, ids and hex need no escaping.
  Buffer.from(`{"commitment":"${commitment}","id":"${id}","kind":"${kind}","version":${version}}`, 'utf8')

interface BatchLeaf {
  kind: string
  id: string
  version: number
  commitment: string
}

/**
 * Many changes as one entry of the ledger, written as they come: the entry carries the Merkle root of their hashes; each record's
 * history says which batch and which place in it.
 */
export class ChangeBatch {
  readonly id: string
  readonly #cmd: Command
  readonly #why: Why
  readonly #leaves: Buffer[] = []
  #byLabel: Promise<string> | undefined
  readonly #counts = new Map<SubjectKind, number>()

  constructor(cmd: Command, why: Why) {
    this.#cmd = cmd
    this.#why = why
    this.id = uuidv7(cmd.now)
  }

  /** Writes the history of some records; the batch is not whole before it is closed. @throws kernel.stale */
  async note(changes: readonly RecordChange[]): Promise<void> {
    if (changes.length === 0) return
    this.#byLabel ??= actingAs(this.#cmd, changes[0]!.areaPath)
    const why = { ...this.#why, byLabel: await this.#byLabel }
    const rows = changes.map((change) => {
      const row = { ...changeRow(this.#cmd, change, why), batchId: this.id, batchPosition: this.#leaves.length }
      const { subjectKind: kind, subjectId: id, version, commitment } = row
      this.#leaves.push(batchLeaf({ kind, id, version, commitment: commitment.toString('hex') }))
      this.#counts.set(change.kind, (this.#counts.get(change.kind) ?? 0) + 1)
      return row
    })
    await insertChanges(this.#cmd.tx, this.#cmd.county, rows)
  }

  /** Records the entry. @returns the batch's id, subject of the entry; none where nothing was noted. */
  async close(): Promise<string[]> {
    if (this.#leaves.length === 0) return []
    const kinds = [...this.#counts].map(([kind, records]) => ({ kind, records }))
    const root = merkleRoot(this.#leaves).toString('hex')
    const body = { source: this.#why.source, records: this.#leaves.length, kinds, root }
    await record(this.#cmd, BatchSaved, { id: this.id, version: 1 }, body)
    return [this.id]
  }
}

/** The same for changes that are there already, one entry for every 5,000. @returns the batches' ids. */
export async function recordBatch(cmd: Command, changes: readonly RecordChange[], why: Why): Promise<string[]> {
  const batches: string[] = []
  for (let from = 0; from < changes.length; from += BATCH_RECORDS) {
    const batch = new ChangeBatch(cmd, why)
    await batch.note(changes.slice(from, from + BATCH_RECORDS))
    batches.push(...(await batch.close()))
  }
  return batches
}

/** How changes are recorded: an entry each (false), one for thousands (true), or in a batch that the caller closes. */
export type Recording = boolean | ChangeBatch

/** Records changes as it was asked for. @throws kernel.stale */
export async function noteChanges(
  cmd: Command,
  changes: readonly RecordChange[],
  why: Why,
  recording: Recording,
): Promise<void> {
  if (recording instanceof ChangeBatch) await recording.note(changes)
  else await (recording ? recordBatch(cmd, changes, why) : recordChanges(cmd, changes, why))
}

/** The post in which somebody acts on a record at this place, in words: whoever it is about is told no more than that. */
export async function actingAs(cmd: Command, areaPath: string): Promise<string> {
  const held = await postsHeld(cmd)
  const post = held.find((one) => isWithin(areaPath, one.areaPath)) ?? held[0]
  return post ? postLabel(cmd, post) : cmd.actor.label
}

/**
 * Notes a look behind the mask: asks for the second factor where the county does, keeps the reason, leaves an entry. The
 * calling sub-room has checked `registry.unmask` at the record's place.
 *
 * @throws identity.second_factor_needed, kernel.invalid_input without a reason.
 */
export async function noteLook(
  cmd: Command,
  look: { kind: Exclude<SubjectKind, 'building'>; id: string; areaPath: string; fields: string[]; reason: string },
): Promise<void> {
  await requireSecondFactor(cmd)
  if (!cmd.actor.id) throw new Fault('kernel.unauthenticated')
  const reason = cleanText(look.reason, { maxLength: 200, minLength: 4, path: 'reason' })
  const salt = randomBytes(SALT_BYTES)
  const id = uuidv7(cmd.now)
  await insertUnmasking(cmd.tx, cmd.county, {
    id,
    subjectKind: look.kind,
    subjectId: look.id,
    byAccount: cmd.actor.id,
    byLabel: await actingAs(cmd, look.areaPath),
    fields: look.fields,
    purpose: cmd.purpose,
    reason,
    salt,
    at: cmd.now,
  })
  const commitment = cmd.vault.commitment(salt, reason).toString('hex')
  const { kind, areaPath, fields } = look
  await record(cmd, RecordUnmasked, { id, version: 1 }, { kind, subject: look.id, areaPath, fields, commitment })
}
