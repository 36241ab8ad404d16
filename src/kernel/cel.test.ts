import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CelSchema, compileExpression, evaluate } from './cel.ts'
import { Fault } from './faults.ts'

const variables: CelSchema = {
  matter: { category: 'string', urgent: 'bool', returns: 'int', tags: 'list<string>', loss: 'fen' },
  form: 'map',
  scores: 'list<int>',
  at: 'timestamp',
  share: 'double',
  rows: 'list<map>',
}
const matter = { category: '0203', urgent: true, returns: 2, tags: ['夜间', '路灯'], loss: 12_50 }
const run = (source: string, values: Record<string, unknown> = {}) =>
  evaluate(compileExpression(source, variables), { matter, ...values })
const refused = (action: () => unknown): Fault => {
  try {
    action()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('was not refused')
}

describe('what packs can say', () => {
  it.each<[string, unknown, Record<string, unknown>?]>([
    ['matter.urgent && matter.returns >= 2', true],
    ['matter.category.startsWith("02") ? "部件" : "事件"', '部件'],
    ['"路灯" in matter.tags', true],
    ['matter.tags.exists(t, t.contains("夜"))', true],
    ['matter.loss * 3 / 100', 37],
    ['sum(scores.filter(s, s > 1))', 5, { scores: [1, 2, 3] }],
    ['sum(scores.map(s, s * 2))', 12, { scores: [1, 2, 3] }],
    ['has(form.area) && form.area > 20.5', true, { form: { area: 21.5 } }],
    ['has(form.area)', false, { form: {} }],
    ['at.getHours("Asia/Shanghai") >= 8', true, { at: new Date('2026-11-20T01:00:00Z') }],
    ['matchesPattern(matter.category, "[0-9]{4}")', true],
    ['min(matter.returns, 1) + max(1, 5)', 6],
    ['roundHalfUp(share * 10.0)', -3, { share: -0.25 }],
    ['rows.map(r, r.amount + 1)', [2, 3], { rows: [{ amount: 1 }, { amount: 2 }] }],
    ['{"a": [1, 2]}', { a: [1, 2] }],
  ])('%s gives %j', (source, expected, values) => {
    expect(run(source, values)).toEqual(expected)
  })

  it('gives whole numbers back as numbers, exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (loss) => {
        expect(run('matter.loss', { matter: { ...matter, loss } })).toBe(loss)
      }),
    )
  })
})

describe('found at publish', () => {
  it.each([
    ['matter.catgory == "x"', 8, 'catgory'],
    ['matter.returns + "x"', 1, '类型'],
    ['1 +', 4, '写法'],
    ['nobody == 1', 1, 'nobody'],
    ['matter.tags.matches("a")', 1, 'matchesPattern'],
    ['"aaaa".matches("(a+)+b")', 1, 'matchesPattern'],
    ['scores.all(a, scores.exists(b, a == b))', 15, '循环'],
    ['cel.bind(a, "x" + "x", a + a)', 1, 'bind'],
    ['matter.tags.join(",")', 1, 'join'],
    ['matchesPattern("a", matter.category)', 21, '直接写成文字'],
    ['matchesPattern("a", "(")', 21, '正则式'],
    ['scores.map(s, scores + scores)', 15, '循环里只能加'],
    ['rows.map(r, r.a + r.b)', 13, '循环里只能加'],
    ['matter.tags.exists(t, t.contains(matter.category))', 23, '短文字'],
    ['scores.exists(s, matchesPattern("a", "a"))', 18, 'matchesPattern'],
    ['b"abc".hex() == ""', 1, 'hex'],
  ])('%s at %i: %s', (source, position, word) => {
    const fault = refused(() => compileExpression(source, variables))
    expect(fault.code).toBe('kernel.bad_expression')
    expect(fault.detail).toMatchObject({
      position,
      reasonZh: expect.stringContaining(word),
      reasonEn: expect.stringMatching(/^[\x20-\x7e]+$/),
    })
  })

  it('refuses more than 200 nodes, deep nesting and long source, in well under a second', () => {
    const started = performance.now()
    for (const source of [
      Array(150).fill('1').join(' + '),
      '('.repeat(60) + '1' + ')'.repeat(60),
      `"${'长'.repeat(5_000)}" == ""`,
      '['.repeat(3_000),
      '!'.repeat(3_999) + 'true',
    ]) {
      expect(refused(() => compileExpression(source, variables)).code).toBe('kernel.bad_expression')
    }
    expect(compileExpression(Array(90).fill('1').join(' + '), variables).type).toBe('int')
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('refuses a condition that is not yes or no', () => {
    expect(refused(() => compileExpression('matter.returns', variables, 'bool')).detail.reasonEn).toContain(
      'should be bool but is int',
    )
    expect(refused(() => compileExpression('form.x', variables, 'bool')).code).toBe('kernel.bad_expression')
    expect(compileExpression('matter.urgent', variables, 'bool').type).toBe('bool')
  })

  it('never throws anything but a Fault, whatever is typed', () => {
    const pieces = fc.constantFrom(
      'matter',
      '.',
      'tags',
      '(',
      ')',
      '[',
      ']',
      '"',
      '+',
      '1',
      '1.5',
      ' && ',
      'exists(t, ',
      'x',
      '{',
      '}',
      ':',
      '?',
      ',',
      '路',
      '-',
      'b"',
      'null',
      '0x',
      '\\',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        try {
          compileExpression(parts.join(''), variables)
        } catch (error) {
          expect(error).toBeInstanceOf(Fault)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('attacks while running', () => {
  it.each(['form.constructor', 'form.__proto__', 'form["constructor"]', 'form.toString', 'rows[0].__defineGetter__'])(
    '%s is not there',
    (source) => {
      expect(refused(() => run(source, { form: JSON.parse('{"a": 1}'), rows: [{}] })).code).toBe(
        'kernel.expression_failed',
      )
    },
  )
  it('a key called __proto__ is only a key', () => {
    const form: unknown = JSON.parse('{"__proto__": {"admin": true}}')
    expect(run('has(form.admin)', { form })).toBe(false)
    expect(run('form["__proto__"].admin', { form })).toBe(true)
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  })
  it.each<[string, string, Record<string, unknown>]>([
    ['a huge list', 'size(scores) > 0', { scores: Array(1_001).fill(1) }],
    ['a huge list inside', 'size(form) > 0', { form: { list: Array(1_001).fill(1) } }],
    ['a huge text', 'matter.category == ""', { matter: { ...matter, category: 'x'.repeat(5_001) } }],
    ['too much together', 'size(form) > 0', { form: { list: Array(30).fill('x'.repeat(5_000)) } }],
    ['deep', 'size(form) > 0', { form: JSON.parse('{"a":'.repeat(50) + '1' + '}'.repeat(50)) as object }],
    ['a fraction of a fen', 'matter.loss > 0', { matter: { ...matter, loss: 0.5 } }],
    ['text for a number', 'matter.returns > 0', { matter: { ...matter, returns: '2' } }],
    ['not a number', 'share > 0.0', { share: NaN }],
    ['division by zero', '1 / (matter.returns - 2)', {}],
    ['overflow', '9223372036854775807 + matter.returns', {}],
    ['not exact', '9007199254740993 * 1', {}],
    ['an absent variable', 'share > 0.0', {}],
    ['an absent field', 'form.missing == 1', { form: {} }],
    ['a function among the data', 'size(form) > 0', { form: { f: () => 1 } }],
  ])('%s is refused', (_, source, values) => {
    const fault = refused(() => run(source, values))
    expect(fault.code).toBe('kernel.expression_failed')
    expect(fault.detail).toMatchObject({ reasonZh: expect.any(String), reasonEn: expect.any(String) })
  })
  it('the worst that is allowed ends soon', () => {
    const scores = Array.from({ length: 1_000 }, (_, index) => index)
    const text = 'a'.repeat(5_000)
    const before = process.cpuUsage()
    run(`scores.map(s, ${Array(9).fill('matter.category').join(' + ')}).size()`, {
      scores,
      matter: { ...matter, category: text },
    })
    run(`scores.exists(s, size(${Array(9).fill('matter.category').join(' + ')}) < s)`, {
      scores,
      matter: { ...matter, category: text },
    })
    run('matchesPattern(matter.category, "(a|aa|a*)*b")', { matter: { ...matter, category: text } })
    run('matchesPattern(matter.category, "(a?){100}a{100}")', { matter: { ...matter, category: text } })
    // Processor time, not the clock: a busy machine takes longer by the clock only.
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(2_500)
  })
})
