import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { holderId, layGround, middleOf, paths } from '../../test/support/ground.ts'
import { runSystem } from '../kernel/command.ts'
import { settleLedger } from '../ledger/index.ts'
import { checkContent, publishPack, type Assign, type PackContent } from '../packs/index.ts'
import type { Matter, Moved, Receipt } from './contract.ts'
import { sweepCounty } from './index.ts'
import { verifyWritten } from './verify-written.ts'

/** Monday 09:30 in Beijing; the work is planned for that evening. */
const evening = '2026-11-16T22:00'
const morning = '2026-11-17T02:00'
const post: Assign = { to: 'post', role: 'microGridLead', orElse: ['gridWorker'] }
const holder = { by: 'holder', grant: 'loop.accept', assign: { to: 'keep' } } as const
const end = { assign: { to: 'nobody' }, clock: 'stop' } as const
const day = { amount: 1, unit: 'workday' } as const
const isVerified = { differentPersonFrom: 'handler' } as const

/** A planned work that begins by itself at its time, and heard noise that is tied to it while it runs. */
const content: PackContent = {
  definition: {
    name: 'planned',
    title: { zh: '计划', en: 'Plans' },
    lists: [
      { name: 'categories', title: { zh: '类别', en: 'Categories' }, configurable: true, items: [item('one', '一')] },
    ],
    kinds: [
      {
        name: 'work',
        public: true,
        reportForm: 'plan',
        categories: 'categories',
        states: [
          { name: 'announced', tone: 'waiting' },
          { name: 'running', tone: 'running' },
          { name: 'done', tone: 'done', end: true },
        ],
        steps: [
          {
            move: 'plan',
            from: null,
            to: 'announced',
            by: 'reporter',
            grant: null,
            assign: post,
            clock: 'keep',
            form: 'plan',
          },
          {
            move: 'begin',
            from: 'announced',
            to: 'running',
            by: 'system',
            grant: null,
            assign: post,
            clock: 'start',
            due: { amount: 2, unit: 'urgentHour' },
            clockFrom: 'workUntil',
            opens: { at: 'workFrom' },
          },
          {
            ...holder,
            ...end,
            ...isVerified,
            move: 'stopEarly',
            from: 'announced',
            to: 'done',
            guard: 'known.reason == "repair"',
          },
          {
            ...holder,
            ...end,
            ...isVerified,
            move: 'finish',
            from: 'running',
            to: 'done',
            opens: { at: 'workUntil' },
            guard: 'matter.linked < 5',
          },
        ],
      },
      {
        name: 'heard',
        public: true,
        categories: 'categories',
        links: [
          { kind: 'work', states: ['announced', 'running'], withinMetres: 300, from: 'workFrom', until: 'workUntil' },
        ],
        states: [
          { name: 'open', tone: 'waiting' },
          { name: 'answered', tone: 'done', end: true },
        ],
        steps: [
          {
            move: 'report',
            from: null,
            to: 'open',
            by: 'reporter',
            grant: null,
            assign: post,
            clock: 'start',
            due: day,
          },
          { ...holder, ...end, ...isVerified, move: 'answer', from: 'open', to: 'answered' },
        ],
      },
    ],
  },
  forms: {
    plan: {
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['reason', 'workFrom', 'workUntil'],
        properties: {
          reason: { type: 'string', enum: ['repair', 'special'] },
          proof: { type: 'string', maxLength: 40 },
          workFrom: { type: 'string', maxLength: 30, format: 'datetime' },
          workUntil: { type: 'string', maxLength: 30, format: 'datetime' },
        },
      },
      layout: [
        { field: 'reason', widget: 'radio' },
        { field: 'proof', widget: 'text', when: { field: 'reason', is: ['special'] }, needed: true },
        { field: 'workFrom', widget: 'datetime' },
        { field: 'workUntil', widget: 'datetime' },
      ],
      checks: [
        { name: 'order', field: 'workUntil', must: 'timestamp(form.workFrom) < timestamp(form.workUntil)' },
        { name: 'ahead', field: 'workFrom', must: 'timestamp(form.workFrom) > now' },
      ],
    },
  },
  texts: { 'zh-CN': texts('字'), en: texts('word') },
}

function item(code: string, zh: string) {
  return { code, name: { zh, en: code } }
}

function texts(word: string): Record<string, string> {
  const moves = { work: ['plan', 'begin', 'stopEarly', 'finish'], heard: ['report', 'answer'] }
  const states = { work: ['announced', 'running', 'done'], heard: ['open', 'answered'] }
  const keys = (['work', 'heard'] as const).flatMap((kind) => [
    `${kind}.name`,
    ...states[kind].flatMap((name) => [`${kind}.state.${name}`, `${kind}.state.${name}.next`]),
    ...moves[kind].flatMap((name) => [`${kind}.move.${name}`, `${kind}.move.${name}.done`]),
  ])
  const fields = [
    'reason',
    'reason.repair',
    'reason.special',
    'proof',
    'workFrom',
    'workUntil',
    'check.order',
    'check.ahead',
  ]
  const refused = ['work.move.stopEarly.refused', 'work.move.finish.refused']
  return Object.fromEntries(
    [...keys, ...refused, ...fields.map((field) => `form.plan.${field}`)].map((key) => [key, word]),
  )
}

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  await layGround(app)
  await runSystem(app.app, '330411', (cmd) => publishPack(cmd, content, { own: true }))
})
afterAll(() => app.close())

const firm = () => app.as({ kind: 'resident', label: '居民' })
const lead = () => app.as({ id: holderId('microGridLead', paths.right), label: 'microGridLead' })
const plan = { reason: 'repair', workFrom: evening, workUntil: morning }
const send = (kind: string, form?: object, position = middleOf(paths.right)) =>
  firm().post<Receipt>('/api/v1/matters', {
    kind,
    category: 'one',
    text: '夜间抢修',
    position,
    ...(form ? { form } : {}),
  })
const see = async (id: string) => (await lead().get<Matter>(`/api/v1/matters/${id}`)).body
const move = (id: string, name: string, version: number) =>
  lead().post<Moved>(`/api/v1/matters/${id}/moves`, { move: name, version })

it('the pack of this test is sound', () => {
  expect(checkContent(content)).toEqual([])
})

describe('a form that plans', () => {
  it.each([
    ['the end before the beginning', { ...plan, workUntil: '2026-11-16T21:00' }, 'form.workUntil'],
    ['a beginning that is past', { ...plan, workFrom: '2026-11-16T09:00' }, 'form.workFrom'],
    ['a day that does not exist', { ...plan, workFrom: '2026-11-31T22:00' }, 'form.workFrom'],
    ['words instead of a time', { ...plan, workFrom: '今晚' }, 'form.workFrom'],
    ['a special need without its proof', { ...plan, reason: 'special' }, 'form.proof'],
  ])('refuses %s at its field', async (_what, form, path) => {
    const answer = await send('work', form)
    expect(answer.status).toBe(400)
    const { fields } = (answer.body as unknown as { params: { fields: { path: string }[] } }).params
    expect(fields.map((field) => field.path)).toEqual([path])
  })
  it('drops what hangs on another answer, and keeps times as China says them', async () => {
    const answer = await send('work', { ...plan, proof: '不需要的证明', workFrom: '2026-11-16T14:00:00Z' })
    expect(answer.status, answer.text).toBe(201)
    const details = (await see(answer.body.id)).timeline[0]?.details.map(({ value }) => value)
    expect(details).toEqual(['字', '2026-11-16 22:00', '2026-11-17 02:00'])
  })
})

describe('a planned time', () => {
  it('a step by the system is made when it has come, and the clock counts from the planned end', async () => {
    const { id } = (await send('work', plan)).body
    await sweepCounty(app.app, '330411')
    expect((await see(id)).state).toBe('announced')
    app.clock.set('2026-11-16T14:00:30Z')
    await sweepCounty(app.app, '330411')
    const running = await see(id)
    expect([running.state, running.timeline.at(-1)?.by]).toEqual(['running', '系统'])
    expect(running.due?.dueAt).toBe('2026-11-16T20:00:00.000Z')
    expect(running.moves.map((offer) => [offer.move, offer.opensAt])).toEqual([['finish', '2026-11-16T18:00:00.000Z']])
    const early = await move(id, 'finish', running.version)
    expect([early.status, early.body]).toMatchObject([409, { code: 'loop.too_early' }])
    expect(String((early.body as unknown as { title: string }).title)).toContain('明天 02:00')
    app.clock.set('2026-11-16T18:00:00Z')
    expect((await move(id, 'finish', running.version)).status).toBe(200)
    app.clock.set('2026-11-16T01:30:00Z')
  })
  it('a guard may ask what was filled in before', async () => {
    const repair = (await send('work', plan)).body
    expect((await see(repair.id)).moves.map((offer) => offer.move)).toEqual(['stopEarly'])
    const special = (await send('work', { ...plan, reason: 'special', proof: '嘉环夜〔2026〕1号' })).body
    expect((await see(special.id)).moves).toEqual([])
    expect((await move(special.id, 'stopEarly', 1)).body).toMatchObject({ code: 'loop.guard_refused' })
  })
})

describe('a report near planned work', () => {
  it('is tied to it while it runs, once, and both say so; elsewhere and earlier it is not', async () => {
    const { longitude, latitude, accuracyMetres } = middleOf(paths.right)
    const spot = { longitude: longitude + 0.0008, latitude, accuracyMetres }
    const site = (await send('work', plan, spot)).body
    const early = (await send('heard', undefined, spot)).body
    app.clock.set('2026-11-16T15:00:00Z')
    await sweepCounty(app.app, '330411')
    const near = (await send('heard', undefined, spot)).body
    await send('heard', undefined, middleOf(paths.beside))
    await settleLedger(app.app, '330411')
    expect((await see(early.id)).linked).toEqual([])
    expect((await see(near.id)).linked.map(({ number }) => number)).toContain(site.number)
    const page = await see(site.id)
    expect(page.linked.map(({ id }) => id)).toEqual([near.id])
    expect(page.timeline.at(-1)).toMatchObject({ event: 'matter.linked', title: '关联到另一件事项' })
    const written = await verifyWritten(app.db, '330411')
    expect(written.findings).toEqual([])
    app.clock.set('2026-11-16T01:30:00Z')
  })
})
