import type { ReportMatter } from '../../../src/loop/contract.ts'
import type { ShellName, WechatSignature } from '../../../src/identity/shells/contract.ts'

export type PhonePosition = NonNullable<ReportMatter['position']>

/** A shell that does not say how sure it is: not sure enough to pass over the question which micro-grid it is. */
export const unsaidMetres = 100

/** In which app’s web view the page runs; undefined in a plain browser. */
export function shellOf(userAgent: string): ShellName | undefined {
  // WeCom carries WeChat's word too, and takes its script.
  if (/MicroMessenger\//i.test(userAgent)) return 'wechat'
  if (/DingTalk\/|TaurusApp\//i.test(userAgent)) return 'dingtalk'
  if (/dtdreamweb/i.test(userAgent)) return 'zheliban'
  return undefined
}

/** Where each app publishes its script. */
export const scriptOf: Readonly<Record<ShellName, string>> = {
  wechat: 'https://res.wx.qq.com/open/js/jweixin-1.6.0.js',
  dingtalk: 'https://g.alicdn.com/dingding/dingtalk-jsapi/3.0.25/dingtalk.open.js',
  zheliban: 'https://assets.zjzwfw.gov.cn/assets/ZWJSBridge/1.1.0/zwjsbridge.js',
}

/** Numbers come as numbers from some versions of the apps and as text from others. */
function positionFrom(given: { longitude: unknown; latitude: unknown; accuracy?: unknown }): PhonePosition | undefined {
  const [longitude, latitude] = [Number(given.longitude), Number(given.latitude)]
  const sound = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 && (longitude !== 0 || latitude !== 0)
  if (given.longitude === '' || given.latitude === '' || !sound) return undefined
  const accuracy = Number(given.accuracy)
  const accuracyMetres = given.accuracy != null && accuracy > 0 ? Math.min(Math.round(accuracy), 100_000) : unsaidMetres
  return { longitude, latitude, accuracyMetres, system: 'gcj02', source: 'gps' }
}

/** What WeChat's script offers, as far as it is used here. */
export interface Wechat {
  config(options: { debug: boolean; jsApiList: string[] } & WechatSignature): void
  ready(done: () => void): void
  error(failed: (why: unknown) => void): void
  getLocation(options: {
    type: 'wgs84' | 'gcj02'
    success(found: { longitude: number | string; latitude: number | string; accuracy?: number | string }): void
    fail(why: unknown): void
    cancel?(why: unknown): void
  }): void
}

/** WeChat: signed in first, then asked. @source JS-SDK, "Get the geographical position". */
export async function wechatPosition(
  wx: Wechat,
  sign: () => Promise<WechatSignature>,
): Promise<PhonePosition | undefined> {
  const signature = await sign()
  await new Promise<void>((resolve, reject) => {
    wx.ready(resolve)
    wx.error(reject)
    wx.config({ debug: false, ...signature, jsApiList: ['getLocation'] })
  })
  return new Promise((resolve) => {
    const none = () => resolve(undefined)
    wx.getLocation({ type: 'gcj02', success: (found) => resolve(positionFrom(found)), fail: none, cancel: none })
  })
}

interface DingTalkFound {
  longitude: number | string
  latitude: number | string
  accuracy?: number | string
}
/** What DingTalk's script offers: the older way by `device.geolocation`, the newer one by `getLocation`. */
export interface DingTalk {
  ready?(done: () => void): void
  getLocation?(options: {
    type: number
    targetAccuracy: string
    coordinate: string
    useCache: boolean
    withReGeocode: boolean
    success(found: DingTalkFound): void
    fail(why: unknown): void
  }): void
  device?: {
    geolocation?: {
      get(options: {
        targetAccuracy: number
        coordinate: number
        withReGeocode: boolean
        useCache: boolean
        onSuccess(found: DingTalkFound): void
        onFail(why: unknown): void
      }): void
    }
  }
}

/** DingTalk and 浙政钉: `coordinate` 1 is GCJ-02. @source DingTalk JSAPI, "Get the present position". */
export async function dingTalkPosition(dd: DingTalk): Promise<PhonePosition | undefined> {
  if (dd.ready) await new Promise<void>((resolve) => dd.ready?.(resolve))
  return new Promise((resolve) => {
    const found = (given: DingTalkFound) => resolve(positionFrom(given))
    const none = () => resolve(undefined)
    const geolocation = dd.device?.geolocation
    if (geolocation) {
      const wish = { targetAccuracy: 50, coordinate: 1, withReGeocode: false, useCache: false }
      return geolocation.get({ ...wish, onSuccess: found, onFail: none })
    }
    if (!dd.getLocation) return none()
    const wish = { type: 0, targetAccuracy: '50', coordinate: '1', useCache: false, withReGeocode: false }
    return dd.getLocation({ ...wish, success: found, fail: none })
  })
}

/** What 浙里办 offers. */
export interface Zheliban {
  onReady(done: () => void): void
  getLocation(): Promise<{ longitude: number | string; latitude: number | string }>
}

/** 浙里办: GCJ-02, and it does not say how sure it is. @source ZWJSBridge, getLocation. */
export async function zhelibanPosition(bridge: Zheliban): Promise<PhonePosition | undefined> {
  await new Promise<void>((resolve) => bridge.onReady(resolve))
  const found = await bridge.getLocation().catch(() => undefined)
  return found && positionFrom(found)
}
