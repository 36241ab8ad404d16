import { Type, type Static } from 'typebox'
import { defineFaults } from '../../kernel/faults.ts'
import { Page, PageQuery } from '../../kernel/pages.ts'
import { ledgerEvent } from '../../ledger/contract.ts'

defineFaults({
  'notify.bad_address': {
    status: 400,
    zh: '这个地址不能用：要以 https:// 开头，不能带用户名和密码，也不能指向内部网络。',
    en: 'This address cannot be used: it must start with https://, carry no user name or password, and not point into a private network.',
  },
  'notify.address_taken': { status: 409, zh: '这个推送地址已经登记过了。', en: 'This address is registered already.' },
  'notify.unknown_event': {
    status: 400,
    zh: '没有“{event}”这种事件，可选的有：{allowed}。',
    en: 'There is no event “{event}”. Possible are: {allowed}.',
  },
  'notify.secret_needed': {
    status: 400,
    zh: '钉钉机器人请填写加签密钥（以 SEC 开头）。',
    en: 'A DingTalk robot needs its signing secret (it starts with SEC).',
  },
  'notify.robot_address': {
    status: 400,
    zh: '请粘贴机器人的完整地址：钉钉以 https://oapi.dingtalk.com/robot/send 开头，企业微信以 https://qyapi.weixin.qq.com/cgi-bin/webhook/send 开头。',
    en: "Please paste the robot's whole address: https://oapi.dingtalk.com/robot/send… or https://qyapi.weixin.qq.com/cgi-bin/webhook/send….",
  },
  'notify.not_replayable': {
    status: 409,
    zh: '这条推送还在发送，不用重发。',
    en: 'This delivery is still under way and need not be replayed.',
  },
  'notify.endpoint_off': {
    status: 409,
    zh: '推送地址已停用，请先启用再重发。',
    en: 'The endpoint is switched off. Switch it on before replaying.',
  },
})

const id = Type.String({ format: 'uuid' })
const instant = Type.String({ format: 'date-time' })
const instantOrNull = Type.Union([instant, Type.Null()])
const textOrNull = Type.Union([Type.String(), Type.Null()])
const version = Type.Integer({ minimum: 1, description: 'Sent back with a change; a stale one is refused.' })
const url = Type.String({ minLength: 10, maxLength: 500 })
const events = Type.Array(Type.String({ maxLength: 80 }), { minItems: 1, maxItems: 30, uniqueItems: true })
const description = Type.String({ maxLength: 100 })

export const Webhook = Type.Object({
  id,
  url: Type.String(),
  description: Type.String(),
  events: Type.Array(Type.String()),
  active: Type.Boolean(),
  disabledReason: textOrNull,
  failures: Type.Integer({ description: 'Failed attempts since the last success.' }),
  failingSince: instantOrNull,
  version: Type.Integer(),
  createdAt: instant,
})
export type Webhook = Static<typeof Webhook>
export const Webhooks = Type.Object({
  items: Type.Array(Webhook),
  events: Type.Array(Type.String(), { description: 'Events that may be subscribed.' }),
})

export const AddWebhook = Type.Object({ url, description, events }, { additionalProperties: false })
export type AddWebhook = Static<typeof AddWebhook>
export const ChangeWebhook = Type.Object(
  { description, events, active: Type.Boolean(), version },
  { additionalProperties: false },
)
export type ChangeWebhook = Static<typeof ChangeWebhook>
export const VersionOnly = Type.Object({ version }, { additionalProperties: false })
export type VersionOnly = Static<typeof VersionOnly>
export const WebhookWithSecret = Type.Object({
  webhook: Webhook,
  secret: Type.String({ description: 'Shown this once; keep it where the receiver checks signatures.' }),
})
export type WebhookWithSecret = Static<typeof WebhookWithSecret>

export const DeliveryState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('sending'),
  Type.Literal('delivered'),
  Type.Literal('failed'),
  Type.Literal('unknown'),
])
export type DeliveryState = Static<typeof DeliveryState>

export const Delivery = Type.Object({
  id: Type.String({ format: 'uuid', description: 'Sent as webhook-id; the same at every attempt.' }),
  topic: Type.String(),
  state: DeliveryState,
  attempts: Type.Integer(),
  lastCode: textOrNull,
  nextAt: instantOrNull,
  createdAt: instant,
  settledAt: instantOrNull,
})
export type Delivery = Static<typeof Delivery>
export const DeliveryPage = Page(Delivery)
export const DeliveryQuery = PageQuery
/** Sent to see whether the way is open; it says nothing about anybody. */
export const TestQueued = Type.Object({ deliveryId: id })
export type TestQueued = Static<typeof TestQueued>
export const Replayed = Type.Object({ replayed: Type.Integer() })

export const Robot = Type.Object({
  id,
  kind: Type.Union([Type.Literal('dingTalk'), Type.Literal('weCom')]),
  name: Type.String(),
  areaPath: Type.String({ description: 'It hears of this area and all below.' }),
  active: Type.Boolean(),
  version: Type.Integer(),
})
export type Robot = Static<typeof Robot>
export const Robots = Type.Object({ items: Type.Array(Robot) })
export const AddRobot = Type.Object(
  {
    kind: Robot.properties.kind,
    name: Type.String({ minLength: 1, maxLength: 40 }),
    areaPath: Type.String({ minLength: 6, maxLength: 200 }),
    url,
    secret: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type AddRobot = Static<typeof AddRobot>
export const ChangeRobot = Type.Object({ active: Type.Boolean(), version }, { additionalProperties: false })
export type ChangeRobot = Static<typeof ChangeRobot>

const pushKey = Type.String({ pattern: '^[A-Za-z0-9_-]{16,200}$' })
/** What `PushSubscription.toJSON()` gives in the browser. */
export const Subscribe = Type.Object({ endpoint: url, keys: Type.Object({ p256dh: pushKey, auth: pushKey }) })
export type Subscribe = Static<typeof Subscribe>
export const Subscription = Type.Object({ id })
export const Unsubscribe = Type.Object({ endpoint: url })
export type Unsubscribe = Static<typeof Unsubscribe>
export const PushKey = Type.Object({ publicKey: Type.String({ description: 'applicationServerKey, base64url.' }) })

const byWebhook = { events: Type.Array(Type.String()), active: Type.Boolean() }
export const WebhookAdded = ledgerEvent('webhook.added', Type.Object(byWebhook))
export const WebhookChanged = ledgerEvent('webhook.changed', Type.Object(byWebhook))
export const WebhookRemoved = ledgerEvent('webhook.removed', Type.Object({}))
export const WebhookKeyChanged = ledgerEvent('webhook.key_changed', Type.Object({}))
export const WebhookDisabled = ledgerEvent(
  'webhook.disabled',
  Type.Object({ reason: Type.String(), failures: Type.Integer() }),
)
const byRobot = { kind: Type.String(), areaPath: Type.String(), active: Type.Boolean() }
export const RobotAdded = ledgerEvent('robot.added', Type.Object(byRobot))
export const RobotChanged = ledgerEvent('robot.changed', Type.Object(byRobot))
export const RobotRemoved = ledgerEvent('robot.removed', Type.Object(byRobot))
