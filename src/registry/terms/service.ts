import type { Command } from '../../kernel/command.ts'
import { grantedPaths } from '../../kernel/grants.ts'
import { areaNames } from '../../grid/index.ts'
import { scopeOf } from '../access.ts'
import type { PlaceFigures, RegistryTerms } from './contract.ts'
import * as store from './store.ts'

/** What the caller may do here for the stated purpose, so that a page shows no button that would be refused. */
export async function showTerms(cmd: Command): Promise<RegistryTerms> {
  const may = (action: string): boolean =>
    cmd.purpose !== 'statistics' && cmd.grants.some((grant) => grant.action === action && grant.purpose === cmd.purpose)
  const mayRead = may('registry.read')
  const mayCount = cmd.grants.some(({ action, purpose }) => action === 'registry.read' && purpose === cmd.purpose)
  const paths = mayCount ? grantedPaths(cmd, 'registry.read') : []
  const names = await areaNames(cmd, paths)
  return {
    mayRead,
    mayCount,
    mayWrite: may('registry.write'),
    mayUnmask: may('registry.unmask'),
    mayMerge: may('registry.merge'),
    mayImport: may('registry.import'),
    mayExport: may('registry.export'),
    mayCampaign: may('registry.campaign'),
    mayAnswer: may('registry.answer'),
    mayVisit: may('registry.visit'),
    places: paths.map((areaPath) => ({ areaPath, areaName: names.get(areaPath)?.name ?? areaPath })),
  }
}

/** Up to so many places are counted while one waits; of more, the kept figures are given. */
const COUNTED_NOW = 30

/**
 * How much a place holds: counted now where it is small, else as it was last counted, with the instant.
 *
 * @throws kernel.forbidden, kernel.wrong_purpose
 */
export async function countPlace(cmd: Command, area: string | undefined): Promise<PlaceFigures> {
  const ranges = scopeOf(cmd, 'registry.read', area)
  const { places, countedAt, ...kept } = await store.keptFigures(cmd.tx, cmd.county, ranges)
  if (places > COUNTED_NOW) return { ...kept, countedAt: countedAt?.toISOString() ?? null }
  return { ...(await store.countPlace(cmd.tx, cmd.county, ranges)), countedAt: null }
}
