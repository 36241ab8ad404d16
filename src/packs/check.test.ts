import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkContent, checkPack } from './check.ts'
import type { Kind, PackContent, Step } from './contract.ts'
import { drawMermaid, drawSvg } from './diagram.ts'
import { shippedNames } from './known.ts'
import { hashOf, loadPack, shippedFolder, shippedPacks } from './load.ts'

const folder = join(shippedFolder, 'event')
const known = shippedNames()
const shipped = shippedPacks().find((pack) => pack.definition.name === 'event') as PackContent

/** The shipped pack with one thing changed. */
function changed(change: (content: PackContent, kind: Kind) => void): PackContent {
  const copy = structuredClone(shipped)
  change(copy, copy.definition.kinds[0]!)
  return copy
}
const stepOf = (kind: Kind, from: string | null, move: string): Step =>
  kind.steps.find((step) => step.from === from && step.move === move)!
const sentences = (content: PackContent) =>
  checkContent(content, known)
    .map(({ where, zh, en }) => `${where} ${zh} ${en}`)
    .join('\n')

describe('the packs of this release', () => {
  it.each(shippedPacks().map((pack) => pack.definition.name))(
    '%s has no problem and all its stories come out',
    (name) => {
      expect(checkPack(join(shippedFolder, name), known)).toEqual([])
    },
  )
  it('tell at least eight stories of an event', () => {
    expect(loadPack(folder).cases.length).toBeGreaterThanOrEqual(8)
  })
  it('have a hash that does not depend on the order of keys', () => {
    const shuffled = JSON.parse(JSON.stringify(shipped), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as PackContent
    expect(hashOf(shuffled).equals(hashOf(shipped))).toBe(true)
    expect(hashOf(changed((copy) => (copy.texts.en['event.name'] = 'Other'))).equals(hashOf(shipped))).toBe(false)
  })
})

describe('check-pack finds', () => {
  it.each<[string, (content: PackContent, kind: Kind) => void, string]>([
    ['a field nobody knows', (content) => Object.assign(content.definition, { colour: 'red' }), '格式不对'],
    ['a state that is not reached', (_, kind) => kind.states.push({ name: 'lost', tone: 'running' }), '走不到这个状态'],
    [
      'a state without a way out',
      (_, kind) => (kind.steps = kind.steps.filter((step) => step.from !== 'suspended')),
      'event.suspended 从这个状态走不到终点',
    ],
    [
      'staff who can only wait',
      (_, kind) => (kind.steps = kind.steps.filter((step) => !(step.from === 'clarifying' && step.by !== 'reporter'))),
      '只能等反映人操作',
    ],
    ['two moves of one name', (_, kind) => kind.steps.push({ ...stepOf(kind, 'filed', 'dispatch') }), '两个同名步骤'],
    ['two states of one name', (_, kind) => kind.states.push({ ...kind.states[0]! }), '状态重名'],
    ['no report', (_, kind) => (kind.steps = kind.steps.filter((step) => step.from !== null)), '只有一个上报步骤'],
    [
      'a target state that is none',
      (_, kind) => (stepOf(kind, 'filed', 'dispatch').to = 'somewhere'),
      '起点或终点状态不存在',
    ],
    [
      'closing without a second person',
      (_, kind) => {
        for (const step of kind.steps) delete step.differentPersonFrom
      },
      '不经另一人核查',
    ],
    [
      'one short cut past the second person',
      (_, kind) =>
        kind.steps.push({ ...stepOf(kind, 'verified', 'close'), from: 'handling', differentPersonFrom: undefined }),
      '不经另一人核查',
    ],
    [
      'a role that is none',
      (_, kind) => (stepOf(kind, 'accepted', 'file').assign = { to: 'post', role: 'emperor' }),
      '没有“emperor”这个岗位',
    ],
    [
      'a role that could do nothing',
      (_, kind) => (stepOf(kind, 'accepted', 'file').assign = { to: 'post', role: 'verifier' }),
      '没有权限办任何一步',
    ],
    ['an escalation to nobody', (_, kind) => (kind.states[0]!.escalation![0]!.role = 'ghost'), '没有“ghost”这个岗位'],
    [
      'a grant that is none',
      (_, kind) => (stepOf(kind, 'filed', 'dispatch').grant = 'loop.rule'),
      '没有“loop.rule”这项权限',
    ],
    [
      'an effect that is none',
      (_, kind) => (stepOf(kind, 'filed', 'dispatch').effects = [{ name: 'points.give', args: {} }]),
      'points.give',
    ],
    [
      'a grant for the reporter',
      (_, kind) => (stepOf(kind, 'closed', 'reopen').grant = 'loop.handle'),
      '工作人员的步骤要有权限',
    ],
    ['a clock without a limit', (_, kind) => delete stepOf(kind, 'filed', 'dispatch').due, '开始计时要有时限'],
    [
      'a clock that runs at an end',
      (_, kind) => Object.assign(stepOf(kind, 'verified', 'close'), { clock: 'keep' }),
      '到终点要停止计时',
    ],
    [
      'an end in somebody’s hands',
      (_, kind) => (stepOf(kind, 'verified', 'close').assign = { to: 'keep' }),
      '只有终点不落在任何人手上',
    ],
    [
      'parking without a pause',
      (_, kind) => (stepOf(kind, 'handling', 'suspend').clock = 'keep'),
      '进入暂停状态要暂停计时',
    ],
    ['resuming what was not paused', (_, kind) => (stepOf(kind, 'handling', 'handOver').clock = 'resume'), '没有暂停'],
    [
      'a pause without a reason',
      (_, kind) => (stepOf(kind, 'handling', 'suspend').form = 'close'),
      '暂停、延期必须写明原因',
    ],
    [
      'an extension without days',
      (_, kind) => (stepOf(kind, 'extensionAsked', 'approveExtension').form = 'refuseExtension'),
      '必填的天数',
    ],
    [
      'an end that is none',
      (_, kind) => delete kind.states.find((state) => state.name === 'closed')!.end,
      '要标明是终点',
    ],
    ['a form that is none', (_, kind) => (stepOf(kind, 'filed', 'dispatch').form = 'nothing'), '表单 nothing 不存在'],
    [
      'a form nobody uses',
      (content) => (content.forms['spare'] = structuredClone(content.forms['close']!)),
      '没有步骤用到这张表单',
    ],
    ['a layout that forgets a field', (content) => content.forms['sendBack']!.layout.pop(), '版面和字段对不上'],
    [
      'a required field that is none',
      (content) => content.forms['close']!.schema.required.push('stamp'),
      '必填项 stamp 不存在',
    ],
    [
      'a list that is none',
      (content) => (content.forms['sendBack']!.layout[0]!.list = 'excuses'),
      '清单 excuses 不存在',
    ],
    [
      'a pattern in a form',
      (content) => Object.assign(content.forms['sendBack']!.schema.properties['note']!, { pattern: '(a+)+$' }),
      '格式不对',
    ],
    [
      'a guard of unknown words',
      (_, kind) => (stepOf(kind, 'handling', 'askExtension').guard = 'matter.mood == "good"'),
      '没有“mood”这一项',
    ],
    [
      'a guard that is a bomb',
      (_, kind) =>
        (stepOf(kind, 'handling', 'askExtension').guard = '"aaaaaaaaaaaaaaaaaaaaaaaaaaaa".matches("(a+)+b")'),
      'matchesPattern',
    ],
    [
      'a guard that is no condition',
      (_, kind) => (stepOf(kind, 'handling', 'askExtension').guard = 'matter.extensions'),
      '结果应当是 bool',
    ],
    [
      'a missing text',
      (content) => delete content.texts.en['event.state.parked'],
      'texts.en.json event.state.parked 缺少这段文字',
    ],
    ['a text nobody uses', (content) => (content.texts['zh-CN']['event.move.fly'] = '飞'), '没有地方用到这段文字'],
    ['English left over', (content) => (content.texts['zh-CN']['event.move.accept'] = 'Accept'), '文字的语言不对'],
    ['Chinese left over', (content) => (content.texts.en['event.move.accept'] = '受理'), '文字的语言不对'],
    [
      'a code given twice',
      (content) => content.definition.lists[0]!.items.push({ ...content.definition.lists[0]!.items[0]! }),
      '编码重复',
    ],
    ['a category of no group', (content) => (content.definition.lists[0]!.items[0]!.group = '77'), '所属大类不存在'],
    ['a duty that is none', (content) => (content.definition.lists[0]!.items[0]!.duty = 'T-77'), '履职事项不存在'],
    [
      'a department that is none',
      (content) => (content.definition.lists[0]!.items[0]!.units = ['army']),
      '部门 army 不存在',
    ],
    [
      'a limit for a state that is none',
      (content) => (content.definition.lists[0]!.items[0]!.limits = { dreaming: { amount: 1, unit: 'workday' } }),
      '状态 dreaming 不存在',
    ],
  ])('%s', (_, change, sentence) => {
    expect(sentences(changed(change))).toContain(sentence)
  })
})

describe('check-pack on a folder', () => {
  let copy = ''
  const copyOf = (): string => {
    copy = mkdtempSync(join(tmpdir(), 'tongxin-pack-'))
    cpSync(folder, copy, { recursive: true })
    return copy
  }
  afterEach(() => rmSync(copy, { recursive: true, force: true }))

  it('names the file that is no JSON', () => {
    writeFileSync(join(copyOf(), 'forms', 'close.json'), '{ "schema": ')
    expect(checkPack(copy, known)[0]?.where).toContain('forms/close.json')
  })
  it('says which step of which story came out otherwise', () => {
    const file = join(copyOf(), 'cases', '01-through-the-town.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"state": "verified"', '"state": "closed"'))
    expect(checkPack(copy, known)).toEqual([
      {
        where: 'cases/01-through-the-town.json',
        zh: '第 6 步（verify）：state 应为 closed，实际 verified',
        en: 'step 6 (verify): state should be closed, is verified',
      },
    ])
  })
  it('wants at least one story', () => {
    rmSync(join(copyOf(), 'cases'), { recursive: true })
    expect(checkPack(copy, known)[0]?.zh).toContain('没有案例')
  })
})

describe('the drawn loop', () => {
  const kind = shipped.definition.kinds[0]!
  it('shows every state and every way, in words', () => {
    const mermaid = drawMermaid(shipped, kind, 'zh-CN')
    expect(mermaid).toMatch(/^stateDiagram-v2\n/)
    expect(mermaid).toContain('[*] --> reported: 上报')
    expect(mermaid).toContain('handling --> verifying: 反馈结果')
    expect(mermaid).toContain('closed --> [*]')
    for (const step of kind.steps) expect(mermaid).toContain(`${step.from ?? '[*]'} --> ${step.to}: `)
    const svg = drawSvg(shipped, kind, 'en')
    expect(svg.match(/<g>/g)).toHaveLength(kind.states.length)
    expect(svg).toContain('Confirm → Waiting to be closed · holder · not the handler · 1 workday (urgent 8 hours)')
  })
  it('does not let a text become markup', () => {
    const hostile = changed(
      (content) => (content.texts['zh-CN']['event.move.accept'] = '受理"<script>alert(1)</script>'),
    )
    expect(drawSvg(hostile, kind, 'zh-CN')).not.toContain('<script')
    expect(drawMermaid(hostile, kind, 'zh-CN')).not.toContain('<script')
  })
})
