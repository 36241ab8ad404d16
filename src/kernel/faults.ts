export type Locale = 'zh-CN' | 'en'

export interface FaultText {
  /** HTTP status answered. */
  readonly status: number
  /** What the user reads; `{name}` is filled from the detail. */
  readonly zh: string
  readonly en: string
}

const table = new Map<string, FaultText>()

/**
 * Declares the faults of a room: the one table of refusals.
 *
 * Called at import by each room's contract; docs/faults.md is generated from it.
 * @throws Error when a code is declared twice or is not `room.word`.
 */
export function defineFaults<T extends Record<string, FaultText>>(faults: T): T {
  for (const [code, text] of Object.entries(faults)) {
    if (!/^[a-z]+\.[a-z0-9_]+$/.test(code)) throw new Error(`fault code ${code} is not room.word`)
    if (table.has(code)) throw new Error(`fault ${code} is declared twice`)
    table.set(code, text)
  }
  return faults
}

/** Every declared fault, by code. */
export const allFaults = (): ReadonlyMap<string, FaultText> => table

/**
 * A refusal the caller can act on. Anything else that is thrown is a bug and answers 500.
 *
 * `detail` crosses the wire: never put personal data or internals into it.
 */
export class Fault extends Error {
  readonly code: string
  readonly detail: Record<string, unknown>
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: string,
    detail: Record<string, unknown> = {},
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.detail = detail
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): number {
    return table.get(this.code)?.status ?? 500
  }
}

/** The sentence for a fault in the reader's language, placeholders filled. */
export function faultSentence(code: string, detail: Record<string, unknown>, locale: Locale): string {
  const text = table.get(code)
  if (!text) return locale === 'en' ? 'Something went wrong.' : '出了点问题，请稍后再试。'
  return (locale === 'en' ? text.en : text.zh).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = detail[name]
    return value === undefined || value === null ? whole : String(value)
  })
}

defineFaults({
  'kernel.not_found': {
    status: 404,
    zh: '没有找到，可能已被移走，或网址不对。',
    en: 'Not found: it may have moved, or the address is wrong.',
  },
  'kernel.stale': {
    status: 409,
    zh: '别人刚刚改过这一项，请看过最新内容再操作。',
    en: 'Somebody has just changed this. Please look at the latest and try again.',
  },
  'kernel.forbidden': {
    status: 403,
    zh: '您的岗位没有这项权限，或不管这个地方。',
    en: 'Your post does not allow this, or does not cover this place.',
  },
  'kernel.wrong_purpose': {
    status: 403,
    zh: '按您现在选择的用途不能这样做。',
    en: 'This is not possible for the purpose you have stated.',
  },
  'kernel.unauthenticated': { status: 401, zh: '请先登录。', en: 'Please sign in first.' },
  'kernel.invalid_input': {
    status: 400,
    zh: '填写的内容有误，请按提示修改。',
    en: 'Some of what you entered is not right. Please check the marked fields.',
  },
  'kernel.bad_request': { status: 400, zh: '请求不完整或格式不对。', en: 'The request is incomplete or malformed.' },
  'kernel.unknown_county': { status: 400, zh: '没有说明是哪个县（市、区）。', en: 'The county is missing or unknown.' },
  'kernel.too_large': { status: 413, zh: '内容太大，超过了上限。', en: 'This is larger than allowed.' },
  'kernel.unsupported_media': { status: 415, zh: '不支持这种格式。', en: 'This format is not supported.' },
  'kernel.idempotency_conflict': {
    status: 422,
    zh: '同一次操作的内容前后不一致，请刷新后重试。',
    en: 'The same key was used for another request. Please reload and try again.',
  },
  'kernel.too_many_requests': {
    status: 429,
    zh: '操作太频繁，请稍等片刻。',
    en: 'Too many requests. Please wait a moment.',
  },
  'kernel.conflict': { status: 409, zh: '和已有的内容冲突。', en: 'This conflicts with what is already there.' },
  'kernel.cross_site': {
    status: 403,
    zh: '请求来自别的网站，已拒绝。',
    en: 'The request came from another site and was refused.',
  },
  'kernel.storage_full': {
    status: 507,
    zh: '服务器存储空间不足，暂时不能保存，请联系管理员。您填写的内容还在本机。',
    en: 'The server is out of space and cannot save right now. What you entered is still on your device.',
  },
  'kernel.unavailable': {
    status: 503,
    zh: '系统正在恢复，请稍后再试，已提交成功的内容不会丢失。',
    en: 'The system is recovering. Please try again shortly; nothing already confirmed is lost.',
  },
  'kernel.internal': {
    status: 500,
    zh: '系统出了问题，已记录。请稍后再试，或把编号告诉管理员。',
    en: 'Something went wrong on our side and was recorded. Please try again, or tell an administrator the number.',
  },
  'kernel.bad_expression': {
    status: 400,
    zh: '公式第 {position} 个字处有误：{reasonZh}',
    en: 'The expression is not valid at character {position}: {reasonEn}',
  },
})
