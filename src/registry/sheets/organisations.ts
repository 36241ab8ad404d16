import type { Command } from '../../kernel/command.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { differences } from '../rules.ts'
import { saveBuildings, savePremises } from '../addresses/saving.ts'
import { organisationFields, saveOrganisations, type OrganisationStep } from '../organisations/saving.ts'
import { insertOfficers, type OfficerRow, type OrganisationRow } from '../organisations/store.ts'
import { ChangeBatch, type Why } from '../writing.ts'
import { noCounts } from './contract.ts'
import { Homes, saidAddress } from './places.ts'
import type { BatchPlan, Outcome, RowOutcome, SheetTerms } from './plan.ts'
import type { Problem, ReadRow, SheetOrganisation } from './rows.ts'
import { keyOfText } from './seen.ts'
import { listOrganisationsAt } from './organisation-store.ts'

interface Made {
  readonly fresh: OrganisationRow[]
  readonly changed: { before: OrganisationRow; after: OrganisationRow }[]
  readonly officers: OfficerRow[]
}

const plainName = (name: string): string => name.normalize('NFKC').replace(/\s/g, '').toLowerCase()

/**
 * Decides what becomes of rows of a sheet of organisations and, where `why` is given, writes it in the command's own
 * transaction with one entry.
 */
export async function takeOrganisations(
  cmd: Command,
  terms: SheetTerms,
  rows: readonly ReadRow[],
  why: (Why & { seenAt: Date }) | null,
): Promise<Pick<BatchPlan, 'outcomes' | 'counts'> & { records: string[] }> {
  const homes = new Homes(cmd, terms)
  const good = rows.filter(({ problems }) => problems.length === 0)
  await homes.load(good)
  const known = await listOrganisationsAt(cmd.tx, cmd.county, {
    codes: good.flatMap(({ organisation }) => (organisation?.code ? [organisation.code] : [])),
    premises: homes.knownPremises(),
  })
  const taker = new Taker(cmd, terms, homes, known)
  const outcomes = rows.map((row) => taker.take(row))
  const counts = { ...noCounts(), rows: rows.length, homes: taker.newHomes, coarse: taker.coarse }
  for (const { outcome } of outcomes) if (outcome !== 'home') counts[outcome]++
  const records = why ? await write(cmd, homes, taker.made, why) : []
  return { outcomes, counts, records }
}

class Taker {
  readonly made: Made = { fresh: [], changed: [], officers: [] }
  newHomes = 0
  coarse = 0
  readonly #cmd: Command
  readonly #terms: SheetTerms
  readonly #homes: Homes
  readonly #byCode: Map<string, OrganisationRow>
  readonly #byPlace: Map<string, OrganisationRow>

  constructor(cmd: Command, terms: SheetTerms, homes: Homes, known: readonly OrganisationRow[]) {
    this.#cmd = cmd
    this.#terms = terms
    this.#homes = homes
    this.#byCode = new Map(known.flatMap((row) => (row.code ? [[row.code, row]] : [])))
    this.#byPlace = new Map(known.map((row) => [`${row.premisesId ?? ''}|${plainName(row.name)}`, row]))
  }

  take(row: ReadRow): RowOutcome {
    const ends = (outcome: Outcome, ...problems: Problem[]): RowOutcome => ({ row, outcome, problems })
    const { organisation } = row
    if (row.problems.length > 0 || !organisation) return ends('refused', ...row.problems)
    const home = this.#homes.of(row)
    if (!('premises' in home)) return ends('refused', home)
    const key = keyOfText(`${organisation.code ?? plainName(organisation.name)}|${home.premises.addressKey}`)
    if (!this.#terms.made.add(key, row.number)) return ends('repeated')
    if (home.coarse) this.coarse++
    if (!home.known && this.#terms.made.add(keyOfText(home.premises.addressKey), row.number)) this.newHomes++
    const known =
      (organisation.code ? this.#byCode.get(organisation.code) : undefined) ??
      this.#byPlace.get(`${home.premises.id}|${plainName(organisation.name)}`)
    if (!known) {
      this.#homes.use(home, organisation.kind === 'merchant' ? 'merchant' : 'enterprise', false)
      this.#fresh(organisation, row, home.premises)
      return ends('fresh')
    }
    if (!this.#terms.inScope(known.areaPath))
      return ends('conflict', {
        field: 'organisationCode',
        zh: '这个信用代码已由别处登记，请先和对方核对。',
        en: 'This code is registered elsewhere; please clear it with them first.',
      })
    if (plainName(known.name) !== plainName(organisation.name) && known.checkedAt > this.#terms.seenAt)
      return ends('conflict', {
        field: 'organisationName',
        zh: '登记册里这个信用代码是另一个名称，核对得比这张表晚。',
        en: 'In the registry this code has another name, checked later than this sheet.',
      })
    return ends(this.#change(known, organisation) ? 'changed' : 'known')
  }

  #fresh(told: SheetOrganisation, row: ReadRow, premises: { id: string; areaPath: string; address: string }): void {
    const { now, actor, vault, county } = this.#cmd
    const seal = (text: string | null): Buffer | null => (text === null ? null : vault.seal(county, text))
    const made: OrganisationRow = {
      id: uuidv7(now),
      version: 1,
      kind: told.kind,
      name: told.name,
      code: told.code,
      trade: told.trade,
      areaPath: premises.areaPath,
      premisesId: premises.id,
      address: premises.address || saidAddress(row),
      phoneSealed: seal(told.phone),
      headcount: told.headcount,
      detailsSealed: told.remark === '' ? null : seal(JSON.stringify({ remark: told.remark })),
      source: 'sheet',
      checkedAt: this.#terms.seenAt,
      checkedBy: actor.id,
      closedAt: null,
      createdAt: now,
      updatedAt: now,
    }
    this.made.fresh.push(made)
    this.#byPlace.set(`${premises.id}|${plainName(told.name)}`, made)
    if (told.code) this.#byCode.set(told.code, made)
    for (const officer of told.officers)
      this.made.officers.push({
        id: uuidv7(now),
        organisationId: made.id,
        duty: officer.duty,
        name: officer.name.slice(0, 60),
        phoneSealed: seal(officer.phone),
        personId: null,
        fromOn: this.#terms.asOf,
        untilOn: null,
      })
  }

  #change(known: OrganisationRow, told: SheetOrganisation): boolean {
    if (known.checkedAt > this.#terms.seenAt) return false
    const after: OrganisationRow = {
      ...known,
      name: told.name,
      code: known.code ?? told.code,
      trade: told.trade || known.trade,
      headcount: told.headcount ?? known.headcount,
      version: known.version + 1,
      source: 'sheet',
      checkedAt: this.#terms.seenAt,
      checkedBy: this.#cmd.actor.id,
      updatedAt: this.#cmd.now,
    }
    if (
      Object.keys(differences(organisationFields(this.#cmd, known), organisationFields(this.#cmd, after))).length === 0
    )
      return false
    this.made.changed.push({ before: known, after })
    return true
  }
}

async function write(cmd: Command, homes: Homes, made: Made, why: Why & { seenAt: Date }): Promise<string[]> {
  const batch = new ChangeBatch(cmd, why)
  await saveBuildings(cmd, homes.buildings, why, batch)
  await savePremises(cmd, [...homes.premises.values()], why, batch)
  const steps: OrganisationStep[] = [
    ...made.fresh.map((after) => ({ act: 'registered', before: null, after })),
    ...made.changed.map((step) => ({ act: 'corrected', ...step })),
  ]
  await saveOrganisations(cmd, steps, why, batch)
  await insertOfficers(cmd.tx, cmd.county, made.officers)
  return batch.close()
}
