import { Fault } from '../../kernel/faults.ts'
import type { Locale } from '../../kernel/faults.ts'
import { ageOn } from '../rules.ts'
import type { GivenTag, TagList } from './contract.ts'

export interface Tag {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly meaningZh: string
  readonly meaningEn: string
  readonly derived?: true
  readonly ends?: true
  readonly sensitive?: true
}

/** What people are marked with, and what each mark means. */
export const tags: readonly Tag[] = [
  {
    code: 'over60',
    zh: '60 岁以上',
    en: 'Over 60',
    meaningZh: '满 60 周岁，按出生日期得出',
    meaningEn: '60 or older, by date of birth',
    derived: true,
  },
  {
    code: 'over80',
    zh: '80 岁以上',
    en: 'Over 80',
    meaningZh: '满 80 周岁，按出生日期得出',
    meaningEn: '80 or older, by date of birth',
    derived: true,
  },
  {
    code: 'smallChild',
    zh: '学龄前儿童',
    en: 'Small child',
    meaningZh: '未满 6 周岁，按出生日期得出',
    meaningEn: 'Younger than 6, by date of birth',
    derived: true,
  },
  {
    code: 'newResident',
    zh: '新居民',
    en: 'New resident',
    meaningZh: '流动人口，按户籍类别得出',
    meaningEn: 'Floating population, by registration',
    derived: true,
  },
  {
    code: 'landlordElsewhere',
    zh: '业主住在别处',
    en: 'Landlord elsewhere',
    meaningZh: '在这里有房，不住在这里',
    meaningEn: 'Owns premises here and lives elsewhere',
    derived: true,
  },
  {
    code: 'partyMember',
    zh: '党员',
    en: 'Party member',
    meaningZh: '中共党员（含预备党员）',
    meaningEn: 'Member of the Party, probationary ones too',
  },
  {
    code: 'localWorthy',
    zh: '乡贤',
    en: 'Local worthy',
    meaningZh: '愿为家乡出力的能人',
    meaningEn: 'Known for what they do for their home',
  },
  { code: 'veteran', zh: '退役军人', en: 'Veteran', meaningZh: '退役军人', meaningEn: 'Served in the forces' },
  { code: 'volunteer', zh: '志愿者', en: 'Volunteer', meaningZh: '登记的志愿者', meaningEn: 'Registered volunteer' },
  {
    code: 'livingAlone',
    zh: '独居',
    en: 'Living alone',
    meaningZh: '一个人住，需要多走动',
    meaningEn: 'Lives alone and is looked in on',
    sensitive: true,
  },
  {
    code: 'pregnant',
    zh: '孕产妇',
    en: 'Pregnant',
    meaningZh: '怀孕或产后，到预产期后六周止',
    meaningEn: 'Expecting or just delivered; ends',
    ends: true,
    sensitive: true,
  },
  {
    code: 'disabled',
    zh: '残疾人',
    en: 'Disabled',
    meaningZh: '持残疾人证',
    meaningEn: 'Holds a disability certificate',
    sensitive: true,
  },
  {
    code: 'lowIncome',
    zh: '低保低边',
    en: 'Low income',
    meaningZh: '低保、低边家庭成员',
    meaningEn: 'Of a household on minimum living allowance',
    sensitive: true,
  },
  {
    code: 'orphan',
    zh: '孤儿或留守儿童',
    en: 'Child without parents at home',
    meaningZh: '孤儿、留守或困境儿童',
    meaningEn: 'Orphan or left-behind child',
    sensitive: true,
  },
  {
    code: 'leftBehindOld',
    zh: '留守老人',
    en: 'Older person left behind',
    meaningZh: '子女长期在外',
    meaningEn: 'Children live far away',
    sensitive: true,
  },
  {
    code: 'bedridden',
    zh: '失能半失能',
    en: 'Needs care',
    meaningZh: '生活不能自理',
    meaningEn: 'Cannot look after themselves',
    sensitive: true,
  },
]

const byCode = new Map(tags.map((tag) => [tag.code, tag]))

/** @throws registry.unknown_tag */
export function requireTag(code: string): Tag {
  const tag = byCode.get(code)
  if (!tag) throw new Fault('registry.unknown_tag')
  return tag
}

export const tagName = (code: string, locale: Locale): string => {
  const tag = byCode.get(code)
  return (locale === 'en' ? tag?.en : tag?.zh) ?? code
}
export const isSensitive = (code: string): boolean => byCode.get(code)?.sensitive === true
export const sensitiveTags: readonly string[] = tags.filter(({ sensitive }) => sensitive).map(({ code }) => code)

export const listTags = (locale: Locale): TagList => ({
  items: tags.map((tag) => ({
    code: tag.code,
    name: locale === 'en' ? tag.en : tag.zh,
    meaning: locale === 'en' ? tag.meaningEn : tag.meaningZh,
    derived: tag.derived === true,
    ends: tag.ends === true,
    sensitive: tag.sensitive === true,
  })),
})

/**
 * A tag set by hand, with its last day where it has one.
 *
 * @throws registry.unknown_tag, registry.tag_derived, registry.tag_until_needed, registry.tag_until_past
 */
export function requireGiven(given: GivenTag, today: string, locale: Locale): { tag: string; untilOn: string | null } {
  const tag = requireTag(given.tag)
  const name = tagName(tag.code, locale)
  if (tag.derived) throw new Fault('registry.tag_derived', { tag: name })
  const untilOn = given.untilOn ?? null
  if (tag.ends && untilOn === null) throw new Fault('registry.tag_until_needed', { tag: name })
  if (untilOn !== null && untilOn < today) throw new Fault('registry.tag_until_past')
  return { tag: tag.code, untilOn }
}

export interface TagFacts {
  bornOn: string | null
  registration: string
  state: string
  /** Of the main relation. */
  areaPath: string
  /** Where they own premises and do not live, and live nowhere else in the same premises. */
  ownedElsewhere: readonly string[]
}

/** Years at which a birthday gives a tag, and those at which it ends one. */
export const birthdayTags: readonly { tag: string; years: number; gives: boolean }[] = [
  { tag: 'over60', years: 60, gives: true },
  { tag: 'over80', years: 80, gives: true },
  { tag: 'smallChild', years: 6, gives: false },
]

/** The tags that follow from what is known, each with the place where it counts; none for who has left or died. */
export function derivedTags(facts: TagFacts, today: string): { tag: string; areaPath: string }[] {
  if (facts.state === 'left' || facts.state === 'deceased' || facts.state === 'merged') return []
  const found: { tag: string; areaPath: string }[] = []
  const here = (tag: string): void => void found.push({ tag, areaPath: facts.areaPath })
  if (facts.bornOn !== null) {
    const age = ageOn(facts.bornOn, today)
    if (age >= 60) here('over60')
    if (age >= 80) here('over80')
    if (age < 6) here('smallChild')
  }
  if (facts.registration === 'floating') here('newResident')
  for (const areaPath of new Set(facts.ownedElsewhere)) found.push({ tag: 'landlordElsewhere', areaPath })
  return found
}
