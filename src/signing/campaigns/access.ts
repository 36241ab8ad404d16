import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { grantedPaths, hasGrant, isWithin, requireGrant } from '../../kernel/grants.ts'
import * as store from './store.ts'

/** Whether the caller runs a campaign: by their post over its place, as its author, or as a collaborator who may. */
export async function mayManage(cmd: Command, campaign: store.CampaignRow): Promise<boolean> {
  if (hasGrant(cmd, 'signing.manage', campaign.areaPath)) return true
  const part = await partOf(cmd, campaign)
  return part === 'manage' && holdsAnywhere(cmd, 'signing.read')
}

const holdsAnywhere = (cmd: Command, action: string): boolean =>
  cmd.grants.some((grant) => grant.action === action && grant.purpose === cmd.purpose)

async function partOf(cmd: Command, { id }: store.CampaignRow): Promise<string | undefined> {
  const all = await store.listCollaborators(cmd.tx, cmd.county, id)
  return all.find(({ accountId }) => accountId === cmd.actor.id)?.part
}

/** A campaign that the caller runs. @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose */
export async function managed(cmd: Command, id: string): Promise<store.CampaignRow> {
  const campaign = await store.findCampaign(cmd.tx, cmd.county, id)
  if (!campaign) throw new Fault('kernel.not_found')
  if (!(await mayManage(cmd, campaign))) requireGrant(cmd, 'signing.manage', campaign.areaPath)
  return campaign
}

/**
 * Which part of a campaign the caller may see: all of it below their place and as a collaborator; of one that is asked from
 * above, what lies in their own places.
 *
 * @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function visible(cmd: Command, id: string): Promise<{ campaign: store.CampaignRow; places: string[] }> {
  const granted = grantedPaths(cmd, 'signing.read')
  const campaign = await store.findCampaign(cmd.tx, cmd.county, id)
  if (!campaign) throw new Fault('kernel.not_found')
  const { areaPath } = campaign
  if (granted.some((path) => isWithin(areaPath, path)) || (await partOf(cmd, campaign)))
    return { campaign, places: [areaPath] }
  const inside = granted.filter((path) => isWithin(path, areaPath))
  if (inside.length === 0) requireGrant(cmd, 'signing.read', areaPath)
  return { campaign, places: inside }
}
