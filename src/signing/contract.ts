import { defineFaults } from '../kernel/faults.ts'

export const signingFaults = defineFaults({
  'signing.bad_template': {
    status: 400,
    zh: '文书模板有误：{reasonZh}',
    en: 'The letter’s template is not right: {reasonEn}',
  },
  'signing.missing_value': { status: 400, zh: '缺少“{name}”，请补充。', en: '“{name}” is missing. Please fill it in.' },
  'signing.hidden_characters': {
    status: 400,
    zh: '“{name}”里有看不见的或会颠倒文字顺序的字符，请重新输入。',
    en: '“{name}” holds characters that nobody sees or that turn the text around. Please type it again.',
  },
  'signing.no_glyph': {
    status: 400,
    zh: '“{name}”里的“{character}”（{code}）字库里没有，不能印到文书上，请改用通行写法或联系管理员。',
    en: 'The fonts have no “{character}” ({code}) of “{name}”; it cannot be printed.',
  },
  'signing.no_page': {
    status: 503,
    zh: '离线核对页还没有生成，请管理员运行 npm run build:pages。',
    en: 'The offline page is not built yet; the administrator runs npm run build:pages.',
  },
  'signing.bad_value': { status: 400, zh: '“{name}”填写有误。', en: '“{name}” is not right.' },
})

export { SigningHelpAsked } from './signer/contract.ts'
