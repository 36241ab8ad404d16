import { fixedUuid } from './world.ts'

/** The county of the registry's measurements: 25 towns × 100 villages × 20 micro-grids, 34 homes and 100 people each. */
export const county = '330411'
/** BENCH_PEOPLE makes a smaller world for trying a scene out; figures are quoted of the whole one only. */
export const people = Number(process.env['BENCH_PEOPLE'] ?? 5_000_000)
export const micros = Math.ceil(people / 100)
export const homes = micros * 34
export const buildings = micros * 2
export const organisations = Math.ceil(people / 25)
export const villages = Math.ceil(micros / 20)

/** So many village secretaries ask in turn, so that no two questions in a row read the same pages. */
export const askers = 60
/** One in so many bears the one name that everybody has: 20,000 of five million. */
export const sharedEvery = 250
export const sharedName = '张伟'
/** People whose ID number and phone are real codes, so that they can be asked for: the first of each village that asks. */
export const knownPhone = (asker: number): string => `138${String(57_300_000 + asker * 17).padStart(8, '0')}`

/** The village of an asker, spread over the county. */
export const villageOf = (asker: number): number => Math.floor(((asker + 0.5) * villages) / askers)
export const townCode = (village: number): string => `${county}${101 + Math.floor(village / 100)}`
export const villagePath = (village: number): string =>
  `${county}/${townCode(village)}/${townCode(village)}${201 + (village % 100)}`
export const microPath = (micro: number): string =>
  `${villagePath(Math.floor(micro / 20))}/M${String((micro % 20) + 1).padStart(3, '0')}`
/** The same in SQL, of a number of a micro-grid. */
export const microPathSql = (micro: string): string => {
  const town = `'${county}' || (101 + ${micro} / 2000)`
  return `'${county}/' || ${town} || '/' || ${town} || (201 + ${micro} % 2000 / 20) || '/M' || lpad((${micro} % 20 + 1)::text, 3, '0')`
}
/** A uuid of a kind and a number, in the order of the number. */
export const idSql = (kind: number, number: string): string =>
  `('0190000${kind}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
export const idOf = (kind: number, number: number): string =>
  `0190000${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
export const kinds = { person: 1, building: 2, premises: 3, household: 4, residence: 5, organisation: 6 } as const

export const secretaryToken = (asker: number): string => `${county}.s_benchsecretary${String(asker).padStart(16, '0')}`
export const officeToken = `${county}.s_benchoffice${'0'.repeat(19)}`
export const leadToken = `${county}.s_benchlead${'0'.repeat(21)}`
export const areaId = (path: string): string => fixedUuid(`area ${path}`)

/** A square of about 27 × 30 km in cells; where the middle of a micro-grid lies. */
const columns = 250
export const cell = { width: 0.28 / columns, height: 0.27 / 200 }
export const middleOf = (micro: number): { lng: number; lat: number } => ({
  lng: 120.55 + ((micro % columns) + 0.5) * cell.width,
  lat: 30.55 + (Math.floor(micro / columns) + 0.5) * cell.height,
})

const surnames =
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单'
const given =
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文玉兰琪瑶轩宇浩然子涵欣怡梓博雅婷思雨佳慧俊凯鑫鹏飞翔龙云峰海波林森松柏梅菊春夏秋冬雪晴月星光辉阳晨曦东南西北中正义仁礼智信忠孝廉洁勤俭恭良让德才学永福寿康宁安泰和顺祥瑞吉庆喜乐富贵荣昌盛兴旺发达成功'

/** Names as a county has them: most of three characters, some borne by thousands, most by a few. */
export function namePool(): string[] {
  const [families, letters] = [[...surnames], [...given]]
  const pool: string[] = []
  for (const [at, family] of families.entries()) {
    for (let n = 0; n < 600 - at * 4; n++) {
      const first = letters[(n * 31 + at * 7) % letters.length]!
      const second = letters[(n * 17 + at * 13 + Math.floor(n / letters.length)) % letters.length]!
      pool.push(n % 5 === 0 ? `${family}${first}` : `${family}${first}${second}`)
    }
  }
  return [...new Set(pool)].filter((name) => name !== sharedName)
}

const heads = [...'高永新东南西北中金银玉锦秀云龙凤梧枫柳梅兰竹菊荷塘湖江河溪泉石桥镇城福禄寿喜']
const estateEnds = ['花园', '新村', '家园', '公寓', '小区', '名邸', '雅苑', '府']
/** 1,600 estates; ten buildings each. */
export const estatePool = (): string[] =>
  Array.from({ length: 1600 }, (_one, at) => {
    const [first, second] = [heads[at % heads.length]!, heads[Math.floor(at / heads.length) % heads.length]!]
    return `${first}${second}${estateEnds[at % estateEnds.length]!}`
  })

const trades = ['纺织', '五金', '木业', '服饰', '塑料', '电子', '食品', '物流', '建材', '箱包', '光伏', '羊毛衫']
export const organisationPool = (): string[] =>
  Array.from({ length: 8000 }, (_one, at) => {
    const [one, two] = [heads[at % heads.length]!, heads[(at * 7 + 3) % heads.length]!]
    return `嘉兴${one}${two}${heads[Math.floor(at / 40) % heads.length]!}${trades[at % trades.length]!}有限公司`
  })
