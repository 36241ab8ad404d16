import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { requireGrant } from '../../kernel/grants.ts'
import { cleanText } from '../../kernel/text.ts'
import { areaNames, findSettingWithVersion, getArea, saveSetting } from '../../grid/index.ts'
import { categoriesOf, currentKind, itemName } from '../../packs/index.ts'
import type { DiaryKind, DiarySetting } from '../diary/contract.ts'
import { shippedSetting } from '../diary/rules.ts'
import { DIARY_SETTING } from '../diary/views.ts'
import type { DutyPhones } from '../kit/contract.ts'
import { DUTY_PHONES } from '../kit/service.ts'
import type { DutySettings, SetDiaryKinds, SetDutyPhones } from './contract.ts'
import { codedKinds, firstTwice } from './rules.ts'

/** What the county has set for the people on duty. @throws kernel.forbidden, kernel.wrong_purpose */
export async function showDutySettings(cmd: Command): Promise<DutySettings> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const diary = await findSettingWithVersion<DiarySetting>(cmd, DIARY_SETTING)
  const phones = await findSettingWithVersion<DutyPhones>(cmd, DUTY_PHONES)
  const { kinds, keepDays } = diary?.value ?? shippedSetting
  const items = phones?.value ?? []
  const names = await areaNames(
    cmd,
    items.map(({ areaPath }) => areaPath),
  )
  return {
    diary: { version: diary?.version ?? 0, kinds: kinds.filter(({ gone }) => !gone), keepDays },
    phones: {
      version: phones?.version ?? 0,
      items: items.map((one) => ({ ...one, areaName: names.get(one.areaPath)?.fullName ?? one.areaPath })),
    },
    categories: (await caseCategories(cmd)).map((item) => ({ code: item.code, name: itemName(item, cmd.locale) })),
  }
}

const caseCategories = async (cmd: Command) =>
  categoriesOf(await currentKind(cmd, 'event')).filter(({ complaint }) => !complaint)

/**
 * Sets the kinds by which diaries are sorted, and how long their words are kept. A kind that is taken out can no longer be
 * chosen; entries that have it keep its name.
 *
 * @throws duty.kind_twice, loop.unknown_category, kernel.stale, kernel.forbidden, kernel.wrong_purpose
 */
export async function setDiaryKinds(cmd: Command, input: SetDiaryKinds): Promise<DutySettings> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const there = (await findSettingWithVersion<DiarySetting>(cmd, DIARY_SETTING))?.value ?? shippedSetting
  const written = input.kinds.map((kind) => ({
    ...kind,
    zh: cleanText(kind.zh, { maxLength: 12, minLength: 1, path: 'zh' }),
    en: cleanText(kind.en, { maxLength: 40, minLength: 1, path: 'en' }),
  }))
  const name = firstTwice(written.map(({ zh }) => zh)) ?? firstTwice(written.map(({ en }) => en))
  if (name !== undefined) throw new Fault('duty.kind_twice', { name })
  const known = new Set((await caseCategories(cmd)).map(({ code }) => code))
  if (written.some(({ category }) => !known.has(category))) throw new Fault('loop.unknown_category')
  const kinds: DiaryKind[] = codedKinds(there.kinds, written)
  const value: DiarySetting = { kinds, keepDays: input.keepDays }
  await saveSetting(cmd, { key: DIARY_SETTING, value, version: input.version })
  return showDutySettings(cmd)
}

/**
 * Sets which phone answers for which place; a place without one has that of the place above it.
 *
 * @throws duty.phone_twice, grid.unknown_area, kernel.stale, kernel.forbidden, kernel.wrong_purpose
 */
export async function setDutyPhones(cmd: Command, input: SetDutyPhones): Promise<DutySettings> {
  requireGrant(cmd, 'grid.manage', cmd.county)
  const twice = firstTwice(input.phones.map(({ areaPath }) => areaPath))
  if (twice !== undefined) throw new Fault('duty.phone_twice', { name: (await getArea(cmd, twice)).name })
  const names = await areaNames(
    cmd,
    input.phones.map(({ areaPath }) => areaPath),
  )
  if (input.phones.some(({ areaPath }) => !names.has(areaPath))) throw new Fault('grid.unknown_area')
  await saveSetting(cmd, { key: DUTY_PHONES, value: input.phones, version: input.version })
  return showDutySettings(cmd)
}
