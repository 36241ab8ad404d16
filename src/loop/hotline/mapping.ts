import { Compile } from 'typebox/compile'
import type { Command } from '../../kernel/command.ts'
import { Fault } from '../../kernel/faults.ts'
import { findSettingWithVersion, offerSetting, saveSetting } from '../../grid/index.ts'
import {
  categoriesOf,
  currentKinds,
  findCategory,
  itemName,
  kindName,
  mayBeginKind,
  presentForm,
  validateForm,
  type PackKind,
} from '../../packs/index.ts'
import { HotlineMeanings, type HotlineKind, type HotlineMapping, type SetHotlineMapping } from './contract.ts'
import { plainWords, type Meaning } from './meaning.ts'

const SETTING = 'hotline.mapping'
const fits = Compile(HotlineMeanings)
offerSetting(SETTING, (value) => fits.Check(value))

/** What people call the hotline for are everyday matters: what no word says otherwise becomes one of these. */
export const EVERYDAY = 'event'

/** Fields that a clerk can answer for a word once and for all: something to choose from. */
const isChoice = ({ options }: { options: readonly unknown[] }): boolean => options.length > 0

/** The kinds that the packs in force let this person begin from a sheet: what their report form must know can be chosen. */
export async function offeredKinds(cmd: Command): Promise<Map<string, PackKind>> {
  const offered = new Map<string, PackKind>()
  for (const [name, pack] of await currentKinds(cmd)) {
    const wanted = wantedFields(pack, cmd.locale)
    const hasCategories = categoriesOf(pack).some(({ complaint }) => !complaint)
    if (hasCategories && wanted.every(isChoice) && (await mayBeginKind(cmd, pack))) offered.set(name, pack)
  }
  return offered
}

const wantedFields = ({ content, kind }: PackKind, locale: Command['locale']) =>
  (presentForm(content, kind.reportForm, locale)?.layout ?? []).filter(({ required }) => required)

const shownKind = (pack: PackKind, locale: Command['locale']): HotlineKind => ({
  kind: pack.kind.name,
  name: kindName(pack, locale),
  categories: categoriesOf(pack)
    .filter(({ complaint }) => !complaint)
    .map((item) => ({ code: item.code, name: itemName(item, locale) })),
  fields: wantedFields(pack, locale).map(({ field, label, options }) => ({
    field,
    label,
    options: options.map(({ value, label: name }) => ({ value, label: name })),
  })),
})

/** What the county has said before that the hotline's words mean, as far as the packs in force still know it. */
export async function meaningsOf(cmd: Command, kinds: ReadonlyMap<string, PackKind>): Promise<Map<string, Meaning>> {
  const kept = (await findSettingWithVersion<HotlineMeanings>(cmd, SETTING))?.value ?? []
  return new Map(kept.filter((one) => isKnown(one, kinds)).map((one) => [plainWords(one.said), one]))
}

function isKnown({ kind, category, form }: Meaning, kinds: ReadonlyMap<string, PackKind>): boolean {
  const pack = kinds.get(kind)
  if (!pack || !findCategory(pack, category)) return false
  return wantedFields(pack, 'zh-CN').every(({ field, options }) => options.some(({ value }) => value === form[field]))
}

/** What the hotline's words mean here, and what they could. @throws kernel.forbidden, kernel.wrong_purpose */
export async function showMapping(cmd: Command): Promise<HotlineMapping> {
  const kinds = await offeredKinds(cmd)
  const kept = await findSettingWithVersion<HotlineMeanings>(cmd, SETTING)
  return {
    version: kept?.version ?? 0,
    items: (kept?.value ?? []).filter((one) => isKnown(one, kinds)),
    offers: [...kinds.values()].map((pack) => shownKind(pack, cmd.locale)),
  }
}

/**
 * Keeps what the hotline's words mean in this county, for this sheet and those to come.
 *
 * @throws loop.unknown_category, kernel.invalid_input for an answer that the kind's form does not have, kernel.stale
 */
export async function setMapping(cmd: Command, input: SetHotlineMapping): Promise<HotlineMapping> {
  const kinds = await offeredKinds(cmd)
  const value = [...new Map(input.items.map((one) => [plainWords(one.said), one])).values()].map((one) => {
    const pack = kinds.get(one.kind)
    const category = pack && findCategory(pack, one.category)
    if (!pack || !category || category.complaint) throw new Fault('loop.unknown_category')
    const form = validateForm(pack.content, pack.kind.reportForm, one.form, { now: cmd.now })
    return { ...one, form }
  })
  await saveSetting(cmd, { key: SETTING, value, version: input.version })
  return showMapping(cmd)
}
