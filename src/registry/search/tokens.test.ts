import { describe, expect, it } from 'vitest'
import { makeVault } from '../../kernel/crypto.ts'
import {
  isRare,
  numberOf,
  phoneTailOf,
  plainAddress,
  tokensOfBuilding,
  tokensOfOrganisation,
  tokensOfPerson,
  tokensOfPremises,
} from './tokens.ts'

const vault = makeVault('7'.repeat(64))
const person = (name: string, phone: string | null = null): string[] => tokensOfPerson(vault, '330421', { name, phone })

describe('a person is found', () => {
  it('by a name of two characters with four tokens', () => {
    expect(person('张伟', '13800001234')).toEqual([
      'pn张伟',
      'pfzhangwei',
      'pizw',
      `pt${phoneTailOf(vault, '330421', '13800001234')}`,
    ])
  })
  it('by parts of a longer name', () => {
    expect(person('张伟明')).toEqual([
      'pn张伟明',
      'pg张伟',
      'pg伟明',
      'pfzhangweiming',
      'pizwm',
      'pyzhangwei',
      'pyweiming',
    ])
  })
  it('by a family name as it is read and as it looks', () => {
    expect(person('单丽')).toEqual(expect.arrayContaining(['pfshanli', 'pfdanli', 'pisl', 'pidl']))
    expect(person('尉迟恭')).toContain('pfyuchigong')
    expect(person('吕布')).toContain('pflvbu')
  })
  it('by one rare character', () => {
    expect(isRare('喆')).toBe(true)
    expect(isRare('伟')).toBe(false)
    expect(person('陈喆')).toContain('pg喆')
  })
  it('with dots, full width and capitals as without', () => {
    expect(person('阿卜杜·热合曼')).toEqual(person('阿卜杜热合曼'))
    expect(person('ＪＯＨＮ  Ｓｍｉｔｈ')).toContain('pnjohnsmith')
  })
  it('with few ways to read the most ambiguous name', () => {
    expect(person('乐行长').filter((token) => token.startsWith('pf')).length).toBeLessThanOrEqual(4)
  })
  it('and nothing of the phone can be read from its token', () => {
    expect(person('张伟', '13800001234').join()).not.toContain('1234')
    expect(phoneTailOf(vault, '330421', '13800001234')).not.toBe(phoneTailOf(vault, '330402', '13800001234'))
  })
})

describe('an address is found', () => {
  const building = { estate: '高桥花园', street: '永安路', houseNumber: '18号', name: '3幢' }
  it('however block, unit and room are written', () => {
    const asked = ['an3-2-501', 'an3-501', 'an2-501', 'an501']
    expect(tokensOfPremises(building, { unit: '2单元', room: '501室' })).toEqual(asked)
    expect(tokensOfPremises({ ...building, name: '３栋' }, { unit: '二单元', room: '501' })).toEqual(asked)
  })
  it('by the number of a village house', () => {
    const house = { estate: '', street: '红联村塘东', houseNumber: '十八号', name: '' }
    expect(tokensOfPremises(house, { unit: '', room: '' })).toEqual(['an18'])
    expect(tokensOfBuilding(house)).toContain('bh18')
  })
  it('by words, pinyin, number and block of its building', () => {
    const tokens = tokensOfBuilding(building)
    expect(tokens).toEqual(
      expect.arrayContaining(['bg高桥', 'bg花园', 'bg永安', 'bigqhy', 'bfyonganlu', 'bh18', 'bk3']),
    )
  })
  it('by the number that counts', () => {
    expect(numberOf('A座')).toBe('a')
    expect(numberOf('东区12号楼')).toBe('12')
    expect(numberOf('18-1号')).toBe('18-1')
    expect(numberOf('塘东')).toBe('')
    expect(plainAddress('十二幢 二单元')).toBe('12幢2单元')
  })
})

it('an organisation is found by what tells its name from others', () => {
  const tokens = tokensOfOrganisation({ name: '嘉善恒丰纺织有限公司' })
  expect(tokens).toEqual(expect.arrayContaining(['og恒丰', 'oyhengfeng', 'oihff']))
  expect(tokens.join()).not.toContain('公司')
})
