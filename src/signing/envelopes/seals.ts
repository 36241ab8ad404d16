import type { Command } from '../../kernel/command.ts'
import { PLATFORM_SEAL } from '../workshop.ts'
import type { Found } from './service.ts'
import * as store from './store.ts'

/** The seal of a campaign; the house's own where the letter wants none. */
export async function sealOf(cmd: Command, campaign: store.CampaignRow): Promise<{ id: string; organisation: string }> {
  const name = campaign.sealId ? await store.findSealName(cmd.tx, cmd.county, campaign.sealId) : undefined
  return campaign.sealId && name ? { id: campaign.sealId, organisation: name } : PLATFORM_SEAL
}

/** The document as this signer saw or signed it, or as it stands; undefined once it is sealed or not drafted yet. */
export async function documentOnItsWay(cmd: Command, found: Found): Promise<Uint8Array | undefined> {
  const { envelope, signer } = found
  const of = (position: number) => store.findDocument(cmd.tx, cmd.county, envelope.id, position)
  const row = (signer && (await of(signer.position))) ?? (await of(0))
  return row && new Uint8Array(row.pdf)
}
