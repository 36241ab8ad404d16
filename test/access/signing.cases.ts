import { settleLedger } from '../../src/ledger/index.ts'
import { uuidv7 } from '../../src/kernel/ids.ts'
import { runSystem } from '../../src/kernel/command.ts'
import type { CampaignView, EnvelopePage, SealView } from '../../src/signing/campaigns/contract.ts'
import type { LetterView } from '../../src/signing/letters/contract.ts'
import { sendingSweeps } from '../../src/signing/campaigns/sending.ts'
import { smallLetter } from '../support/signing.ts'
import type { AccessCase, SweepWorld } from './harness.ts'

const base = '/api/v1/signing'
const secretName = '只有管签署的人看得到'

/** Letters and seals hold for the whole county, so the wrong place is another one. */
const countyWide: Pick<AccessCase, 'actors'> = {
  actors: ({ tokens, administrators }) => ({
    right: tokens.right,
    wrongPlace: administrators.otherCounty.system,
    wrongPurpose: tokens.wrongPurpose,
  }),
}

async function as<Body>(
  world: SweepWorld,
  token: string,
  method: 'GET' | 'POST',
  url: string,
  payload?: object | Buffer,
) {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` }
  if (Buffer.isBuffer(payload)) headers['content-type'] = 'application/octet-stream'
  const answer = await world.app.http.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  if (answer.statusCode >= 300) throw new Error(answer.body)
  return answer.json<Body>()
}

/** Somebody else's hand: nobody approves what they wrote themselves. */
const other = (world: SweepWorld): string =>
  world.app.as({
    label: '批准人',
    grants: ['signing.read', 'signing.manage', 'signing.approve', 'signing.seal'].map((action) => ({
      action,
      path: world.county,
    })),
  }).token

let titles = 0
/** A draft of somebody else's, so that the right one may approve it. */
const draft = (world: SweepWorld): Promise<LetterView> =>
  as(world, other(world), 'POST', `${base}/letters`, {
    template: { ...smallLetter(), title: `承诺书 ${++titles}` },
  })
async function letter(world: SweepWorld): Promise<LetterView> {
  const { id, version } = await draft(world)
  return as(world, world.tokens.right, 'POST', `${base}/letters/${id}/approval`, { version })
}
const seal = (world: SweepWorld, areaPath = world.rightPlace): Promise<SealView> =>
  as(world, other(world), 'POST', `${base}/seals`, { name: '某某村', areaPath })

const wish = async (world: SweepWorld, sealId?: string) => ({
  title: '返乡承诺',
  letterId: (await letter(world)).id,
  areaPath: world.rightPlace,
  identityLevel: 'phone',
  fixed: {},
  deadline: new Date(world.app.clock.now().getTime() + 5 * 86_400_000).toISOString(),
  reminders: [1],
  ...(sealId ? { sealId } : {}),
})
const list = Buffer.from(`姓名,手机号\n${secretName},13857399111\n`)
const campaign = async (world: SweepWorld, sealId?: string): Promise<CampaignView> =>
  as(world, sealId ? other(world) : world.tokens.right, 'POST', `${base}/campaigns`, await wish(world, sealId))
async function listed(world: SweepWorld): Promise<CampaignView> {
  const { id } = await campaign(world)
  await as(world, world.tokens.right, 'POST', `${base}/campaigns/${id}/sheet`, list)
  return as(world, world.tokens.right, 'GET', `${base}/campaigns/${id}`)
}
async function running(world: SweepWorld): Promise<CampaignView> {
  const { id, version } = await listed(world)
  return as(world, world.tokens.right, 'POST', `${base}/campaigns/${id}/start`, { version })
}
async function envelope(world: SweepWorld): Promise<EnvelopePage['items'][0]> {
  const { id } = await running(world)
  await sendingSweeps[0]!.run(world.app.app)
  const page = await as<EnvelopePage>(world, world.tokens.right, 'GET', `${base}/campaigns/${id}/envelopes`)
  return page.items[0]!
}

type Request = { url: string; payload?: unknown; headers?: Record<string, string> }
const of =
  <T extends { id: string; version: number }>(
    what: string,
    make: (world: SweepWorld) => Promise<T>,
    suffix = '',
    payload?: (thing: T) => object,
  ) =>
  async (world: SweepWorld): Promise<Request> => {
    const thing = await make(world)
    return { url: `${base}/${what}/${thing.id}${suffix}`, ...(payload ? { payload: payload(thing) } : {}) }
  }
const versioned = ({ version }: { version: number }) => ({ version })
const template = () => ({ ...smallLetter(), title: `承诺书 ${++titles}` })
const route = (name: string): string => name.replace(' ', ` ${base}/`)

const letterCases: AccessCase[] = [
  { route: route('GET letters'), prepare: async () => ({ url: `${base}/letters` }), wrongPlace: 'ownData' },
  { route: route('GET letters/:id'), prepare: of('letters', draft) },
  {
    route: route('POST letters'),
    async prepare(world) {
      const basedOn = (await draft(world)).id
      return { url: `${base}/letters`, payload: { basedOn, template: template() } }
    },
  },
  {
    route: route('PUT letters/:id'),
    prepare: of('letters', draft, '', ({ version }) => ({ version, template: template() })),
  },
  { route: route('POST letters/:id/approval'), prepare: of('letters', draft, '/approval', versioned) },
  { route: route('POST letters/:id/retirement'), prepare: of('letters', letter, '/retirement', versioned) },
  {
    route: route('POST letters/preview'),
    wrongPlace: 'ownData',
    prepare: async () => ({ url: `${base}/letters/preview`, payload: { template: template() } }),
  },
  {
    route: route('GET seals'),
    wrongPlace: 'ownData',
    prepare: async () => ({ url: `${base}/seals` }),
  },
]

const campaignCases: AccessCase[] = [
  {
    route: route('GET terms'),
    actors: (world) => ({ wrongPlace: world.residents.other }),
    wrongPurpose: 'header',
    prepare: async () => ({ url: `${base}/terms` }),
  },
  {
    route: route('POST seals'),
    prepare: async ({ rightPlace }) => ({ url: `${base}/seals`, payload: { name: '某某村', areaPath: rightPlace } }),
  },
  { route: route('POST seals/:id/retirement'), prepare: of('seals', seal, '/retirement', versioned) },
  {
    route: route('GET campaigns'),
    wrongPlace: 'ownData',
    secrets: () => ['返乡承诺'],
    async prepare(world) {
      await campaign(world)
      return { url: `${base}/campaigns` }
    },
  },
  {
    route: route('POST campaigns'),
    prepare: async (world) => ({ url: `${base}/campaigns`, payload: await wish(world) }),
  },
  { route: route('GET campaigns/:id'), prepare: of('campaigns', campaign) },
  { route: route('GET campaigns/:id/template'), prepare: of('campaigns', campaign, '/template') },
  { route: route('GET campaigns/:id/rates'), prepare: of('campaigns', listed, '/rates') },
  { route: route('GET campaigns/:id/envelopes'), prepare: of('campaigns', listed, '/envelopes') },
  {
    route: route('POST campaigns/:id/sheet'),
    prepare: async (world) => ({
      url: `${base}/campaigns/${(await campaign(world)).id}/sheet`,
      payload: list,
      headers: { 'content-type': 'application/octet-stream' },
    }),
  },
  {
    route: route('POST campaigns/:id/segment'),
    async prepare(world) {
      const { id } = await campaign(world)
      const question = { subject: 'person', area: world.rightPlace, all: [] }
      const wanted = { name: '全体', question, shared: false }
      const segment = await as<{ id: string }>(world, world.tokens.right, 'POST', '/api/v1/registry/segments', wanted)
      return { url: `${base}/campaigns/${id}/segment`, payload: { segmentId: segment.id } }
    },
  },
  { route: route('POST campaigns/:id/start'), prepare: of('campaigns', listed, '/start', versioned) },
  { route: route('POST campaigns/:id/pause'), prepare: of('campaigns', running, '/pause', versioned) },
  {
    route: route('POST campaigns/:id/resume'),
    prepare: of(
      'campaigns',
      async (world) => {
        const { id, version } = await running(world)
        return as<CampaignView>(world, world.tokens.right, 'POST', `${base}/campaigns/${id}/pause`, { version })
      },
      '/resume',
      versioned,
    ),
  },
  { route: route('POST campaigns/:id/closing'), prepare: of('campaigns', running, '/closing', versioned) },
  { route: route('POST campaigns/:id/retry'), prepare: of('campaigns', running, '/retry') },
  {
    route: route('POST campaigns/:id/collaborators'),
    async prepare(world) {
      const { id } = await campaign(world)
      return { url: `${base}/campaigns/${id}/collaborators`, payload: { accountId: uuidv7(), part: 'none' } }
    },
  },
  {
    route: route('POST campaigns/:id/seal'),
    prepare: of(
      'campaigns',
      async (world) => campaign(world, (await seal(world)).id),
      '/seal',
      ({ version }) => ({
        version,
        approve: true,
      }),
    ),
  },
  { route: route('GET envelopes/:id'), prepare: of('envelopes', envelope) },
  {
    route: route('POST envelopes/:id/revocation'),
    prepare: of('envelopes', envelope, '/revocation', ({ version }) => ({ version, reason: '发错了' })),
  },
  {
    route: route('POST envelopes/:id/correction'),
    prepare: of('envelopes', envelope, '/correction', ({ version }) => ({ version, reason: '写错了', values: {} })),
  },
  { route: route('POST envelopes/:id/reminder'), prepare: of('envelopes', envelope, '/reminder', versioned) },
  { route: route('POST envelopes/:id/number'), prepare: of('envelopes', envelope, '/number') },
  {
    route: route('GET work'),
    wrongPlace: 'ownData',
    secrets: () => [secretName],
    async prepare(world) {
      await envelope(world)
      return { url: `${base}/work` }
    },
  },
  {
    route: route('GET envelopes/:id/document'),
    async prepare(world) {
      const { id } = await envelope(world)
      await sealAway(world, id)
      return { url: `${base}/envelopes/${id}/document` }
    },
  },
  {
    route: route('GET envelopes/:id/evidence-package'),
    async prepare(world) {
      const { id } = await envelope(world)
      await sealAway(world, id)
      await settleLedger(world.app.app, world.county)
      return { url: `${base}/envelopes/${id}/evidence-package` }
    },
  },
]

/** Signs and seals an envelope as its signer and the house would. */
async function sealAway(world: SweepWorld, id: string): Promise<void> {
  const { acceptSignature, advance, draftDocument, findEnvelope, sealWaiting } =
    await import('../../src/signing/envelopes/index.ts')
  const { makePhoneKey } = await import('../../src/signing/pipeline.ts')
  const key = await makePhoneKey()
  const identified = { signer: { identifiedBy: 'phone' } }
  await runSystem(world.app.app, world.county, async (cmd) => {
    let found = await findEnvelope(cmd, id, 1)
    found = await advance(cmd, found, 'opened')
    found = await advance(cmd, found, 'consented')
    found = await advance(cmd, found, 'identified', {}, identified)
    const mark = { strokes: null, typed: '某某' }
    const asked = await draftDocument(cmd, found, { spki: key.spki, mark, answers: {} })
    await acceptSignature(cmd, asked.found, await key.sign(asked.draft.attributes), key.spki)
  })
  await sealWaiting(world.app.app)
}

export const cases: AccessCase[] = [...letterCases.map((one) => ({ ...countyWide, ...one })), ...campaignCases]
