import { disableAccount, namesOf, staffAccount } from '../../identity/index.ts'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { uuidv7 } from '../../kernel/ids.ts'
import { record } from '../../ledger/index.ts'
import { assignPost, relievePost } from '../posts/service.ts'
import { DutyHandedOver, type HandedOver, type HandOver, type HandoverView } from './contract.ts'
import { requireSetup } from './staff-sheet.ts'
import { listChairs, listPlaces } from './store.ts'
import type { KnownChair } from './known.ts'

const slotOf = (chair: KnownChair, accountId: string): 'A' | 'B' | null =>
  chair.holderA === accountId ? 'A' : chair.holderB === accountId ? 'B' : null

async function chairsOf(cmd: Command, accountId: string): Promise<(KnownChair & { slot: 'A' | 'B' })[]> {
  const chairs = await listChairs(cmd.tx, cmd.county, cmd.now)
  return chairs.flatMap((chair) => {
    const slot = slotOf(chair, accountId)
    return slot ? [{ ...chair, slot }] : []
  })
}

/**
 * What moves when somebody leaves: the posts, with B proposed to follow A, and the work that lies with these posts.
 *
 * @throws kernel.not_found, kernel.forbidden, kernel.wrong_purpose
 */
export async function previewHandover(cmd: Command, accountId: string): Promise<HandoverView> {
  requireSetup(cmd)
  const account = await staffAccount(cmd, accountId)
  const chairs = await chairsOf(cmd, accountId)
  const others = chairs.flatMap(({ slot, holderA, holderB }) => (slot === 'A' ? holderB : holderA) ?? [])
  const names = await namesOf(cmd, [accountId, ...others])
  const paths = new Map((await listPlaces(cmd.tx, cmd.county, cmd.now)).map(({ id, path }) => [id, path]))
  const posts = chairs.map((chair) => {
    const follows = chair.slot === 'A' ? chair.holderB : null
    return {
      postId: chair.id,
      name: chair.name,
      areaPath: paths.get(chair.areaId) ?? '',
      slot: chair.slot,
      version: chair.version,
      proposed: follows ? { accountId: follows, name: names.get(follows) ?? '' } : null,
    }
  })
  const hands = chairs.map(({ role, unit, areaId }) => ({ role, unit: unit ?? '', areaPath: paths.get(areaId) ?? '' }))
  const work: HandoverView['work'] = []
  for (const room of cmd.ports.postWork) work.push(...(await room.openWork(cmd, hands)))
  const { loginName, version } = account
  return { accountId, name: names.get(accountId) ?? '', loginName, version, posts, work }
}

/**
 * Hands everything over in one go: each post to who follows or to nobody, then the account is closed. What lay with the
 * posts stays with them, so nothing is lost on the way.
 *
 * @throws grid.slot_vacant, grid.not_staff, grid.holds_seat, kernel.stale, identity.still_seated …; then nothing has moved.
 */
export async function handOver(cmd: Command, accountId: string, input: HandOver): Promise<HandedOver> {
  requireSetup(cmd)
  const chairs = await chairsOf(cmd, accountId)
  const told = new Set(input.posts.map(({ postId }) => postId))
  // Somebody was given another post meanwhile: looked at again, not left behind unseen.
  if (input.closesAccount && chairs.some(({ id }) => !told.has(id))) throw new Fault('kernel.stale')
  let vacant = 0
  for (const { postId, slot, version, successorId } of input.posts) {
    const chair = chairs.find(({ id }) => id === postId)
    if (chair?.slot !== slot) throw new Fault('grid.slot_vacant', { slot })
    let post = await relievePost(cmd, postId, { slot, version })
    if (successorId === null) {
      if (slot === 'A' && chair.holderB === null) vacant++
      continue
    }
    const other = slotOf(chair, successorId)
    if (other) post = await relievePost(cmd, postId, { slot: other, version: post.version })
    await assignPost(cmd, postId, { accountId: successorId, slot, version: post.version })
  }
  if (input.closesAccount) await disableAccount(cmd, accountId, input.version)
  const posts = input.posts.length
  const body = { account: accountId, posts, vacant, closed: input.closesAccount }
  await record(cmd, DutyHandedOver, { id: uuidv7(cmd.now), version: 1 }, body)
  return { posts, vacant, closed: input.closesAccount }
}
