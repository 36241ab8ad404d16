import type { LetterTemplate, Values } from './template.ts'

/** Invented values that fit each kind of variable: what a letter looks like before anybody is in it. */
const invented: Record<string, string | number | boolean> = {
  text: '样例内容',
  number: 3,
  day: '2026-12-01',
  citizenId: '11010519491231002X',
  mobile: '13800000000',
  organisationCode: '91350100M000100Y43',
  yesNo: true,
}
const names: Record<string, string> = {
  name: '欧阳明月',
  tenant: '张伟',
  hostName: '李建国',
  thirdName: '王秀英',
  address: '嘉兴市秀洲区王店镇建设路3幢2单元501室',
  company: '嘉兴市样例服饰有限公司',
  menu: '二',
  occasion: '儿子结婚',
}

export const sampleValues = ({ variables }: LetterTemplate): Values =>
  Object.fromEntries(
    variables.map(({ name, kind, maxLength = 200 }) => {
      const value = kind === 'text' ? (names[name] ?? invented.text!) : invented[kind]!
      return [name, typeof value === 'string' && kind === 'text' ? value.slice(0, maxLength) : value]
    }),
  )
