import { defineFaults, Fault } from './faults.ts'

defineFaults({
  'kernel.expression_failed': {
    status: 422,
    zh: '公式算不出结果：{reasonZh}',
    en: 'The expression gave no result: {reasonEn}',
  },
})

export interface Reason {
  readonly zh: string
  readonly en: string
}

/** What the CEL library found, in words a clerk can act on; its own English is kept beside it for the programmer. */
export function celReason(error: { readonly code: string; readonly summary: string }): Reason {
  const en = error.summary
  const quoted = /: ([\w.$]+)/.exec(en)?.[1] ?? ''
  switch (error.code) {
    case 'unexpected_token':
    case 'unexpected_character':
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
    case 'newline_in_string':
    case 'invalid_number':
    case 'invalid_exponent':
    case 'reserved_identifier':
      return { zh: '写法不对，请检查括号、引号和运算符。', en }
    case 'limit_exceeded':
      return { zh: '公式太长或嵌套太深。', en }
    case 'unknown_variable':
      return { zh: `没有叫“${quoted}”的内容。`, en }
    case 'no_such_key':
      return { zh: `没有“${quoted}”这一项，或者还没有填写。`, en }
    case 'no_such_overload':
    case 'no_matching_overload':
    case 'invalid_index_type':
    case 'cannot_index_type':
    case 'heterogeneous_list_element':
    case 'heterogeneous_map_key':
    case 'heterogeneous_map_value':
    case 'field_type_mismatch':
      return { zh: '类型对不上，例如拿文字和数字相加、相比。', en }
    case 'division_by_zero':
    case 'modulo_by_zero':
      return { zh: '除数是零。', en }
    case 'numeric_overflow':
      return { zh: '数字太大。', en }
    case 'index_out_of_bounds':
    case 'index_out_of_range':
      return { zh: '清单里没有这么多项。', en }
    case 'int_conversion_error':
    case 'invalid_timestamp':
    case 'invalid_duration':
      return { zh: '这段文字不能换算成数字或时间。', en }
    default:
      return { zh: '算式有误。', en }
  }
}

const limits = {
  source: ['公式超过 4,000 个字符。', 'The expression is longer than 4,000 characters.'],
  matches: [
    '不能用 matches，请改用 matchesPattern(文字, "格式")。',
    'matches is not available; use matchesPattern(text, "pattern").',
  ],
  function: ['没有叫“{name}”的函数。', 'There is no function named {name}.'],
  nested: [
    '循环里不能再套循环（all、exists、map、filter）。',
    'A loop (all, exists, map, filter) may not stand inside another.',
  ],
  loopBody: ['循环里面的式子太长（最多 40 个部分）。', 'The body of a loop is too long (at most 40 nodes).'],
  pattern: ['格式要直接写成文字，最多 200 个字符。', 'The pattern must be written out, at most 200 characters.'],
  patternSyntax: ['格式（正则式）写法不对。', 'The pattern is not a valid RE2 pattern.'],
  patternInLoop: ['循环里不能用 matchesPattern。', 'matchesPattern may not stand inside a loop.'],
  searchInLoop: [
    '循环里只能查找直接写出的短文字。',
    'Inside a loop only a short text that is written out may be searched for.',
  ],
  growth: [
    '循环里只能加数字或文字；请用 int(…) 或 string(…) 说明类型。',
    'Inside a loop only numbers and texts can be added; say which with int() or string().',
  ],
  result: ['结果应当是 {expected}，现在是 {actual}。', 'The result should be {expected} but is {actual}.'],
  value: ['“{path}”的值不对，应当是 {expected}。', 'The value of {path} is not right; it should be {expected}.'],
  long: ['“{path}”太长。', '{path} is too long.'],
  much: ['给公式的内容太多。', 'Too much was given to the expression.'],
  big: ['结果超出了能准确表示的整数。', 'The result is larger than a whole number can be shown exactly.'],
} as const

/** Why one of our own bounds refuses. */
export function limitReason(limit: keyof typeof limits, values: Record<string, string> = {}): Reason {
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
  const [zh, en] = limits[limit]
  return { zh: fill(zh), en: fill(en) }
}

/** The refusal of a run, in both languages. */
export const failure = (reason: Reason): Fault =>
  new Fault('kernel.expression_failed', { reasonZh: reason.zh, reasonEn: reason.en })
