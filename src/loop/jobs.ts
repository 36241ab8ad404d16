import type { Command } from '../kernel/command.ts'
import type { Entry, Handler } from '../kernel/jobs.ts'
import { on } from '../ledger/index.ts'
import { findStep, packOf } from '../packs/index.ts'
import type { Static } from 'typebox'
import { MatterMoved, MatterReported } from './contract.ts'
import { linkReport } from './links.ts'

/** Carries out the effects that a pack's step names, each by the room that registered it. */
async function runEffects(cmd: Command, entry: Entry<Static<typeof MatterMoved.body>>): Promise<void> {
  const { kind, packVersion, from, move } = entry.body
  const pack = await packOf(cmd, kind, packVersion)
  for (const { name, args } of findStep(pack.kind, from, move)?.effects ?? []) {
    const handler = cmd.ports.effects.find((candidate) => candidate.name === name)
    if (!handler) throw new Error(`no room carries out the effect ${name}`)
    const { id: entryId, subjectId, subjectVersion } = entry
    await handler.run(cmd, { name, args, entryId, subjectId, subjectVersion })
  }
}

export const loopHandlers: Handler[] = [
  on(MatterReported, 'loop.link_report', linkReport, (entry) => entry.body.links === true),
  on(MatterMoved, 'loop.run_effects', runEffects, (entry) => entry.body.effects > 0),
]
