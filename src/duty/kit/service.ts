import qrcode from 'qrcode'
import { Compile } from 'typebox/compile'
import type { Command } from '../../kernel/command.ts'
import { isWithin, requireGrant } from '../../kernel/grants.ts'
import type { Rehome } from '../../kernel/ports.ts'
import {
  areaNames,
  chairsOf,
  findSetting,
  getArea,
  leafKinds,
  offerSetting,
  responsibleFor,
  rewriteSetting,
} from '../../grid/index.ts'
import { nameOf } from '../../identity/index.ts'
import { DutyPhones, type Kit, type Poster } from './contract.ts'

export const DUTY_PHONES = 'duty.phones'
const fits = Compile(DutyPhones)
offerSetting(DUTY_PHONES, (value) => fits.Check(value))

/** The phone that answers for a place: the one set nearest above it; null where the county has set none. */
function dutyPhone(phones: DutyPhones, areaPath: string): string | null {
  const over = phones.filter((one) => isWithin(areaPath, one.areaPath))
  return over.toSorted((one, other) => other.areaPath.length - one.areaPath.length)[0]?.phone ?? null
}

/** A phone is set for a place and goes where the place goes; of several that become one the first is kept. */
export const phoneRehome: Rehome = {
  name: 'duty.phones',
  async preview(cmd, change) {
    const phones = await phonesOf(cmd)
    const count = phones.filter(({ areaPath }) => change.from.some((path) => isWithin(areaPath, path))).length
    const label = cmd.locale === 'en' ? 'Duty phones' : '值班电话'
    return [{ label, count, ...(change.sharing && { to: change.from[0]! }) }]
  },
  apply(cmd, change) {
    const to = change.to[0]
    if (change.sharing || to === undefined) return Promise.resolve(0)
    return rewriteSetting<DutyPhones>(cmd, DUTY_PHONES, (phones) => {
      let changed = 0
      const moved = phones.map((one) => {
        const from = change.from.find((path) => isWithin(one.areaPath, path))
        if (from === undefined) return one
        changed++
        return { ...one, areaPath: to + one.areaPath.slice(from.length) }
      })
      const firstOf = new Map(moved.toReversed().map((one) => [one.areaPath, one]))
      return { value: moved.filter((one) => firstOf.get(one.areaPath) === one), changed }
    })
  },
}

const phonesOf = async (cmd: Command): Promise<DutyPhones> => (await findSetting<DutyPhones>(cmd, DUTY_PHONES)) ?? []

const isLeaf = (kind: string | undefined): boolean => kind !== undefined && leafKinds.has(kind)

/** The chairs in which the actor sits, with who else sits there and who acts. */
export async function showKit(cmd: Command): Promise<Kit> {
  const [chairs, phones] = await Promise.all([chairsOf(cmd), phonesOf(cmd)])
  const names = await areaNames(
    cmd,
    chairs.map(({ areaPath }) => areaPath),
  )
  return {
    items: chairs.map((chair) => ({
      postId: chair.id,
      roleName: chair.roleName,
      areaPath: chair.areaPath,
      areaName: names.get(chair.areaPath)?.shortName ?? chair.name,
      acts: chair.holders.some(({ accountId, onDuty }) => onDuty && accountId === cmd.actor.id),
      leaf: isLeaf(names.get(chair.areaPath)?.kind),
      dutyPhone: dutyPhone(phones, chair.areaPath),
      sitting: chair.holders.map(({ accountId, name, phone, slot, away, onDuty }) => ({
        name,
        phone,
        slot,
        away,
        acts: onDuty,
        self: accountId === cmd.actor.id,
      })),
    })),
  }
}

/**
 * The poster of a place: who scans it reports straight to whoever answers there.
 *
 * @param origin Where people reach the product, without a slash at the end.
 * @throws grid.unknown_area, kernel.forbidden, kernel.wrong_purpose
 */
export async function showPoster(cmd: Command, path: string, origin: string): Promise<Poster> {
  requireGrant(cmd, 'grid.read', path)
  const area = await getArea(cmd, path)
  const [names, found, phones] = await Promise.all([
    areaNames(cmd, [path]),
    responsibleFor(cmd, path, 'microGridLead'),
    phonesOf(cmd),
  ])
  const url = `${origin}/r?county=${cmd.county}&at=${path}`
  const qrSvg = await qrcode.toString(url, { type: 'svg', margin: 1, errorCorrectionLevel: 'Q' })
  return {
    areaName: names.get(path)?.shortName ?? area.name,
    fullName: names.get(path)?.fullName ?? area.name,
    url,
    qrSvg,
    head: found ? await nameOf(cmd, found.accountId) : null,
    dutyPhone: dutyPhone(phones, path),
  }
}
