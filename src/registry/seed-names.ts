import { citizenIdFacts } from '../kernel/codes.ts'

/** Names, numbers and phones of people who do not exist, the same at every run. */

type Random = () => number

const local = '沈陆顾张王徐朱周吴陈姚金许钱曹俞潘胡杨高孙蒋赵施倪费戴冯褚严孔魏陶姜谢邹柏章'
const fromAfar = '李刘黄何郭马罗梁宋郑唐韩邓彭曾肖田董袁蔡贾丁薛叶阎余杜夏钟汪田任方石熊孟秦白江龙'
const menOne = '强军勇伟杰涛磊斌鹏浩波辉刚健明亮飞凯鑫超'
const womenOne = '芳敏静丽娟艳霞玲燕红梅洁莉婷颖雪慧琴丹倩'
const men =
  '建华 国强 志远 卫东 文杰 永平 根生 立新 家豪 培根 振宇 云飞 水根 炳荣 伟良 林根 国平 海明 永法 俊杰 金根 阿毛 关林 志明 建平 建国 晓峰 思远 宇轩 浩然 子轩 一鸣 学良 富根 祖兴 大伟 春林 德胜 正清 明华'.split(
    ' ',
  )
const women =
  '秋芳 美琴 慧敏 桂英 海燕 雪萍 丽娟 佳怡 春梅 玉兰 静怡 红霞 彩云 巧珍 月娥 凤英 雅琴 素珍 爱娟 金妹 惠芬 晓燕 亚萍 梦婷 阿珍 杏芳 菊英 雨涵 欣怡 梓萱 诗琪 佩芬 根娣 秀英 小芳 翠花 兰香 思雨 婉清 月华'.split(
    ' ',
  )
/** Where new residents of the county come from: provinces with their way of being written, and a division of theirs. */
export const origins: readonly [place: string, division: string][] = [
  ['安徽省阜阳市', '341202'],
  ['安徽省六安市', '341502'],
  ['河南省周口市', '411602'],
  ['河南省信阳市', '411502'],
  ['江西省上饶市', '361102'],
  ['贵州省毕节市', '520502'],
  ['四川省达州市', '511702'],
  ['云南省昭通市', '530602'],
  ['湖南省怀化市', '431202'],
  ['湖北省黄冈市', '421102'],
  ['江苏省盐城市', '320902'],
  ['山东省菏泽市', '371702'],
]

export const pick = <Item>(random: Random, from: ArrayLike<Item>): Item => from[Math.floor(random() * from.length)]!

export const surnameOf = (random: Random, near: boolean): string => pick(random, near ? local : fromAfar)

export function givenNameOf(random: Random, sex: 'male' | 'female'): string {
  if (random() < 0.3) return pick(random, sex === 'male' ? menOne : womenOne)
  return pick(random, sex === 'male' ? men : women)
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Order numbers of invented ID numbers: two estates that share none share no number. */
export type IdOrders = Readonly<Record<'male' | 'female', readonly string[]>>

/**
 * Makes citizen ID numbers that hold GB 11643 and that nobody alive bears: their order numbers are 996 to 999, kept for those
 * who are a hundred. No number is given twice, nor one of `given`; where a day is used up, the next is taken, and with it the day of birth.
 */
export function citizenIds(
  given: readonly string[] = [],
  orders: IdOrders = { male: ['999', '997'], female: ['998', '996'] },
): (division: string, bornOn: string, sex: 'male' | 'female') => string {
  const taken = new Set(given.map((number) => number.slice(0, -1)))
  return (division, bornOn, sex) => {
    const day = new Date(`${bornOn}T00:00:00Z`)
    for (; ; day.setUTCDate(day.getUTCDate() - 1)) {
      for (const order of orders[sex]) {
        const digits = `${division}${day.toISOString().slice(0, 10).replaceAll('-', '')}${order}`
        if (taken.has(digits)) continue
        taken.add(digits)
        const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
        return digits + '10X98765432'[sum % 11]!
      }
    }
  }
}

/** The day of birth that the number says. */
export const bornOnOf = (citizenId: string): string => citizenIdFacts(citizenId)!.bornOn

/** Phones of one range, none twice, in no order that shows. @param range Five digits. */
export function phones(range: string): () => string {
  let at = 0
  return () => `${range}${String((++at * 618_033) % 1_000_000).padStart(6, '0')}`
}

const codeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** A code of GB 32100 with its check characters; the organisation does not exist. @param number Up to eight digits. */
export function organisationCode(kind: string, division: string, number: number): string {
  const body = String(number).padStart(8, '0')
  const inner = [...body].reduce((sum, digit, at) => sum + Number(digit) * [3, 7, 9, 10, 5, 8, 4, 2][at]!, 0)
  const check = 11 - (inner % 11)
  const seventeen = `${kind}${division}${body}${check === 10 ? 'X' : check === 11 ? '0' : String(check)}`
  let weight = 1
  let sum = 0
  for (const character of seventeen) {
    sum += codeAlphabet.indexOf(character) * weight
    weight = (weight * 3) % 31
  }
  return seventeen + codeAlphabet[(31 - (sum % 31)) % 31]!
}
