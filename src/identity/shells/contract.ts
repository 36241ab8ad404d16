import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'

defineFaults({
  'identity.shell_unset': {
    status: 404,
    zh: '这里没有开通微信接口，请用浏览器定位或自己选地方。',
    en: 'WeChat’s interface is not set up here. Please use the browser’s position or choose the place.',
  },
  'identity.shell_unanswered': {
    status: 503,
    zh: '微信没有答复，请用浏览器定位或自己选地方。',
    en: 'WeChat did not answer. Please use the browser’s position or choose the place.',
  },
})

export const shellNames = ['wechat', 'dingtalk', 'zheliban'] as const
export type ShellName = (typeof shellNames)[number]

/** In which apps' web views pages may load the app's own script; none unless the installation says so. */
export const Shells = Type.Object({ items: Type.Array(Type.Enum(shellNames)) })
export type Shells = Static<typeof Shells>

export const AskSignature = Type.Object({
  url: Type.String({ maxLength: 2000, description: 'Address of the page, without what follows #.' }),
})
/** What `wx.config` asks for. */
export const WechatSignature = Type.Object({
  appId: Type.String(),
  timestamp: Type.Integer(),
  nonceStr: Type.String(),
  signature: Type.String(),
})
export type WechatSignature = Static<typeof WechatSignature>
