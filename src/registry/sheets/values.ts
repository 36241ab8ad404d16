import {
  citizenIdFacts,
  isOrganisationCode,
  normaliseCode,
  normaliseMobile,
  type CitizenIdFacts,
} from '../../kernel/codes.ts'

/** A cell as it is understood, or why it cannot be. */
export type Read<T> = { readonly value: T } | { readonly zh: string; readonly en: string }

const wrong = (zh: string, en: string): { zh: string; en: string } => ({ zh, en })

/** Half width, without blanks at the ends or what spreadsheets put before a text. */
export const plainCell = (cell: string): string => (usual.test(cell) ? cell : mended(cell))
/** Most cells are letters and digits as they should be. */
const usual = /^(?!')[\x21-\x7e\u4e00-\u9fa5]*$/u
const mended = (cell: string): string =>
  cell
    .toWellFormed()
    .normalize('NFKC')
    // What nobody sees, and what a database cannot keep.
    .replace(/[\p{Cc}\u200b-\u200f\ufeff\ufffd]/gu, (letter) => (/\s/.test(letter) ? letter : ''))
    .replace(/^'+/, '')
    .trim()

/** How clerks leave a cell empty. */
const nothing = /^(?:无|没有|暂无|不详|未知|不清楚|未登记|未提供|空|n\/?a|null|none|[-—–/\\*.。、]+)$/iu
export const isNothing = (cell: string): boolean => cell === '' || nothing.test(cell)

const SCIENTIFIC = /^\d(?:\.\d+)?e\+?\d{1,3}$/i

export interface KnownId extends CitizenIdFacts {
  readonly id: string
}

/**
 * A citizen ID number, or null where there is none. What a spreadsheet has broken is recognised: scientific notation, and 15
 * digits with zeros behind them, which no look-up could mend. One number in 1,100 truly ends so: whoever has compared it
 * with the original writes 核 behind it.
 *
 * @param today Nobody is born later.
 */
export function readCitizenId(cell: string, today: string): Read<KnownId | null> {
  const plain = plainCell(cell)
  if (isNothing(plain)) return { value: null }
  if (SCIENTIFIC.test(plain.replace(/\s/g, '')))
    return wrong(
      '证件号被 Excel 变成了科学计数，后几位已经丢失。请先把这一列设成“文本”格式，再重新填写完整号码。',
      'Excel turned this number into scientific notation and lost its last digits. Format the column as text and enter it again.',
    )
  const isCompared = /核对?[)]?$/u.test(plain)
  const id = normaliseCode(plain.replace(/[(]?核对?[)]?$/u, ''))
    .replace(/[-.·]/g, '')
    .replace(/[X×✕хχ*]$/u, 'X')
  if (/^\d{15}000$/.test(id) && !isCompared)
    return wrong(
      '证件号末三位是 000：多半是 Excel 只保留 15 位、把后三位改成了 0。请把这一列设成“文本”格式，照原件重填；核对过原件确实如此的，在号码后面加一个“核”字。',
      'This number ends in 000: most likely Excel kept 15 digits and made zeros of the rest. Format the column as text and enter it from the original; if the original says so, write 核 behind it.',
    )
  const facts = citizenIdFacts(id, today)
  if (facts) return { value: { id, ...facts } }
  if (/^\d{15}$/.test(id))
    return wrong('这是 15 位的老号码，请填 18 位的公民身份号码。', 'This is an old number of 15 digits; 18 are needed.')
  if (/^\d{17}[\dX]$/.test(id))
    return wrong(
      '证件号校验位不对，请照原件核对是哪一位写错了。',
      'The check digit is wrong: please compare with the original.',
    )
  if (/^[\dX]+$/.test(id))
    return wrong(`证件号要 18 位，这里是 ${id.length} 位。`, `An ID number has 18 digits; this one has ${id.length}.`)
  return wrong(
    '这不是公民身份号码；没有的请留空，把其他证件写在备注里。',
    'This is no citizen ID number; leave it blank if there is none.',
  )
}

export interface Phones {
  readonly mobile: string | null
  /** A landline or further numbers, as written. */
  readonly others: string
}

/** The first mobile number of a cell; further ones and landlines beside it. */
export function readPhone(cell: string): Read<Phones> {
  const plain = plainCell(cell).replace(/\.0+$/, '')
  if (isNothing(plain)) return { value: { mobile: null, others: '' } }
  if (SCIENTIFIC.test(plain))
    return wrong(
      '手机号被 Excel 变成了科学计数，请把这一列设成“文本”格式后重填。',
      'Excel turned this phone into scientific notation. Format the column as text and enter it again.',
    )
  const pieces = plain.split(/[\s]*[/,;、，；|]+[\s]*|\s{2,}|\n/u).filter((piece) => piece !== '')
  const mobiles: string[] = []
  const others: string[] = []
  for (const piece of pieces.length > 0 ? pieces : [plain]) {
    const mobile = normaliseMobile(piece.replace(/[^\d+()\s-]/g, ''))
    if (mobile) mobiles.push(mobile)
    else if (/^(?:\(?0\d{2,3}\)?[\s-]?)?\d{7,8}(?:-\d{1,5})?$/.test(piece)) others.push(piece)
    else
      return wrong(
        '手机号要 11 位、以 1 开头；座机写区号和号码；没有就空着。',
        'A mobile number has 11 digits and begins with 1; leave it blank if there is none.',
      )
  }
  const [mobile = null, ...further] = mobiles
  return { value: { mobile, others: [...further, ...others].join('、') } }
}

export interface DayRead {
  /** `YYYY-MM-DD`; null where the cell says no day. */
  readonly day: string | null
  /** `YYYY-MM` or `YYYY` where the cell says no more. */
  readonly about: string | null
}

const numerals = '〇一二三四五六七八九'
const chineseDigits = (text: string): string =>
  text
    .replace(/零|○|O(?=[一二三四五六七八九〇])/gu, '〇')
    .replace(/([一二三四五六七八九])?十([一二三四五六七八九])?/gu, (_all, tens?: string, ones?: string) =>
      String((tens ? numerals.indexOf(tens) : 1) * 10 + (ones ? numerals.indexOf(ones) : 0)),
    )
    .replace(/[〇一二三四五六七八九]/gu, (numeral) => String(numerals.indexOf(numeral)))

const two = (text: string): string => text.padStart(2, '0')
function dayOfParts(year: string, month: string, day: string): string | undefined {
  const text = `${year}-${two(month)}-${two(day)}`
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text ? text : undefined
}

/** Days since 1899-12-30, as spreadsheets count. */
const SERIAL_EPOCH = Date.UTC(1899, 11, 30)
const SERIAL_MIN = 3_650
const SERIAL_MAX = 60_000

function wholeDay(text: string): string | undefined {
  const [, y, m, d] = /^(\d{4})\D+(\d{1,2})\D+(\d{1,2})(?:日|号)?(?:\s.*|T.*)?$/u.exec(text) ?? []
  if (y && m && d) return dayOfParts(y, m, d)
  const [, cy, cm, cd] = /^(\d{4})(\d{2})(\d{2})$/.exec(text) ?? []
  if (cy && cm && cd) return dayOfParts(cy, cm, cd)
  // 13/5/1985 and 5/13/1985 can each be only one day; 5/6/1985 can be two and is asked for again.
  const [, one = '', other = '', last] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? []
  if (last && Number(one) > 12) return dayOfParts(last, other, one)
  if (last && (Number(other) > 12 || one === other)) return dayOfParts(last, one, other)
  if (
    /^\d{4,5}$/.test(text) &&
    Number(text) >= SERIAL_MIN &&
    Number(text) <= SERIAL_MAX &&
    !/^(?:19|20)\d\d$/.test(text)
  )
    return new Date(SERIAL_EPOCH + Number(text) * 86_400_000).toISOString().slice(0, 10)
  return undefined
}

/**
 * A day in any of the ways in which clerks write one: 2026-3-5, 2026.03.05, 20260305, 2026年3月5日, 二〇二六年三月五日, full-width
 * digits, and what is left of a date when a spreadsheet forgets its format (46086).
 */
export function readDay(cell: string): Read<DayRead> {
  const plain = chineseDigits(plainCell(cell).replace(/\s+/g, ' '))
  if (isNothing(plain) || /^(?:至今|长期|永久|出生)$/.test(plain)) return { value: { day: null, about: null } }
  const day = wholeDay(plain)
  if (day) return { value: { day, about: null } }
  const [, year, month] = /^((?:18|19|20)\d{2})\D{0,2}(\d{1,2})\D{0,2}$/u.exec(plain) ?? []
  if (year && month && Number(month) >= 1 && Number(month) <= 12)
    return { value: { day: null, about: `${year}-${two(month)}` } }
  const [, alone] = /^((?:18|19|20)\d{2})年?$/u.exec(plain) ?? []
  if (alone) return { value: { day: null, about: alone } }
  return wrong(
    '看不懂这个日期，请写成 2026-03-05 的样子。',
    'This is no date that can be understood; please write it like 2026-03-05.',
  )
}

/** 男, 女, 1, 2 …; null where it is not said. */
export function readSex(cell: string): Read<'male' | 'female' | null> {
  const plain = plainCell(cell).toLowerCase()
  if (isNothing(plain)) return { value: null }
  if (/^(?:男|男性|男的|m|male|1|先生)$/.test(plain)) return { value: 'male' }
  if (/^(?:女|女性|女的|f|female|2|女士)$/.test(plain)) return { value: 'female' }
  return wrong('性别请写男或女。', 'Please write 男 or 女.')
}

/** 是, 有, √, 1 … against 否, 无, × …; null where it is not said or in other words. */
export function readYes(cell: string, also: RegExp = /^$/): boolean | null {
  const plain = plainCell(cell).toLowerCase()
  if (plain === '') return null
  if (also.test(plain) || /^(?:是|有|对|√|✓|✔|v|y|yes|true|1|在)$/.test(plain)) return true
  if (/^(?:否|无|不是|没有|×|✗|x|n|no|false|0|不|不在)$/.test(plain) || nothing.test(plain)) return false
  return null
}

const relationWords: readonly (readonly [RegExp, string])[] = [
  [/^(?:户主|本人|户主本人|承租人|主|家长|1|01|02)$/, 'head'],
  [/^(?:配偶|妻|妻子|夫|丈夫|夫妻|爱人|老婆|老公|媳妇\(妻\))$/, 'spouse'],
  [
    /^(?:子女|子|女|儿子|女儿|长子|次子|三子|四子|独子|独生子|长女|次女|三女|四女|独女|独生女|养子|养女|继子|继女|儿|之子|之女|孩子|小孩|儿女|大儿子|小儿子|大女儿|小女儿)$/,
    'child',
  ],
  [/^(?:孙|孙子|孙女|外孙|外孙子|外孙女|孙子女|孙辈|外孙子女|曾孙|曾孙女|重孙|长孙|孙儿)$/, 'grandchild'],
  [
    /^(?:父母|父|母|父亲|母亲|爸爸|妈妈|岳父|岳母|公公|婆婆|公|婆|继父|继母|养父|养母|丈人|丈母娘|家公|家婆)$/,
    'parent',
  ],
  [/^(?:祖父母|祖父|祖母|爷爷|奶奶|外公|外婆|外祖父|外祖母|曾祖父|曾祖母)$/, 'grandparent'],
  [/^(?:兄弟姐妹|兄|弟|姐|妹|哥|哥哥|弟弟|姐姐|妹妹|兄弟|姐妹|姊妹)$/, 'sibling'],
  [/^(?:儿媳|媳妇|女婿|儿媳妇|媳|婿|孙媳|孙媳妇|孙女婿)$/, 'childInLaw'],
  [
    /^(?:亲属|其他亲属|亲戚|其他|侄子|侄女|外甥|外甥女|侄|甥|叔|伯|姑|舅|姨|嫂|嫂子|弟媳|姐夫|妹夫|表亲|堂亲|伯父|叔叔|姑姑|舅舅)$/,
    'relative',
  ],
  [
    /^(?:非亲属|租客|租户|房客|合租|合租人|室友|同住|同住人|同事|工友|朋友|保姆|雇员|员工|寄住|借住|无关系|无|同租)$/,
    'nonRelative',
  ],
]
const tenantWords = /^(?:租客|租户|房客|合租|合租人|承租人|同租)$/
const lodgerWords = /^(?:寄住|借住|保姆|朋友)$/

/** How somebody stands to the head of the household; `tie` where the same word says how they stand to the home. */
export function readRelation(cell: string): Read<{ relation: string | null; tie: 'tenant' | 'lodger' | null }> {
  const plain = plainCell(cell).replace(/[\s之的]/gu, '')
  if (plain === '') return { value: { relation: null, tie: null } }
  const tie = tenantWords.test(plain) ? 'tenant' : lodgerWords.test(plain) ? 'lodger' : null
  for (const [words, relation] of relationWords) if (words.test(plain)) return { value: { relation, tie } }
  return wrong(
    '看不懂与户主的关系，请写户主、配偶、子、女、父、母、孙子女、其他亲属或非亲属。',
    'This relation to the head is not understood: please write 户主, 配偶, 子, 女, 父, 母, 孙子女, 其他亲属 or 非亲属.',
  )
}

export type Registration = 'registered' | 'elsewhere' | 'floating' | 'foreign' | 'unknown'

/** Whose register somebody stands in; null where the word says nothing about it. */
export function readRegistration(cell: string): Registration | null {
  const plain = plainCell(cell)
  if (/人户分离|空挂|户在人不在|挂户/.test(plain)) return 'elsewhere'
  if (/流动|外来|新居民|暂住|租户|租客|外地|外省|非本地|非户籍|寄住|^是$/.test(plain)) return 'floating'
  if (/境外|外国|外籍|港澳台/.test(plain)) return 'foreign'
  if (/户籍|本地|常住|常驻|本村|本社区|在册|本市|本区|居民户|农业|非农|^否$/.test(plain)) return 'registered'
  return null
}

export type Tie = 'owner' | 'tenant' | 'family' | 'lodger'

/** How somebody stands to the home, or how the home is used; null where nothing is said. */
export function readTenure(cell: string): { tie: Tie | null; use: 'ownerOccupied' | 'let' | 'vacant' | null } {
  const plain = plainCell(cell)
  if (/空置|空关|闲置|无人|未入住|空房/.test(plain)) return { tie: null, use: 'vacant' }
  if (/群租|租|出租|租赁|合租/.test(plain) && !/自住|房东|业主/.test(plain)) return { tie: 'tenant', use: 'let' }
  if (/房东|出租方/.test(plain)) return { tie: 'owner', use: 'let' }
  if (/借住|寄住|投靠/.test(plain)) return { tie: 'lodger', use: null }
  if (/业主|产权人|房主/.test(plain)) return { tie: 'owner', use: null }
  if (/自住|自有|自购|自建/.test(plain)) return { tie: null, use: 'ownerOccupied' }
  return { tie: null, use: null }
}

export type PersonState = 'present' | 'away' | 'left' | 'deceased'
export function readState(cell: string): PersonState | null {
  const plain = plainCell(cell)
  if (/死亡|去世|已故|亡故/.test(plain)) return 'deceased'
  if (/搬走|迁出|搬离|已离开|退租|注销/.test(plain)) return 'left'
  if (/外出|在外|务工|出国|不在/.test(plain)) return 'away'
  if (/在住|居住|常住|正常|在家|在/.test(plain)) return 'present'
  return null
}

/** GB 32100, or null where there is none. */
export function readOrganisationCode(cell: string): Read<string | null> {
  const plain = plainCell(cell)
  if (isNothing(plain)) return { value: null }
  const code = normaliseCode(plain).replace(/-/g, '')
  if (isOrganisationCode(code)) return { value: code }
  if (SCIENTIFIC.test(plain) || /^\d{15}000$/.test(code))
    return wrong(
      '信用代码被 Excel 改坏了，请把这一列设成“文本”格式后重填。',
      'Excel broke this code. Format the column as text and enter it again.',
    )
  return wrong(
    '统一社会信用代码要 18 位且校验位要对；没有的请留空。',
    'The code has 18 characters with a right check digit; leave it blank if there is none.',
  )
}

export type OrganisationKind =
  | 'enterprise'
  | 'merchant'
  | 'partner'
  | 'supplier'
  | 'socialOrganisation'
  | 'partyOrganisation'
  | 'other'
export function readOrganisationKind(cell: string): OrganisationKind | null {
  const plain = plainCell(cell)
  if (plain === '') return null
  if (/党支部|党委|党组织|党总支/.test(plain)) return 'partyOrganisation'
  if (/共建|联盟/.test(plain)) return 'partner'
  if (/供应/.test(plain)) return 'supplier'
  if (/社会组织|协会|社团|民办非/.test(plain)) return 'socialOrganisation'
  if (/个体|商户|店|门市|摊|沿街/.test(plain)) return 'merchant'
  if (/企业|公司|厂|有限|股份|合伙|独资/.test(plain)) return 'enterprise'
  return 'other'
}
