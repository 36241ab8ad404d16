import type { Command } from '../../kernel/command.ts'
import { grantedPaths, hasGrant, requireGrant } from '../../kernel/grants.ts'
import { decodeCursor, pageOf, type PageOf, type PageQuery } from '../../kernel/pages.ts'
import { areaNames, colleaguesAt, postsHeld, sitsIn } from '../../grid/index.ts'
import { namesOf } from '../../identity/index.ts'
import {
  lookPurposes,
  type AskCounts,
  type Candidates,
  type FollowUpBrief,
  type FollowUpCounts,
  type FollowUpPage,
  type FollowUpsWaiting,
  type FollowUpTerms,
  type FollowUpView,
  type FollowUpWaiting,
} from './contract.ts'
import { dayOf, labelOf, roughly } from './rules.ts'
import * as store from './store.ts'
import { FOLLOW_UP, selfOf, settingOf, wordsOf } from './words.ts'

const holds = (cmd: Command, purpose: string): boolean =>
  cmd.grants.some((grant) => grant.action === FOLLOW_UP && grant.purpose === purpose)

/** What somebody may choose from, and whether there is anything here for them. */
export async function followUpTerms(cmd: Command): Promise<FollowUpTerms> {
  const self = selfOf(cmd)
  const [{ bases, deleteAfterDays }, named, asked, held] = await Promise.all([
    settingOf(cmd),
    store.listNamed(cmd.tx, cmd.county, self, { after: null, limit: 1 }),
    store.listToApprove(cmd.tx, cmd.county, self),
    postsHeld(cmd),
  ])
  const mayOpen = holds(cmd, 'handling')
  const paths = [...new Set(held.map(({ areaPath }) => areaPath))].filter((path) => hasGrant(cmd, FOLLOW_UP, path))
  const names = await areaNames(cmd, paths)
  return {
    bases: bases.map(({ code, zh, en, law, daysMax }) => ({
      code,
      name: cmd.locale === 'en' ? en : zh,
      law,
      daysMax,
    })),
    deleteAfterDays,
    mayOpen,
    mayCount: holds(cmd, 'supervision'),
    mine: named.length > 0 || asked.length > 0,
    places: paths.map((path) => ({ path, name: names.get(path)?.shortName ?? path })),
  }
}

async function present(cmd: Command, rows: readonly store.FollowUpRow[]): Promise<FollowUpBrief[]> {
  const ids = rows.map(({ id }) => id)
  const paths = rows.map(({ areaPath }) => areaPath)
  const [{ bases }, areas, waiting] = await Promise.all([
    settingOf(cmd),
    areaNames(cmd, paths),
    store.listWithExtension(cmd.tx, cmd.county, ids),
  ])
  const today = dayOf(cmd.now)
  return rows.map((row) => {
    const basis = bases.find(({ code }) => code === row.basis)
    const open = row.state === 'open' && row.endsOn >= today
    return {
      id: row.id,
      version: row.version,
      label: labelOf(wordsOf(cmd, row).person.name),
      basisName: (cmd.locale === 'en' ? basis?.en : basis?.zh) ?? row.basis,
      law: basis?.law ?? '',
      areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
      openedOn: dayOf(row.openedAt),
      endsOn: row.endsOn,
      nextOn: row.nextOn,
      due: open && row.nextOn !== null && row.nextOn <= today,
      state: open ? 'open' : 'ended',
      deleteOn: row.deleteAt ? dayOf(row.deleteAt) : null,
      extension: waiting.has(row.id),
      mayManage: open && hasGrant(cmd, FOLLOW_UP, row.areaPath),
    }
  })
}

const LIMIT = 20

/** The follow-ups in which one is named and still sits in that post; nobody's others. */
export async function listFollowUps(cmd: Command, query: PageQuery): Promise<FollowUpPage> {
  const self = selfOf(cmd)
  const limit = query.limit ?? LIMIT
  const after = query.after ? String(decodeCursor(query.after, 1)[0]) : null
  const rows = await store.listNamed(cmd.tx, cmd.county, self, { after, limit: limit + 1 })
  const page: PageOf<(typeof rows)[number]> = pageOf(rows, limit, (row) => [row.id])
  const seated = await Promise.all(page.items.map(({ postId }) => sitsIn(cmd, self, postId)))
  const items = await present(
    cmd,
    page.items.filter((_, at) => seated[at]),
  )
  return { items, next: page.next }
}

/** What waits for the actor's word: later ends, and follow-ups that nobody looks after any more. */
export async function listWaiting(cmd: Command): Promise<FollowUpsWaiting> {
  const paths = grantedPaths(cmd, FOLLOW_UP)
  const asked = await store.listToApprove(cmd.tx, cmd.county, selfOf(cmd))
  const unattended = await store.listUnattended(cmd.tx, cmd.county, paths)
  const rows = await Promise.all(asked.map((one) => store.findFollowUp(cmd.tx, cmd.county, one.followUpId)))
  const { bases } = await settingOf(cmd)
  const areas = await areaNames(
    cmd,
    [...rows, ...unattended].flatMap((row) => (row ? [row.areaPath] : [])),
  )
  const people = await namesOf(
    cmd,
    asked.map(({ askedBy }) => askedBy),
  )
  const shown = (row: store.FollowUpRow, basisCode: string) => {
    const basis = bases.find(({ code }) => code === basisCode)
    return {
      id: row.id,
      basisName: (cmd.locale === 'en' ? basis?.en : basis?.zh) ?? basisCode,
      law: basis?.law ?? '',
      areaName: areas.get(row.areaPath)?.shortName ?? row.areaPath,
      endsOn: row.endsOn,
    }
  }
  const extensions = asked.flatMap((one, at): FollowUpWaiting[] => {
    const row = rows[at]
    if (!row) return []
    const { basisWords } = JSON.parse(cmd.vault.open(cmd.county, one.sealed)) as { basisWords: string }
    const more = { basisWords, newEndsOn: one.endsOn, askedByName: people.get(one.askedBy) ?? '' }
    return [{ kind: 'extension', extensionId: one.id, ...shown(row, one.basis), ...more }]
  })
  const alone = unattended.map((row): FollowUpWaiting => {
    const nothing = { extensionId: null, basisWords: '', newEndsOn: null, askedByName: '' }
    return { kind: 'unattended', ...nothing, ...shown(row, row.basis) }
  })
  return { items: [...extensions, ...alone] }
}

/** Everything of a follow-up, for whoever has just looked. */
export async function viewOf(cmd: Command, row: store.FollowUpRow): Promise<FollowUpView> {
  const [[shown], staff, notes, colleagues] = await Promise.all([
    present(cmd, [row]),
    store.listStaff(cmd.tx, cmd.county, [row.id]),
    store.listNotes(cmd.tx, cmd.county, row.id),
    colleaguesAt(cmd, row.areaPath),
  ])
  const names = await namesOf(cmd, [
    ...staff.map(({ accountId }) => accountId),
    ...notes.map(({ byAccount }) => byAccount),
  ])
  const { person, basisWords } = wordsOf(cmd, row)
  return {
    ...shown!,
    person,
    basisWords,
    staff: staff.map(({ accountId, postId }) => ({
      accountId,
      name: names.get(accountId) ?? '',
      post: colleagues.find((one) => one.accountId === accountId && one.postId === postId)?.label ?? '',
    })),
    notes: notes.map((note) => {
      const said = JSON.parse(cmd.vault.open(cmd.county, note.sealed)) as { words?: string; reason?: string }
      return {
        id: note.id,
        kind: note.kind === 'look' ? 'look' : 'contact',
        at: note.at.toISOString(),
        metOn: note.metOn,
        way: note.way,
        words: said.words ?? said.reason ?? '',
        byName: names.get(note.byAccount) ?? '',
      }
    }),
  }
}

/** Whom one may name at a place, and who of them may approve a later end. @throws kernel.forbidden, kernel.wrong_purpose */
export async function listCandidates(cmd: Command, areaPath: string): Promise<Candidates> {
  requireGrant(cmd, FOLLOW_UP, areaPath)
  const there = await colleaguesAt(cmd, areaPath)
  const names = await namesOf(
    cmd,
    there.map(({ accountId }) => accountId),
  )
  return {
    items: there.map(({ accountId, postId, label, grants }) => ({
      accountId,
      postId,
      name: names.get(accountId) ?? '',
      post: label,
      mayApprove: grants.includes(`${FOLLOW_UP}:handling`) && accountId !== cmd.actor.id,
    })),
  }
}

/** How many are open and how often somebody looked in a month, where one oversees: never who, never at whom. */
export async function countFollowUps(cmd: Command, { month }: AskCounts): Promise<FollowUpCounts> {
  const paths = grantedPaths(cmd, FOLLOW_UP)
  const [year = 0, number = 1] = month.split('-').map(Number)
  const span = [new Date(`${month}-01T00:00:00+08:00`), new Date(Date.UTC(year, number, 1) - 8 * 3_600_000)] as const
  const { open, looks } = await store.countFollowUps(cmd.tx, cmd.county, paths, span)
  return {
    open: roughly(open),
    looks: roughly(looks.reduce((sum, { count }) => sum + count, 0)),
    purposes: lookPurposes.map((purpose) => ({
      purpose,
      looks: roughly(looks.find((one) => one.purpose === purpose)?.count ?? 0),
    })),
  }
}
