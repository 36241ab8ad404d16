import type { Command } from '../../kernel/command.ts'
import { differences } from '../rules.ts'
import type { Findable } from '../search/store.ts'
import { saveAllTokens } from '../search/token-store.ts'
import { tokensOfOrganisation } from '../search/tokens.ts'
import { noteChanges, type RecordChange, type Recording, type Why } from '../writing.ts'
import type { OrganisationDetails } from './contract.ts'
import * as store from './store.ts'

export interface OrganisationStep {
  act: string
  before: store.OrganisationRow | null
  after: store.OrganisationRow
  /** What changed beside the row: officers. */
  beside?: Record<string, [before: unknown, after: unknown]>
}

/** Sealed words of an organisation, opened. */
export function openOrganisation(
  cmd: Pick<Command, 'vault' | 'county'>,
  row: Pick<store.OrganisationRow, 'phoneSealed' | 'detailsSealed'>,
): { phone: string | null; details: OrganisationDetails } {
  const open = (sealed: Buffer | null): string | null => (sealed === null ? null : cmd.vault.open(cmd.county, sealed))
  const details = open(row.detailsSealed)
  return { phone: open(row.phoneSealed), details: details === null ? {} : (JSON.parse(details) as OrganisationDetails) }
}

/** What the history compares. */
export const organisationFields = (
  cmd: Pick<Command, 'vault' | 'county'>,
  row: store.OrganisationRow,
): Record<string, unknown> => ({
  kind: row.kind,
  name: row.name,
  code: row.code,
  trade: row.trade,
  areaPath: row.areaPath,
  premisesId: row.premisesId,
  address: row.address,
  headcount: row.headcount,
  closed: row.closedAt !== null,
  ...openOrganisation(cmd, row),
})

const findable = (row: store.OrganisationRow): Findable | null =>
  row.closedAt === null ? { tokens: tokensOfOrganisation(row), paths: [row.areaPath] } : null

/**
 * Writes organisations with what they are found by, history and ledger: one entry each, or one for 5,000 where `recording` is true.
 *
 * @throws registry.code_taken, kernel.stale
 */
export async function saveOrganisations(
  cmd: Command,
  steps: readonly OrganisationStep[],
  why: Why,
  recording: Recording = false,
): Promise<void> {
  const fresh = steps.filter(({ before }) => before === null)
  const known = steps.filter(({ before }) => before !== null)
  await store.insertOrganisations(
    cmd.tx,
    cmd.county,
    fresh.map(({ after }) => after),
  )
  await store.updateOrganisations(
    cmd.tx,
    cmd.county,
    known.map(({ after }) => after),
  )
  const changes: RecordChange[] = steps.map(({ act, before, after, beside }) => ({
    kind: 'organisation',
    id: after.id,
    version: after.version,
    areaPath: after.areaPath,
    act,
    changes: {
      ...differences(before && organisationFields(cmd, before), organisationFields(cmd, after)),
      ...beside,
    },
  }))
  await saveAllTokens(
    cmd.tx,
    cmd.county,
    steps.map(({ before, after }) => ({
      subjectId: after.id,
      before: before && findable(before),
      after: findable(after),
    })),
  )
  await noteChanges(cmd, changes, why, recording)
}
