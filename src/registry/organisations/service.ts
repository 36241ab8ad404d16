import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { cleanText } from '../../kernel/text.ts'
import { requireAt, requireHomeArea } from '../access.ts'
import type { CloseRecord, ConfirmRecord } from '../addresses/contract.ts'
import { writablePremises } from '../addresses/service.ts'
import { requireUntil } from '../people/rules.ts'
import { dayOf, requireName } from '../rules.ts'
import { noteLook, reasonOf, requireReason } from '../writing.ts'
import type {
  CorrectOrganisation,
  EndOfficer,
  NameOfficer,
  Organisation,
  OrganisationDetails,
  OrganisationPhones,
  RegisterOrganisation,
  UnmaskOrganisation,
} from './contract.ts'
import { requireOfficePhone, requireOrganisationCode } from './rules.ts'
import { openOrganisation, saveOrganisations } from './saving.ts'
import * as store from './store.ts'
import { organisationView } from './views.ts'

const sealed = (cmd: Command, text: string | null): Buffer | null =>
  text === null ? null : cmd.vault.seal(cmd.county, text)

const sealedDetails = (cmd: Command, details: OrganisationDetails): Buffer | null => {
  const kept = Object.entries(details).filter(([, value]) => String(value).trim() !== '')
  return kept.length === 0 ? null : cmd.vault.seal(cmd.county, JSON.stringify(Object.fromEntries(kept)))
}

const nameOf = (text: string): string => requireName(cleanText(text, { maxLength: 100, path: 'name' }))
const words = (text: string | undefined, maxLength: number, path: string): string =>
  cleanText(text ?? '', { maxLength, path })

/** Where an organisation lies: at premises, or in an area. @throws registry.unknown_area, registry.closed, kernel.forbidden */
async function placeOf(
  cmd: Command,
  at: { premisesId: string | null; areaPath: string | undefined; address: string },
): Promise<{ areaPath: string; premisesId: string | null; address: string }> {
  if (at.premisesId !== null) {
    const { id, areaPath, address } = await writablePremises(cmd, at.premisesId)
    return { areaPath, premisesId: id, address: at.address || address }
  }
  if (at.areaPath === undefined) throw new Fault('registry.home_needed')
  requireAt(cmd, 'registry.write', [at.areaPath])
  await requireHomeArea(cmd, at.areaPath)
  return { areaPath: at.areaPath, premisesId: null, address: at.address }
}

/**
 * Registers an enterprise, merchant, partner unit, supplier …
 *
 * @throws registry.code_invalid, registry.code_taken, registry.home_needed, registry.phone_invalid, kernel.forbidden
 */
export async function registerOrganisation(cmd: Command, input: RegisterOrganisation): Promise<Organisation> {
  const { areaPath, premisesId = null } = input
  const place = await placeOf(cmd, { premisesId, areaPath, address: words(input.address, 200, 'address') })
  const row: store.OrganisationRow = {
    id: input.id ?? uuidv7(cmd.now),
    version: 1,
    kind: input.kind,
    name: nameOf(input.name),
    code: requireOrganisationCode(input.code),
    trade: words(input.trade, 60, 'trade'),
    ...place,
    phoneSealed: sealed(cmd, requireOfficePhone(input.phone)),
    headcount: input.headcount ?? null,
    detailsSealed: sealedDetails(cmd, input.details ?? {}),
    source: input.source,
    checkedAt: cmd.now,
    checkedBy: cmd.actor.id,
    closedAt: null,
    createdAt: cmd.now,
    updatedAt: cmd.now,
  }
  const why = { source: input.source, reason: reasonOf(input.reason) }
  await saveOrganisations(cmd, [{ act: 'registered', before: null, after: row }], why)
  return organisationView(cmd, row)
}

/** An open organisation in the caller's scope for writing, of the version last seen. */
async function writable(cmd: Command, id: string, version: number): Promise<store.OrganisationRow> {
  const row = await store.findOrganisation(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.write', [row.areaPath])
  if (row.closedAt) throw new Fault('registry.closed')
  if (row.version !== version) throw new Fault('kernel.stale', { version: row.version })
  return row
}

const nextOf = (
  cmd: Command,
  row: store.OrganisationRow,
  change: Partial<store.OrganisationRow>,
): store.OrganisationRow => ({
  ...row,
  ...change,
  version: row.version + 1,
  checkedAt: cmd.now,
  checkedBy: cmd.actor.id,
  updatedAt: cmd.now,
})

/** Corrects what is known. @throws registry.code_invalid, registry.code_taken, registry.closed, registry.reason_needed, kernel.stale */
export async function correctOrganisation(cmd: Command, id: string, input: CorrectOrganisation): Promise<Organisation> {
  const row = await writable(cmd, id, input.version)
  const why = { source: input.source ?? ('counter' as const), reason: requireReason(input.reason) }
  const moves = input.premisesId !== undefined || input.areaPath !== undefined
  const address = input.address === undefined ? (moves ? '' : row.address) : words(input.address, 200, 'address')
  const { premisesId = null, areaPath = row.areaPath } = input
  const place = moves ? await placeOf(cmd, { premisesId, areaPath, address }) : { address }
  const after = nextOf(cmd, row, {
    ...place,
    kind: input.kind ?? row.kind,
    name: input.name === undefined ? row.name : nameOf(input.name),
    code: input.code === undefined ? row.code : requireOrganisationCode(input.code),
    trade: input.trade === undefined ? row.trade : words(input.trade, 60, 'trade'),
    phoneSealed: input.phone === undefined ? row.phoneSealed : sealed(cmd, requireOfficePhone(input.phone)),
    headcount: input.headcount === undefined ? row.headcount : input.headcount,
    detailsSealed:
      input.details === undefined
        ? row.detailsSealed
        : sealedDetails(cmd, { ...openOrganisation(cmd, row).details, ...input.details }),
    source: why.source,
  })
  await saveOrganisations(cmd, [{ act: 'corrected', before: row, after }], why)
  return organisationView(cmd, after)
}

/** Says that all is still so. @throws registry.closed, kernel.stale */
export async function confirmOrganisation(cmd: Command, id: string, input: ConfirmRecord): Promise<Organisation> {
  const row = await writable(cmd, id, input.version)
  const { source } = input
  const after = nextOf(cmd, row, { source })
  await saveOrganisations(cmd, [{ act: 'confirmed', before: row, after }], { source, reason: '' })
  return organisationView(cmd, after)
}

/** Closes one that is no more. @throws registry.closed, registry.reason_needed, kernel.stale */
export async function closeOrganisation(cmd: Command, id: string, input: CloseRecord): Promise<Organisation> {
  const row = await writable(cmd, id, input.version)
  const after = nextOf(cmd, row, { closedAt: cmd.now })
  const why = { source: 'counter' as const, reason: requireReason(input.reason) }
  await saveOrganisations(cmd, [{ act: 'closed', before: row, after }], why)
  return organisationView(cmd, after)
}

/** What the history says of an officer. */
const officerFields = (cmd: Command, row: store.OfficerRow): Record<string, unknown> => ({
  duty: row.duty,
  name: row.name,
  phone: row.phoneSealed === null ? null : cmd.vault.open(cmd.county, row.phoneSealed),
  personId: row.personId,
  fromOn: row.fromOn,
  untilOn: row.untilOn,
})

/** Names who stands for an organisation from a day. @throws registry.phone_invalid, registry.closed, kernel.stale */
export async function nameOfficer(cmd: Command, id: string, input: NameOfficer): Promise<Organisation> {
  const row = await writable(cmd, id, input.version)
  const officer: store.OfficerRow = {
    id: uuidv7(cmd.now),
    organisationId: id,
    duty: input.duty,
    name: requireName(cleanText(input.name, { maxLength: 60, path: 'name' })),
    phoneSealed: sealed(cmd, requireOfficePhone(input.phone)),
    personId: input.personId ?? null,
    fromOn: input.fromOn ?? dayOf(cmd.now),
    untilOn: null,
  }
  const after = nextOf(cmd, row, {})
  await store.insertOfficers(cmd.tx, cmd.county, [officer])
  const beside = { [`officer:${officer.id}`]: [null, officerFields(cmd, officer)] as [unknown, unknown] }
  const why = { source: 'counter' as const, reason: reasonOf(input.reason) }
  await saveOrganisations(cmd, [{ act: 'officerNamed', before: row, after, beside }], why)
  return organisationView(cmd, after)
}

/** Ends an officer's term on a day. @throws registry.no_such_officer, registry.until_not_possible, registry.reason_needed, kernel.stale */
export async function endOfficer(
  cmd: Command,
  id: string,
  officerId: string,
  input: EndOfficer,
): Promise<Organisation> {
  const row = await writable(cmd, id, input.version)
  const why = { source: 'counter' as const, reason: requireReason(input.reason) }
  const officers = await store.listOfficers(cmd.tx, cmd.county, id)
  const officer = officers.find((one) => one.id === officerId && one.untilOn === null)
  if (!officer) throw new Fault('registry.no_such_officer')
  const today = dayOf(cmd.now)
  const untilOn = input.untilOn ?? today
  requireUntil(officer.fromOn, untilOn, today)
  await store.endOfficer(cmd.tx, cmd.county, officerId, untilOn)
  const [was, is] = [officerFields(cmd, officer), officerFields(cmd, { ...officer, untilOn })]
  const beside = { [`officer:${officerId}`]: [was, is] as [unknown, unknown] }
  const after = nextOf(cmd, row, {})
  await saveOrganisations(cmd, [{ act: 'officerEnded', before: row, after, beside }], why)
  return organisationView(cmd, after)
}

/** Shows its phones, asks why, leaves an entry. @throws kernel.forbidden, identity.second_factor_needed */
export async function unmaskOrganisation(
  cmd: Command,
  id: string,
  input: UnmaskOrganisation,
): Promise<OrganisationPhones> {
  const row = await store.findOrganisation(cmd.tx, cmd.county, id)
  if (!row) throw new Fault('kernel.not_found')
  requireAt(cmd, 'registry.unmask', [row.areaPath])
  const { areaPath } = row
  await noteLook(cmd, { kind: 'organisation', id, areaPath, fields: ['phone', 'officers'], reason: input.reason })
  const open = (phone: Buffer | null): string | null => (phone === null ? null : cmd.vault.open(cmd.county, phone))
  const officers = await store.listOfficers(cmd.tx, cmd.county, id)
  return {
    phone: open(row.phoneSealed),
    officers: officers.map((officer) => ({ id: officer.id, phone: open(officer.phoneSealed) })),
  }
}
