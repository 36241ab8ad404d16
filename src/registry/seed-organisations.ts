import { DEMO_VILLAGE } from '../grid/index.ts'
import { organisationCode } from './seed-names.ts'

export interface OrganisationPlan {
  key: string
  kind: 'enterprise' | 'merchant' | 'partner' | 'supplier' | 'socialOrganisation'
  name: string
  trade: string
  /** Below the village. */
  place: string
  address: string
  headcount: number | null
  code: string | null
  officers: { duty: 'legalRepresentative' | 'safetyOfficer' | 'contact' | 'owner'; name: string }[]
}

type Line = [
  kind: OrganisationPlan['kind'],
  name: string,
  trade: string,
  place: string,
  address: string,
  headcount: number | null,
]

/** Invented; what a village beside a town has. */
const lines: readonly Line[] = [
  ['enterprise', '嘉兴市禾音纺织有限公司', '纺织', 'G002/M003', '红联路201号', 86],
  ['enterprise', '嘉兴市秀北塑业有限公司', '塑料制品', 'G003/M003', '红联路233号', 42],
  ['enterprise', '嘉兴市联丰木业有限公司', '木制品加工', 'G003/M004', '工业小区3号', 28],
  ['enterprise', '嘉兴市桂塘机械厂', '机械加工', 'G004/M002', '工业小区7号', 35],
  ['merchant', '老沈小吃店', '餐饮', 'G001/M001', '红联路66号红联新苑门口', 3],
  ['merchant', '阿珍理发', '理发', 'G001/M001', '红联路66号红联新苑门口', 2],
  ['merchant', '联华便利店', '食品零售', 'G001/M002', '红联路70号', 4],
  ['merchant', '明月水产', '水产零售', 'G001/M002', '红联路72号', 2],
  ['merchant', '小周修车铺', '电动车维修', 'G001/M003', '红联路80号', 2],
  ['merchant', '国平建材', '建材零售', 'G002/M001', '沈家埭路口', 5],
  ['merchant', '荷塘农家乐', '餐饮', 'G002/M004', '荷花池2号', 12],
  ['merchant', '红联平价药房', '药品零售', 'G001/M001', '红联路68号', 6],
  ['partner', '王店镇中心小学', '教育', 'G001/M005', '红联路120号', 96],
  ['partner', '王店供电所', '供电', 'G002/M002', '镇北路18号', 31],
  ['partner', '王店卫生院红联站', '卫生服务', 'G001/M002', '红联路90号', 5],
  ['supplier', '嘉兴市洁绿保洁服务有限公司', '保洁', 'G004/M001', '镇北路55号', 40],
  ['supplier', '嘉兴市安顺消防器材有限公司', '消防器材', 'G004/M003', '工业小区11号', 15],
  ['socialOrganisation', '红联村老娘舅调解室', '调解', 'G001/M001', '红联村党群服务中心', 6],
]

const people = ['沈国强', '陆建华', '顾美琴', '张永平', '王秋芳', '徐志远', '朱海燕', '周卫东', '吴晓峰', '陈慧敏']

/** Enterprises, merchants, partner units and suppliers of Honglian. */
export const honglianOrganisations = (): OrganisationPlan[] =>
  lines.map(([kind, name, trade, place, address, headcount], at) => {
    const firm = kind === 'enterprise' || kind === 'supplier'
    return {
      key: name,
      kind,
      name,
      trade,
      place: `${DEMO_VILLAGE}/${place}`,
      address,
      headcount,
      code: firm || at % 2 === 0 ? organisationCode(firm ? '91' : '92', '330411', 90_000_000 + at * 7_919) : null,
      officers: [
        {
          duty: firm
            ? ('legalRepresentative' as const)
            : kind === 'merchant'
              ? ('owner' as const)
              : ('contact' as const),
          name: people[at % people.length]!,
        },
        ...(firm ? [{ duty: 'safetyOfficer' as const, name: people[(at + 4) % people.length]! }] : []),
      ],
    }
  })
