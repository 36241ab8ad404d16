import { createHash } from 'node:crypto'
import type { Locale } from '../../kernel/faults.ts'
import { Fault } from '../../kernel/faults.ts'
import { detailGroups, fieldGroups } from '../field-groups.ts'

interface Purpose {
  readonly code: string
  readonly zh: { readonly name: string; readonly words: string }
  readonly en: { readonly name: string; readonly words: string }
  /** Raised with every change of the words; what was agreed to before is asked anew when it is needed. */
  readonly version: number
  /** The field group that is kept on this consent alone. */
  readonly group: (typeof detailGroups)[number] | null
}

const VERSION = 1

/** Groups whose legal basis is consent: one purpose each; the words are made of what the group itself states. */
const ofGroups = fieldGroups.flatMap((group): Purpose[] => {
  const code = detailGroups.find((detail) => detail === group.code)
  if (!code || !group.basis.zh.includes('同意')) return []
  const zh = `我同意登记我的${group.fields.zh}，只用于${group.purpose.zh}。我迁出后最多保存 ${group.keepMonths} 个月。我可以随时撤回，撤回后这部分内容立即删除，不影响办理其他事情。`
  const en = `I agree that my ${group.fields.en.toLowerCase()} be kept, for this alone: ${group.purpose.en}. At most ${group.keepMonths} months after I leave. I may withdraw at any time; it is then deleted at once, and nothing else I ask for suffers.`
  return [
    {
      code,
      zh: { name: group.name.zh, words: zh },
      en: { name: group.name.en, words: en },
      version: VERSION,
      group: code,
    },
  ]
})

/** What a person may agree to, and withdraw. */
export const purposes: readonly Purpose[] = [
  ...ofGroups,
  {
    code: 'calls',
    zh: {
      name: '志愿和互助征集',
      words:
        '我同意村（社区）在招募志愿者、邻里互助时按登记的手机号联系我。我可以随时撤回，撤回后不再联系，不影响办理其他事情。',
    },
    en: {
      name: 'Calls for volunteers',
      words:
        'I agree that my village may reach me by the number it has when volunteers or neighbours are looked for. I may withdraw at any time and am then left alone; nothing else I ask for suffers.',
    },
    version: VERSION,
    group: null,
  },
]

/** @throws registry.unknown_consent */
export function requirePurpose(code: string): Purpose {
  const found = purposes.find((purpose) => purpose.code === code)
  if (!found) throw new Fault('registry.unknown_consent')
  return found
}

/** What is kept of the words: the Chinese ones are those that count. */
export const textHash = (purpose: Purpose): Buffer => createHash('sha256').update(purpose.zh.words, 'utf8').digest()

export const inWords = (purpose: Purpose, locale: Locale): { name: string; words: string } =>
  locale === 'en' ? purpose.en : purpose.zh
