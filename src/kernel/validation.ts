/** What a person should mend, for a JSON-Schema keyword that a field broke. */
export function validationSentence(
  keyword: string,
  params: Record<string, unknown>,
): { zh: string; en: string; message: string } {
  const [zh, en] = sentenceOf(keyword, params)
  return { zh, en, message: zh }
}

function sentenceOf(keyword: string, params: Record<string, unknown>): [zh: string, en: string] {
  const limit = String(params['limit'] ?? '')
  switch (keyword) {
    case 'required':
      return ['这一项必须填写', 'This is required']
    case 'minLength':
      return limit === '1'
        ? ['这一项必须填写', 'This is required']
        : [`至少 ${limit} 个字`, `At least ${limit} characters`]
    case 'maxLength':
      return [`最多 ${limit} 个字`, `At most ${limit} characters`]
    case 'minItems':
      return [`至少 ${limit} 项`, `At least ${limit} items`]
    case 'maxItems':
      return [`最多 ${limit} 项`, `At most ${limit} items`]
    case 'minimum':
      return [`不能小于 ${limit}`, `Must be at least ${limit}`]
    case 'maximum':
      return [`不能大于 ${limit}`, `Must be at most ${limit}`]
    case 'enum':
    case 'const':
    case 'anyOf':
    case 'oneOf':
      return ['请从给出的选项中选择', 'Please choose one of the options']
    case 'type':
      return ['填写的类型不对', 'This is not of the right type']
    case 'format':
    case 'pattern':
      return ['格式不对', 'The format is not right']
    case 'additionalProperties':
      return ['多出了不认识的内容', 'There is a field that is not known']
    default:
      return ['填写有误', 'This is not right']
  }
}
