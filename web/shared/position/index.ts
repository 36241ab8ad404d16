import type { ShellName, Shells, WechatSignature } from '../../../src/identity/shells/contract.ts'
import { read } from '../api.ts'
import type { DingTalk, PhonePosition, Wechat, Zheliban } from './shells.ts'
import { dingTalkPosition, scriptOf, shellOf, wechatPosition, zhelibanPosition } from './shells.ts'

/** The app whose web view this is; a plain browser has none. */
export const shellHere = (): ShellName | undefined => shellOf(navigator.userAgent)

interface ShellGlobals {
  wx?: Partial<Wechat>
  dd?: DingTalk
  ZWJSBridge?: Zheliban
}
const globals = globalThis as ShellGlobals

/** On an iPhone WeChat signs the address by which the page was entered, elsewhere the present one. */
const enteredBy = typeof location === 'undefined' ? '' : location.href
const addressToSign = () => (/iPhone|iPad/.test(navigator.userAgent) ? enteredBy : location.href).split('#')[0] ?? ''

const shellMs = 12_000
const within = <T>(work: Promise<T>): Promise<T | undefined> =>
  Promise.race([work, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), shellMs))])

function load(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = src
    script.onload = () => resolve()
    script.onerror = () => reject(new Error('the app’s script did not come'))
    document.head.append(script)
  })
}

const offers: Record<ShellName, () => boolean> = {
  wechat: () => globals.wx?.getLocation !== undefined,
  dingtalk: () => globals.dd !== undefined,
  zheliban: () => globals.ZWJSBridge !== undefined,
}

const ask: Record<ShellName, () => Promise<PhonePosition | undefined>> = {
  wechat: () =>
    wechatPosition(globals.wx as Wechat, () =>
      read<WechatSignature>(`/shells/wechat/signature?url=${encodeURIComponent(addressToSign())}`),
    ),
  dingtalk: () => dingTalkPosition(globals.dd ?? {}),
  zheliban: () => zhelibanPosition(globals.ZWJSBridge as Zheliban),
}

/** The app's own answer, where it offers one and the installation lets its script in. */
async function shellPosition(shell: ShellName): Promise<PhonePosition | undefined> {
  if (!offers[shell]()) {
    const { items } = await read<Shells>('/shells')
    if (!items.includes(shell)) return undefined
    await load(scriptOf[shell])
  }
  return offers[shell]() ? ask[shell]() : undefined
}

function browserPosition(): Promise<PhonePosition | undefined> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(undefined)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          longitude: coords.longitude,
          latitude: coords.latitude,
          accuracyMetres: Math.round(coords.accuracy),
          system: 'wgs84',
          source: 'gps',
        }),
      () => resolve(undefined),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    )
  })
}

/**
 * Asks the phone where it is: the app whose web view this is, else the browser. What an app gives is GCJ-02 and says so;
 * the server converts it at the door. Gives undefined when the person or the phone refuses.
 */
export async function phonePosition(): Promise<PhonePosition | undefined> {
  const shell = shellHere()
  const found = shell && (await within(shellPosition(shell)).catch(() => undefined))
  return found ?? browserPosition()
}
