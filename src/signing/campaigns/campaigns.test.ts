import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { doorId, layDoors, layHome } from '../../../test/support/doors.ts'
import { holderId, layGround, paths } from '../../../test/support/ground.ts'
import { smallLetter } from '../../../test/support/signing.ts'
import { runSystem, type Command } from '../../kernel/command.ts'
import { writeSheets } from '../../kernel/sheet-writer.ts'
import { settleLedger } from '../../ledger/index.ts'
import { acceptSignature, advance, draftDocument, findByToken, findEnvelope, sealNext } from '../envelopes/index.ts'
import type { LetterPage, LetterView } from '../letters/contract.ts'
import { loadShipped } from '../letters/service.ts'
import { makePhoneKey } from '../pipeline.ts'
import { workshopOf } from '../workshop.ts'
import type { CampaignView, Checked, EnvelopePage, EnvelopeView, Rates, SealView, WorkPage } from './contract.ts'
import { sendingSweeps } from './sending.ts'

const url = '/api/v1/signing'
let house: TestApp
beforeAll(async () => {
  house = await testApp({ settings: { PUBLIC_URL: 'https://xz.example' } })
  await layGround(house)
  await layDoors(house)
  await run((cmd) =>
    layHome(cmd, {
      door: '88-101',
      path: paths.right,
      use: 'ownerOccupied',
      kind: 'registered',
      people: [{ name: '王建国', born: '1960-01-01', phone: '13857311111' }],
    }),
  )
})
afterAll(async () => {
  await workshopOf(house.app.ports).stop()
  await house.close()
})

const run = <T>(work: (cmd: Command) => Promise<T>): Promise<T> => runSystem(house.app, county, work)
const holder = (role: string, path: string) => house.as({ id: holderId(role, path), label: role })
const secretary = () => holder('villageSecretary', paths.village)
const dispatcher = () => holder('townDispatcher', paths.town)
const leader = () => holder('townLeader', paths.town)
const lead = () => holder('microGridLead', paths.right)
const sweep = (name: string) => sendingSweeps.find((one) => one.name === name)!.run(house.app)
const octets = { 'content-type': 'application/octet-stream' }

async function approvedLetter(template = smallLetter()): Promise<LetterView> {
  const drafted = await dispatcher().post<LetterView>(`${url}/letters`, { template })
  expect(drafted.status, drafted.text).toBe(201)
  const { id, version } = drafted.body
  const own = await dispatcher().post(`${url}/letters/${id}/approval`, { version })
  expect(own.body).toMatchObject({ code: 'signing.own_approval' })
  const approved = await leader().post<LetterView>(`${url}/letters/${id}/approval`, { version })
  expect(approved.status, approved.text).toBe(200)
  return approved.body
}

async function sheetOf(rows: string[][]): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of writeSheets([{ name: '名单', rows }])) parts.push(Buffer.from(part as Uint8Array))
  return Buffer.concat(parts)
}

let letter: LetterView
async function opened(body: object = {}): Promise<CampaignView> {
  letter ??= await approvedLetter()
  const answer = await secretary().post<CampaignView>(`${url}/campaigns`, {
    title: '返乡承诺',
    letterId: letter.id,
    areaPath: paths.village,
    identityLevel: 'phone',
    fixed: {},
    deadline: '2026-11-26T04:00:00Z',
    reminders: [1, 2],
    ...body,
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

const take = async ({ id }: { id: string }, rows: string[][]): Promise<Checked> => {
  const answer = await secretary().post<Checked>(`${url}/campaigns/${id}/sheet`, await sheetOf(rows), octets)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const act = (id: string, what: string, version: number, who = secretary()) =>
  who.post<CampaignView>(`${url}/campaigns/${id}/${what}`, { version })
const shown = async (id: string): Promise<CampaignView> =>
  (await secretary().get<CampaignView>(`${url}/campaigns/${id}`)).body
const envelopes = async (id: string, query = ''): Promise<EnvelopePage['items']> =>
  (await secretary().get<EnvelopePage>(`${url}/campaigns/${id}/envelopes?limit=100${query}`)).body.items
const messages = () =>
  run((cmd) =>
    cmd.tx
      .selectFrom('smsMessage')
      .selectAll()
      .where('county', '=', county)
      .where('template', 'like', 'signing.%')
      .orderBy('id')
      .execute(),
  )
const tokenIn = (text: Buffer | null): string => /\/sign#(\S+) /.exec(house.app.vault.open(county, text!))![1]!

const head = ['姓名', '手机号', '身份证号']
const good = [head, ['王建国', '13857311111', ''], ['李四', '13857311112', '']]

async function started(): Promise<CampaignView> {
  const campaign = await opened()
  await take(campaign, good)
  const { version } = await shown(campaign.id)
  const answer = await act(campaign.id, 'start', version)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

async function signWith(token: string): Promise<void> {
  const onLink = <T>(work: (cmd: Command, found: Awaited<ReturnType<typeof findByToken>>) => Promise<T>) =>
    run(async (cmd) => work(cmd, await findByToken(cmd, token)))
  await onLink((cmd, found) => advance(cmd, found, 'opened'))
  await onLink((cmd, found) => advance(cmd, found, 'consented'))
  await onLink((cmd, found) => advance(cmd, found, 'identified', {}, { signer: { identifiedBy: 'phone' } }))
  const key = await makePhoneKey()
  const asked = { spki: key.spki, mark: { strokes: null, typed: '王建国' }, answers: { days: 2 } }
  const { draft } = await onLink((cmd, found) => draftDocument(cmd, found, asked))
  const signature = await key.sign(draft.attributes)
  await onLink((cmd, found) => acceptSignature(cmd, found, signature, key.spki))
}

describe('letters', () => {
  test('that come with the house are there, can be previewed, and are loaded once', async () => {
    expect(await run(loadShipped)).toBe(10)
    expect(await run(loadShipped)).toBe(0)
    const { body } = await secretary().get<LetterPage>(`${url}/letters?state=approved&limit=50`)
    expect(body.items.filter(({ shipped }) => shipped)).toHaveLength(10)
    const { template } = (await secretary().get<LetterView>(`${url}/letters/${body.items[0]!.id}`)).body
    const preview = await secretary().post(`${url}/letters/preview`, { template })
    expect(preview.text.slice(0, 5)).toBe('%PDF-')
  })

  test('approved never change, and cannot be approved twice over', async () => {
    const one = await approvedLetter({ ...smallLetter(), title: '承诺书之二' })
    const change = await dispatcher().ask('PUT', `${url}/letters/${one.id}`, {
      template: smallLetter(),
      version: one.version,
    })
    expect(change.body).toMatchObject({ code: 'signing.letter_fixed' })
    const again = await dispatcher().post<LetterView>(`${url}/letters`, { template: one.template })
    const { id, version } = again.body
    expect((await leader().post(`${url}/letters/${id}/approval`, { version })).body).toMatchObject({
      code: 'signing.letter_known',
    })
  })
})

describe('the check before anything is sent', () => {
  test('names every problem by its row, and sends nothing to such a row', async () => {
    const campaign = await opened()
    const checked = await take(campaign, [
      ['秀洲区返乡人员名单'],
      head,
      ['王建国', '13857311111', ''],
      ['李四', '1385731', ''],
      ['', '13857311113', ''],
      ['张‮三', '13857311114', ''],
      ['𠀀', '13857311115', ''],
      ['小明', '13857311116', '110105201501010018'],
      ['王建国', '13857311111', ''],
      ['#read("/etc/passwd")', '13857311117', ''],
    ])
    expect(checked).toMatchObject({ rows: 8, good: 2 })
    const problems = checked.problems.map(({ row, problem }) => `${row} ${problem}`)
    expect(problems).toEqual([
      '4 手机号不对或没有填。',
      '5 没有姓名。',
      expect.stringContaining('6 “姓名”里有看不见的'),
      expect.stringContaining('7 “姓名”里的“𠀀”'),
      expect.stringMatching(/^8 (未满|身份证号不对)/),
      '9 和第 3 行重复。',
    ])
    expect(await envelopes(campaign.id, '&faulty=true')).toHaveLength(6)
    const { version } = await shown(campaign.id)
    await act(campaign.id, 'start', version)
    await sweep('signing.send_invitations')
    expect((await envelopes(campaign.id)).filter(({ state }) => state === 'sent').map(({ row }) => row)).toEqual([
      3, 10,
    ])
    expect((await shown(campaign.id)).figures).toMatchObject({ faulty: 6, waiting: 0, sent: 2 })
  })

  test('refuses a sheet without headings, a start without a list, and a second start', async () => {
    const campaign = await opened()
    const none = await secretary().post(`${url}/campaigns/${campaign.id}/sheet`, await sheetOf([['a', 'b']]), octets)
    expect(none.body).toMatchObject({ code: 'signing.sheet_without_headings' })
    expect((await act(campaign.id, 'start', campaign.version)).body).toMatchObject({ code: 'signing.nobody_to_send' })
    const running = await started()
    expect((await act(running.id, 'start', running.version)).body).toMatchObject({ code: 'signing.campaign_fixed' })
  })
})

describe('a campaign', () => {
  test('sends one message a step, follows who signs by micro-grid, and files the letter at home', async () => {
    await sweep('signing.send_invitations')
    const before = new Set((await messages()).map(({ id }) => id))
    const campaign = await started()
    await sweep('signing.send_invitations')
    await sweep('signing.send_invitations')
    const sent = (await messages()).filter(({ id }) => !before.has(id))
    expect(sent).toHaveLength(2)
    expect(sent[0]!.textMasked).toContain('••••••')
    const [first] = await envelopes(campaign.id, `&area=${paths.right}`)
    expect(first).toMatchObject({ name: '王建国', state: 'sent', phone: '138****1111' })
    const sms = sent.find(({ phoneMasked }) => phoneMasked.endsWith('1111'))!
    await signWith(tokenIn(sms.textSealed))
    while (await sealNext(house.app, county));
    await settleLedger(house.app, county)
    const view = (await secretary().get<EnvelopeView>(`${url}/envelopes/${first!.id}`)).body
    expect(view).toMatchObject({ state: 'sealed', chainHolds: true, signed: 1 })
    const file = await secretary().get(`${url}/envelopes/${first!.id}/document`)
    expect([file.status, file.text.slice(0, 5)]).toEqual([200, '%PDF-'])
    const rates = (await secretary().get<Rates>(`${url}/campaigns/${campaign.id}/rates`)).body
    expect(rates.total).toMatchObject({ sealed: 1, sent: 1, signed: 0 })
    expect(rates.curve.at(-1)?.signed).toBe(1)
    const services = await run((cmd) =>
      cmd.tx
        .selectFrom('householdService')
        .select(['kind', 'refId'])
        .where('county', '=', county)
        .where('householdId', '=', doorId('household 88-101'))
        .execute(),
    )
    expect(services).toEqual([{ kind: 'letter', refId: first!.id }])
  })

  test('reminds who has not signed, hands them to the micro-grid head, and lets go at the deadline', async () => {
    const campaign = await started()
    await sweep('signing.send_invitations')
    const before = (await messages()).length
    house.clock.advance(25 * 3_600_000)
    await sweep('signing.send_reminders')
    await sweep('signing.send_reminders')
    const reminders = (await messages()).slice(before)
    expect(reminders.filter(({ template }) => template === 'signing.reminder').length).toBeGreaterThanOrEqual(2)
    const work = (await lead().get<WorkPage>(`${url}/work?limit=100`)).body.items
    const mine = work.filter(({ campaignId }) => campaignId === campaign.id)
    expect(mine).toMatchObject([{ name: '王建国', phone: '138****1111', reminded: 1 }])
    const number = await lead().post<{ phone: string }>(`${url}/envelopes/${mine[0]!.id}/number`)
    expect(number.body.phone).toBe('13857311111')
    house.clock.set('2026-11-26T05:00:00Z')
    await sweep('signing.expire_letters')
    expect((await envelopes(campaign.id)).map(({ state }) => state)).toEqual(['expired', 'expired'])
    house.clock.set('2026-11-17T02:00:00Z')
  })

  test('is paused, goes on, is taken back and corrected one by one', async () => {
    const before = new Set((await messages()).map(({ id }) => id))
    const campaign = await started()
    await sweep('signing.send_invitations')
    const token = tokenIn((await messages()).find(({ id }) => !before.has(id))!.textSealed)
    const paused = await act(campaign.id, 'pause', campaign.version)
    await expect(
      run(async (cmd) =>
        draftDocument(cmd, await findByToken(cmd, token), {
          spki: new Uint8Array(1),
          mark: { strokes: null, typed: '' },
          answers: {},
        }),
      ),
    ).rejects.toMatchObject({ code: 'signing.paused' })
    expect((await act(campaign.id, 'resume', paused.body.version)).body.state).toBe('running')
    const [one, other] = await envelopes(campaign.id)
    const revoked = await secretary().post<EnvelopeView>(`${url}/envelopes/${one!.id}/revocation`, {
      version: one!.version,
      reason: '发错了',
    })
    expect(revoked.body.state).toBe('revoked')
    const corrected = await secretary().post<EnvelopeView>(`${url}/envelopes/${other!.id}/correction`, {
      version: other!.version,
      reason: '名字写错',
      name: '李思',
      values: {},
    })
    expect(corrected.body).toMatchObject({ name: '李思', state: 'waiting', supersedes: other!.id })
    expect((await run((cmd) => findEnvelope(cmd, other!.id))).envelope).toMatchObject({
      state: 'superseded',
      supersededBy: corrected.body.id,
    })
    expect((await shown(campaign.id)).figures).toMatchObject({ ended: 2, waiting: 1, sent: 0 })
  })

  test('with a seal waits until whoever keeps it agrees; the author cannot', async () => {
    const made = await leader().post<SealView>(`${url}/seals`, { name: '王店镇人民政府', areaPath: paths.town })
    expect(made.status, made.text).toBe(201)
    const campaign = await opened({ sealId: made.body.id })
    await take(campaign, good)
    const { version } = await shown(campaign.id)
    expect((await act(campaign.id, 'start', version)).body).toMatchObject({ code: 'signing.seal_waits' })
    const own = await secretary().post(`${url}/campaigns/${campaign.id}/seal`, { version, approve: true })
    expect(own.status).toBe(403)
    const agreed = await leader().post<CampaignView>(`${url}/campaigns/${campaign.id}/seal`, { version, approve: true })
    expect(agreed.body, agreed.text).toMatchObject({ sealState: 'approved' })
    expect((await act(campaign.id, 'start', agreed.body.version)).status).toBe(200)
  })

  test('lets B run it once the author shared it, and nobody else', async () => {
    const campaign = await opened()
    await take(campaign, good)
    const { version } = await shown(campaign.id)
    const chief = () => holder('gridChief', paths.grid)
    expect((await act(campaign.id, 'start', version, chief())).status).toBe(403)
    const accountId = holderId('gridChief', paths.grid)
    const shared = await secretary().post<CampaignView>(`${url}/campaigns/${campaign.id}/collaborators`, {
      accountId,
      part: 'manage',
    })
    expect(shared.body.collaborators).toMatchObject([{ accountId, part: 'manage' }])
    expect((await act(campaign.id, 'start', shared.body.version, chief())).status).toBe(200)
  })
})
