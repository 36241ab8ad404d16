import { requireGrant } from '../kernel/grants.ts'
import { type App, countiesOf } from '../kernel/app.ts'
import { type Command, runSystem, systemActor } from '../kernel/command.ts'
import { Fault, type Locale } from '../kernel/faults.ts'
import { uuidv5 } from '../kernel/ids.ts'
import type { Ports } from '../kernel/ports.ts'
import { postsHeld } from '../grid/index.ts'
import { record } from '../ledger/index.ts'
import { checkContent, type KnownNames } from './check.ts'
import { PackPublished, type PackContent, type ReportKind, type ShownKind } from './contract.ts'
import { drawMermaid, drawSvg } from './diagram.ts'
import { presentForm } from './forms.ts'
import { hashOf, shippedPacks } from './load.ts'
import {
  type Beginner,
  byEntry,
  categoriesOf,
  categoryName,
  dutyBasis,
  findList,
  findText,
  itemName,
  kindName,
  mayBegin,
  moveName,
  type PackKind,
  stateName,
} from './rules.ts'
import { findKindVersion, insertVersion, listCurrent, listVersions, listVersionsOf, setCurrent } from './store.ts'
import { sayLimit } from './words.ts'

/** Every version of a pack is a subject of the ledger by this name space. */
const PACKS = '6f1d1f5e-6f0a-5b0e-9a53-0d6c2b7f9f31'
/** How long another process may go on offering the version before; a matter begun meanwhile keeps it, as any does. */
const CURRENT_MS = 5_000
const VERSIONS_MAX = 2_000

interface Cache {
  readonly versions: Map<string, PackKind>
  readonly contents: Map<string, PackContent>
  readonly current: Map<string, { until: number; kinds: ReadonlyMap<string, PackKind> }>
}
const caches = new WeakMap<Ports, Cache>()

function cacheOf(cmd: Pick<Command, 'ports'>): Cache {
  let cache = caches.get(cmd.ports)
  if (!cache) {
    cache = { versions: new Map(), contents: new Map(), current: new Map() }
    caches.set(cmd.ports, cache)
  }
  return cache
}

/** Commands that published, by what is theirs alone: what they read is not committed, so nothing of it is kept. */
const publishing = new WeakSet<Command['afterCommit']>()

type Found = { pack: string; version: number; sha256: Buffer; own: boolean; publishedAt: Date }

/** One object for one content in the whole process, whichever counties use it. */
function keep(cmd: Command, kindName: string, row: Found, content: PackContent): PackKind {
  const cache = cacheOf(cmd)
  const sha256 = row.sha256.toString('hex')
  const shared = cache.contents.get(sha256) ?? content
  const kind = shared.definition.kinds.find((candidate) => candidate.name === kindName)
  if (!kind) throw new Fault('packs.unknown_kind', { kind: kindName })
  const { pack, version, own, publishedAt } = row
  const found: PackKind = { pack, version, sha256, own, publishedAt, content: shared, kind }
  if (publishing.has(cmd.afterCommit)) return found
  if (cache.versions.size >= VERSIONS_MAX) {
    cache.versions.clear()
    cache.contents.clear()
  }
  cache.contents.set(sha256, shared)
  cache.versions.set(`${cmd.county}/${kindName}/${version}`, found)
  return found
}

/**
 * The kind in the version that a matter began with; read once a process, for a version never changes.
 *
 * @throws packs.unknown_version when the county never published it.
 */
export async function packOf(cmd: Command, kind: string, version: number): Promise<PackKind> {
  const held = cacheOf(cmd).versions.get(`${cmd.county}/${kind}/${version}`)
  if (held && !publishing.has(cmd.afterCommit)) return held
  const row = await findKindVersion(cmd.tx, cmd.county, kind, version)
  if (!row) throw new Fault('packs.unknown_version', { kind, version })
  return keep(cmd, kind, row, row.content)
}

/** The kinds that new matters of the county may begin with, by name. Read anew every 5 seconds. */
export async function currentKinds(cmd: Command): Promise<ReadonlyMap<string, PackKind>> {
  const cache = cacheOf(cmd)
  const held = cache.current.get(cmd.county)
  if (held && held.until > performance.now() && !publishing.has(cmd.afterCommit)) return held.kinds
  const kinds = new Map<string, PackKind>()
  for (const row of await listCurrent(cmd.tx, cmd.county)) {
    const known = cache.contents.get(row.sha256.toString('hex'))
    kinds.set(row.kind, known ? keep(cmd, row.kind, row, known) : await packOf(cmd, row.kind, row.version))
  }
  if (kinds.size > 0 && !publishing.has(cmd.afterCommit))
    cache.current.set(cmd.county, { until: performance.now() + CURRENT_MS, kinds })
  return kinds
}

/**
 * The kind in the version with which a new matter begins.
 *
 * A county made a moment ago has none yet: the release's packs are then published within this command.
 * @throws packs.unknown_kind when the county has no such kind.
 */
export async function currentKind(cmd: Command, kind: string): Promise<PackKind> {
  let kinds = await currentKinds(cmd)
  if (kinds.size === 0) {
    await publishShipped(cmd)
    kinds = await currentKinds(cmd)
  }
  const found = kinds.get(kind)
  if (!found) throw new Fault('packs.unknown_kind', { kind })
  return found
}

/** The next command reads the current versions anew; called when something was published. */
function forgetCurrent(cmd: Command): void {
  cmd.afterCommit(() => cacheOf(cmd).current.delete(cmd.county))
}

/**
 * Publishes a pack in the county: a new immutable version, with which new matters begin from now on. The same content as
 * an earlier version becomes current again under its old number. Matters under way keep theirs.
 *
 * @param options `own`: the county's edited copy; `known`: the names that roles, grants and effects are checked against.
 * @throws packs.broken with `problems` when check-pack finds any; kernel.conflict when a kind belongs to another pack.
 */
export async function publishPack(
  cmd: Command,
  content: PackContent,
  options: { own: boolean; known?: KnownNames },
): Promise<number> {
  const problems = checkContent(content, options.known)
  if (problems.length > 0) throw new Fault('packs.broken', { count: problems.length, problems: problems.slice(0, 50) })
  publishing.add(cmd.afterCommit)
  const pack = content.definition.name
  const sha256 = hashOf(content)
  const held = await listVersionsOf(cmd.tx, cmd.county, pack)
  const same = held.find((version) => version.sha256.equals(sha256))
  const version = same?.version ?? (held[0]?.version ?? 0) + 1
  if (!same) {
    const row = {
      county: cmd.county,
      pack,
      version,
      sha256,
      content,
      own: options.own,
      publishedBy: cmd.actor.id,
      at: cmd.now,
    }
    if (!(await insertVersion(cmd.tx, row))) return publishPack(cmd, content, options)
    const body = {
      pack,
      version,
      sha256: sha256.toString('hex'),
      own: options.own,
      kinds: content.definition.kinds.map((kind) => kind.name),
    }
    await record(cmd, PackPublished, { id: uuidv5(PACKS, `${cmd.county}/${pack}`), version }, body)
  }
  for (const kind of content.definition.kinds) {
    const row = { county: cmd.county, kind: kind.name, pack, version, at: cmd.now }
    if (!(await setCurrent(cmd.tx, row))) throw new Fault('kernel.conflict', { kind: kind.name })
  }
  forgetCurrent(cmd)
  return version
}

/** Brings the release's packs into the county. A pack of which the county keeps its own copy stays as the county has it. */
export async function publishShipped(cmd: Command): Promise<void> {
  const asSystem: Command = { ...cmd, actor: systemActor }
  const current = await listCurrent(cmd.tx, cmd.county)
  for (const content of shippedPacks()) {
    const pack = content.definition.name
    const running = current.filter((row) => row.pack === pack)
    const sha256 = hashOf(content)
    const settled =
      running.length === content.definition.kinds.length && running.every((row) => row.own || row.sha256.equals(sha256))
    if (!settled && !running.some((row) => row.own)) await publishPack(asSystem, content, { own: false })
  }
}

/** At start: every county gets what this release brought. */
export async function publishShippedEverywhere(app: App): Promise<void> {
  for (const { code } of await countiesOf(app)) await runSystem(app, code, publishShipped)
}

function shownReportKind(pack: PackKind, locale: Locale): ReportKind {
  const groups = findList(pack.content, pack.kind.categories)?.groups ?? []
  const word = (key: string) => findText(pack.content, `${pack.kind.name}.${key}`, locale) ?? ''
  return {
    kind: pack.kind.name,
    name: kindName(pack, locale),
    hint: word('hint'),
    version: pack.version,
    public: pack.kind.public,
    icon: pack.kind.entry?.icon ?? '',
    words: { text: word('text'), textHint: word('text.hint'), photos: word('photos'), send: word('send') },
    categories: categoriesOf(pack).map((item) => {
      const group = groups.find((candidate) => candidate.code === item.group)
      return {
        code: item.code,
        name: categoryName(pack, item.code, locale),
        group: item.group ?? '',
        groupName: group ? itemName(group, locale) : '',
        urgent: item.urgent === true,
        complaint: item.complaint === true,
        dutyBasis: dutyBasis(pack, item.code, locale),
      }
    }),
    form: presentForm(pack.content, pack.kind.reportForm, locale),
  }
}

/** Whether the actor may begin a matter of this kind: decided by the pack, the same for what is offered and what is taken in. */
export async function mayBeginKind(cmd: Command, pack: PackKind): Promise<boolean> {
  return mayBegin(pack.kind, await beginnerOf(cmd))
}

async function beginnerOf(cmd: Command): Promise<Beginner> {
  const held = cmd.actor.kind === 'staff' ? await postsHeld(cmd) : []
  const mayFile = cmd.grants.some((grant) => grant.action === 'loop.report')
  return { kind: cmd.actor.kind, roles: held.map((post) => post.role), mayFile }
}

/** What the report page offers this person: the kinds that they may begin, as their packs order them. */
export async function listReportKinds(cmd: Command): Promise<{ items: ReportKind[] }> {
  const kinds = await currentKinds(cmd)
  const who = await beginnerOf(cmd)
  const offered = (kinds.size > 0 ? [...kinds.values()] : shippedKinds()).filter((pack) => mayBegin(pack.kind, who))
  return {
    items: offered
      .toSorted((one, other) => byEntry(one.kind, other.kind))
      .map((pack) => shownReportKind(pack, cmd.locale)),
  }
}

/** What a county made a moment ago will have with its first matter. */
function shippedKinds(): PackKind[] {
  return shippedPacks().flatMap((content) =>
    content.definition.kinds.map((kind) => {
      const sha256 = hashOf(content).toString('hex')
      return { pack: content.definition.name, version: 1, sha256, own: false, publishedAt: new Date(0), content, kind }
    }),
  )
}

/** @throws packs.unknown_kind; kernel.forbidden without `packs.read`. */
export async function showKind(cmd: Command, name: string, version: number | undefined): Promise<ShownKind> {
  requireAnywhere(cmd, 'packs.read')
  const pack = version === undefined ? await findCurrent(cmd, name) : await packOf(cmd, name, version)
  const { content, kind } = pack
  return {
    kind: kind.name,
    pack: pack.pack,
    version: pack.version,
    sha256: pack.sha256,
    publishedAt: pack.publishedAt.toISOString(),
    own: pack.own,
    name: kindName(pack, cmd.locale),
    states: kind.states.map((state) => ({
      name: state.name,
      label: stateName(pack, state.name, cmd.locale),
      tone: state.tone,
      end: state.end === true,
    })),
    steps: kind.steps.map((step) => ({
      move: step.move,
      label: moveName(pack, step.move, cmd.locale),
      from: step.from,
      to: step.to,
      by: step.by,
      due: step.due ? sayLimit(step.due, cmd.locale) : null,
    })),
    lists: content.definition.lists.map((list) => ({
      name: list.name,
      title: cmd.locale === 'en' ? list.title.en : list.title.zh,
      configurable: list.configurable,
      items: list.items.map((item) => ({
        value: item.code,
        label: itemName(item, cmd.locale),
        ...(item.group === undefined ? {} : { group: item.group }),
      })),
    })),
    mermaid: drawMermaid(content, kind, cmd.locale),
    svg: drawSvg(content, kind, cmd.locale),
  }
}

async function findCurrent(cmd: Command, name: string): Promise<PackKind> {
  const found = (await currentKinds(cmd)).get(name)
  if (!found) throw new Fault('packs.unknown_kind', { kind: name })
  return found
}

/** Packs hold for the whole county: whoever may read them anywhere in it may read them. */
function requireAnywhere(cmd: Command, action: string): void {
  const held = cmd.grants.find((grant) => grant.action === action && grant.purpose === cmd.purpose)
  requireGrant(cmd, action, held?.path ?? cmd.grants.find((grant) => grant.action === action)?.path ?? cmd.county)
}

/** All versions of the county's packs, newest first. @throws kernel.forbidden without `packs.read`. */
export async function listPackVersions(cmd: Command): Promise<{
  items: { pack: string; version: number; sha256: string; own: boolean; current: boolean; publishedAt: string }[]
}> {
  requireAnywhere(cmd, 'packs.read')
  const rows = await listVersions(cmd.tx, cmd.county)
  return {
    items: rows.map((row) => ({
      ...row,
      sha256: row.sha256.toString('hex'),
      publishedAt: row.publishedAt.toISOString(),
    })),
  }
}
