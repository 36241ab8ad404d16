import type { Command } from '../kernel/command.ts'
import { DEMO_VILLAGE } from '../grid/index.ts'
import type { MakeGroup } from './organisations/contract.ts'
import { makeGroup } from './organisations/groups.ts'
import { findGroup } from './organisations/store.ts'
import { registrySeedId } from './seed.ts'

type Line = [
  place: string,
  kind: MakeGroup['kind'],
  name: string,
  channel: MakeGroup['channel'],
  audience: string,
  members: number,
  ownerPost: string,
]

/** Invented; a village of the business grid has a dozen groups by place, trade and work. */
const lines: readonly Line[] = [
  ['', 'residents', '红联村村民交流群', 'wechat', '本村村民', 486, '村网格长'],
  ['', 'gridWork', '红联村网格工作群', 'dingtalk', '网格长、专职网格员、微网格长', 58, '村网格长'],
  ['/G001', 'residents', '红联新苑业主群', 'wechat', '红联新苑业主和租客', 341, '专职网格员'],
  ['/G001', 'residents', '红联新居民之家', 'wechat', '新居民', 212, '专职网格员'],
  ['/G002', 'residents', '红联路商户群', 'wechat', '沿街店铺', 64, '专职网格员'],
  ['/G004', 'gridWork', '工业小区安全群', 'dingtalk', '企业安全员', 23, '专职网格员'],
]

/** The chat groups of Honglian; run again, none comes twice. @returns how many are new. */
export async function seedGroups(cmd: Command): Promise<number> {
  let made = 0
  for (const [place, kind, name, channel, audience, members, ownerPost] of lines) {
    const id = registrySeedId(cmd.county, `chatGroup:${name}`)
    if (await findGroup(cmd.tx, cmd.county, id)) continue
    made++
    await makeGroup(cmd, { id, areaPath: `${DEMO_VILLAGE}${place}`, kind, name, channel, audience, members, ownerPost })
  }
  return made
}
