import { runSystem } from '../../src/kernel/command.ts'
import { uuidv7 } from '../../src/kernel/ids.ts'
import { queueDelivery } from '../../src/notify/outbound/jobs.ts'
import { insertMessages, type InboxRow } from '../../src/notify/inbox/store.ts'
import { own as ownDoors, seatedSystem } from './identity.cases.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

/** What is the whole county's belongs to its system administrator; who holds the same grants in one town may not touch it. */
const administrators: Pick<AccessCase, 'actors' | 'wrongPurpose'> = {
  actors: ({ administrators: { system }, tokens }) => ({
    right: system,
    wrongPlace: tokens.wrongPlace,
    wrongPurpose: system,
  }),
  wrongPurpose: 'header',
}
const owners: Pick<AccessCase, 'actors' | 'wrongPurpose' | 'wrongPlace'> = {
  actors: ({ residents }) => ({ right: residents.owner, wrongPlace: residents.other, wrongPurpose: residents.owner }),
  wrongPurpose: 'header',
  wrongPlace: 'ownData',
}
const base = '/api/v1/notify'

async function send<Body>(world: SweepWorld, url: string, payload: object): Promise<Body> {
  const headers = { authorization: `Bearer ${world.administrators.system}` }
  const answer = await world.app.http.inject({ method: 'POST', url: `${base}${url}`, headers, payload })
  if (answer.statusCode !== 200) throw new Error(`POST ${url}: ${answer.statusCode} ${answer.body}`)
  return answer.json<Body>()
}

const newWebhook = () => ({
  url: `https://hooks.example.com/${uuidv7()}`,
  description: '',
  events: ['matter.reported'],
})
const addWebhook = async (world: SweepWorld) =>
  (await send<{ webhook: { id: string } }>(world, '/webhooks', newWebhook())).webhook.id

const newRobot = (world: SweepWorld) => ({
  kind: 'weCom',
  name: '王店群',
  areaPath: world.rightPlace,
  url: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${uuidv7()}`,
})
const addRobot = async (world: SweepWorld) => (await send<{ id: string }>(world, '/robots', newRobot(world))).id

/** A webhook with one delivery that has failed, so that it can be replayed. */
async function failedDelivery(world: SweepWorld): Promise<{ webhook: string; delivery: string }> {
  const webhook = await addWebhook(world)
  const delivery = await runSystem(world.app.app, world.county, async (cmd) => {
    await queueDelivery(cmd, {
      channel: 'webhook',
      targetId: webhook,
      topic: 'matter.reported',
      payload: {},
      entryId: uuidv7(),
      nextAt: cmd.now,
    })
    const rows = cmd.tx.updateTable('delivery').set({ state: 'failed', nextAt: null }).where('county', '=', cmd.county)
    return (await rows.where('targetId', '=', webhook).returning('id').executeTakeFirstOrThrow()).id as string
  })
  return { webhook, delivery }
}

const secret = '只给本人看的消息'
/** As many as the badge counts, so that the owner's count is known whatever other cases read. */
const UNREAD = 100

async function fillInbox(world: SweepWorld): Promise<string[]> {
  const ids = Array.from({ length: UNREAD }, () => uuidv7())
  await runSystem(world.app.app, world.county, (cmd) => {
    const shared: Omit<InboxRow, 'id'> = {
      accountId: world.residents.ownerId,
      topic: 'loop.report_closed',
      titleZh: secret,
      bodyZh: secret,
      titleEn: secret,
      bodyEn: secret,
      subjectKind: null,
      subjectId: null,
      entryId: null,
      createdAt: cmd.now,
      readAt: null,
    }
    return insertMessages(
      cmd.tx,
      world.county,
      ids.map((id) => ({ ...shared, id })),
    )
  })
  return ids
}

const newSubscription = () => ({
  endpoint: `https://push.example.com/${uuidv7()}`,
  keys: { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) },
})

const wording = {
  titleZh: '超期提醒',
  bodyZh: '{kind}{number}超期了',
  titleEn: 'Overdue',
  bodyEn: '{kind} {number} is overdue',
  channels: ['inbox'],
  aliyunCode: null,
  tencentCode: null,
  version: 0,
}

const reading = (route: string, url: string): AccessCase => ({
  route: `GET ${route}`,
  ...administrators,
  prepare: async () => ({ url }),
})

export const cases: AccessCase[] = [
  {
    route: `GET ${base}/inbox`,
    ...owners,
    secrets: () => [secret],
    prepare: async (world) => {
      await fillInbox(world)
      return { url: `${base}/inbox` }
    },
  },
  {
    route: `GET ${base}/inbox/unread`,
    ...owners,
    secrets: () => [`"unread":${UNREAD}`],
    prepare: async (world) => {
      await fillInbox(world)
      return { url: `${base}/inbox/unread` }
    },
  },
  {
    route: `POST ${base}/inbox/read`,
    ...owners,
    secrets: () => [`"marked":${UNREAD}`],
    prepare: async (world) => ({ url: `${base}/inbox/read`, payload: { ids: await fillInbox(world) } }),
  },
  { route: `GET ${base}/push/key`, ...owners, prepare: async () => ({ url: `${base}/push/key` }) },
  {
    route: `POST ${base}/push/subscriptions`,
    ...owners,
    prepare: async () => ({ url: `${base}/push/subscriptions`, payload: newSubscription() }),
  },
  {
    route: `POST ${base}/push/subscriptions/removal`,
    ...owners,
    prepare: async () => ({
      url: `${base}/push/subscriptions/removal`,
      payload: { endpoint: newSubscription().endpoint },
    }),
  },
  reading(`${base}/sms`, `${base}/sms`),
  reading(`${base}/wordings`, `${base}/wordings`),
  reading(`${base}/setting`, `${base}/setting`),
  reading(`${base}/webhooks`, `${base}/webhooks`),
  reading(`${base}/robots`, `${base}/robots`),
  {
    route: `PUT ${base}/wordings/:name`,
    ...administrators,
    prepare: async () => ({ url: `${base}/wordings/loop.matter_overdue`, payload: wording }),
  },
  {
    route: `PUT ${base}/setting`,
    ...administrators,
    prepare: async () => ({ url: `${base}/setting`, payload: { smsSignName: '秀洲治理', version: 0 } }),
  },
  {
    route: `POST ${base}/webhooks`,
    ...administrators,
    prepare: async () => ({ url: `${base}/webhooks`, payload: newWebhook() }),
  },
  {
    route: `PUT ${base}/webhooks/:id`,
    ...administrators,
    prepare: async (world) => ({
      url: `${base}/webhooks/${await addWebhook(world)}`,
      payload: { description: '', events: ['matter.moved'], active: false, version: 1 },
    }),
  },
  {
    route: `POST ${base}/webhooks/:id/secret`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/webhooks/${await addWebhook(world)}/secret`, payload: { version: 1 } }),
  },
  {
    route: `POST ${base}/webhooks/:id/removal`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/webhooks/${await addWebhook(world)}/removal`, payload: { version: 1 } }),
  },
  {
    route: `GET ${base}/webhooks/:id/deliveries`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/webhooks/${await addWebhook(world)}/deliveries` }),
  },
  {
    route: `POST ${base}/webhooks/:id/deliveries/:deliveryId/replays`,
    ...administrators,
    prepare: async (world) => {
      const { webhook, delivery } = await failedDelivery(world)
      return { url: `${base}/webhooks/${webhook}/deliveries/${delivery}/replays` }
    },
  },
  {
    route: `POST ${base}/webhooks/:id/replays`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/webhooks/${(await failedDelivery(world)).webhook}/replays` }),
  },
  {
    route: `POST ${base}/robots`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/robots`, payload: newRobot(world) }),
  },
  {
    route: `PUT ${base}/robots/:id`,
    ...administrators,
    prepare: async (world) => ({
      url: `${base}/robots/${await addRobot(world)}`,
      payload: { active: false, version: 1 },
    }),
  },
  {
    route: `POST ${base}/robots/:id/removal`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/robots/${await addRobot(world)}/removal`, payload: { version: 1 } }),
  },
  {
    route: `POST ${base}/robots/:id/tests`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/robots/${await addRobot(world)}/tests`, payload: {} }),
  },
  {
    route: `POST ${base}/webhooks/:id/tests`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/webhooks/${await addWebhook(world)}/tests`, payload: {} }),
  },
  {
    route: `GET ${base}/deliveries/:id`,
    ...administrators,
    prepare: async (world) => ({ url: `${base}/deliveries/${(await failedDelivery(world)).delivery}` }),
  },
  reading(`${base}/sms/setting`, `${base}/sms/setting`),
  {
    route: `POST ${base}/sms/tests`,
    ...ownDoors,
    actors: (world) => ({ ...ownDoors.actors?.(world), wrongPlace: world.tokens.wrongPlace }),
    wrongPlace: 'refused',
    prepare: async (world) => {
      await seatedSystem(world)
      return { url: `${base}/sms/tests`, payload: {} }
    },
  },
  { route: `GET ${base}/push/quiet`, ...owners, prepare: async () => ({ url: `${base}/push/quiet` }) },
  {
    route: `PUT ${base}/push/quiet`,
    ...owners,
    prepare: async () => ({ url: `${base}/push/quiet`, payload: { from: '22:00', until: '06:30', version: 0 } }),
  },
  reading(`${base}/sms/provider`, `${base}/sms/provider`),
  {
    route: `PUT ${base}/sms/provider`,
    ...administrators,
    prepare: async () => ({ url: `${base}/sms/provider`, payload: { provider: 'outbox', version: 0 } }),
  },
]
