import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { decodeCursor, pageOf } from '../../kernel/pages.ts'
import { areaNames } from '../../grid/index.ts'
import { mayAt, requireAt, scopeOf } from '../access.ts'
import { findPremises } from '../addresses/store.ts'
import { freshMonths } from '../field-groups.ts'
import { isStale, maskPhone } from '../rules.ts'
import type { ListOrganisations, Organisation, OrganisationBrief, OrganisationPage } from './contract.ts'
import { openOrganisation } from './saving.ts'
import * as store from './store.ts'

const LIMIT = 20

async function present(cmd: Command, rows: readonly store.OrganisationRow[]): Promise<OrganisationBrief[]> {
  const names = await areaNames(
    cmd,
    rows.map(({ areaPath }) => areaPath),
  )
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    kind: row.kind,
    name: row.name,
    code: row.code,
    trade: row.trade,
    areaPath: row.areaPath,
    areaName: names.get(row.areaPath)?.shortName ?? row.areaPath,
    premisesId: row.premisesId,
    address: row.address,
    phone: row.phoneSealed === null ? null : maskPhone(cmd.vault.open(cmd.county, row.phoneSealed)),
    headcount: row.headcount,
    source: row.source,
    checkedAt: row.checkedAt.toISOString(),
    stale: isStale(row.checkedAt, cmd.now, freshMonths('organisation')),
    closed: row.closedAt !== null,
  }))
}

/** An organisation as its page shows it; who may read it was asked. */
export async function organisationView(cmd: Command, row: store.OrganisationRow): Promise<Organisation> {
  const [[brief], officers] = await Promise.all([present(cmd, [row]), store.listOfficers(cmd.tx, cmd.county, row.id)])
  return {
    ...brief!,
    details: openOrganisation(cmd, row).details,
    officers: officers.map((officer) => ({
      id: officer.id,
      duty: officer.duty,
      name: officer.name,
      phone: officer.phoneSealed === null ? null : maskPhone(cmd.vault.open(cmd.county, officer.phoneSealed)),
      personId: officer.personId,
      fromOn: officer.fromOn,
      untilOn: officer.untilOn,
    })),
    mayWrite: row.closedAt === null && mayAt(cmd, 'registry.write', [row.areaPath]),
    mayUnmask: mayAt(cmd, 'registry.unmask', [row.areaPath]),
  }
}

/** @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function showOrganisation(cmd: Command, id: string): Promise<Organisation> {
  const row = await store.findOrganisation(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.read', [row.areaPath])
  return organisationView(cmd, row)
}

/** Organisations of a place, or at one premises. */
export async function listOrganisations(cmd: Command, query: ListOrganisations): Promise<OrganisationPage> {
  if (query.premises !== undefined) {
    const premises = await findPremises(cmd.tx, cmd.county, query.premises)
    if (!premises) throw new Fault('kernel.not_found')
    requireAt(cmd, 'registry.read', [premises.areaPath])
    return { items: await present(cmd, await store.listAtPremises(cmd.tx, cmd.county, premises.id)), next: null }
  }
  const limit = query.limit ?? LIMIT
  const ranges = scopeOf(cmd, 'registry.read', query.area)
  const [path = '', id = ''] = query.after === undefined ? [] : decodeCursor(query.after, 2).map(String)
  const page = { ranges, kind: query.kind ?? null, after: [path, id] as const, limit: limit + 1 }
  const rows = await store.listOrganisations(cmd.tx, cmd.county, page)
  const { items, next } = pageOf(rows, limit, (row) => [row.areaPath, row.id])
  return { items: await present(cmd, items), next }
}
