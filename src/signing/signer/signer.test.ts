import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { county, testApp, type TestApp } from '../../../test/support/app.ts'
import { layGround, paths } from '../../../test/support/ground.ts'
import { layEnvelope, somebody, type LaidEnvelope, type Wanted } from '../../../test/support/signing.ts'
import { runRead, runSystem } from '../../kernel/command.ts'
import type { QueuedSms } from '../../kernel/ports.ts'
import { findEnvelope, listEvidence, sealNext } from '../envelopes/index.ts'
import type { FaceChallenge } from '../face/contract.ts'
import { setVerifier } from '../face/index.ts'
import { packFrames, type Frame, type GateMove } from '../face/gate.ts'
import { makePhoneKey, type PhoneKey } from '../pipeline.ts'
import { workshopOf } from '../workshop.ts'
import type { Draft, DrawnPoint, FaceBegun, LetterToRead, Signing } from './contract.ts'

let house: TestApp
const sent: QueuedSms[] = []
beforeAll(async () => {
  house = await testApp()
  await layGround(house)
  house.app.ports.smsQueue = {
    queue: async (_cmd, message) => {
      sent.push(message)
      return { id: 'sms' }
    },
  }
})
afterAll(async () => {
  await workshopOf(house.app.ports).stop()
  await house.close()
})

/** A phone's browser: it keeps the cookie that it was given, and comes from an address of its own. */
class Browser {
  #cookie = ''
  readonly #address: string
  static #next = 1
  constructor() {
    this.#address = `10.9.${Browser.#next++}.7`
  }
  async ask<Answer = Record<string, unknown>>(
    method: 'GET' | 'POST',
    path: string,
    payload?: object,
    key?: string,
  ): Promise<{ status: number; body: Answer; code: string }> {
    const headers = {
      ...(this.#cookie ? { cookie: this.#cookie } : {}),
      ...(key ? { 'idempotency-key': key } : {}),
      'tongxin-county': county,
    }
    const url = `/api/v1/signing/links/${path}`
    const remoteAddress = this.#address
    const answer = await house.http.inject({ method, url, headers, remoteAddress, ...(payload ? { payload } : {}) })
    const given = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    if (given) this.#cookie = given
    const isJson = String(answer.headers['content-type']).includes('json')
    const body = (isJson ? answer.json() : answer.rawPayload) as Answer
    return { status: answer.statusCode, body, code: isJson ? ((answer.json() as { code?: string }).code ?? '') : '' }
  }
  /** The same browser, with staff signed in. */
  async staff(url: string, payload: object, token: string): Promise<{ status: number; body: unknown; code: string }> {
    const headers = { ...(this.#cookie ? { cookie: this.#cookie } : {}), authorization: `Bearer ${token}` }
    const answer = await house.http.inject({ method: 'POST', url, headers, payload, remoteAddress: this.#address })
    const given = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    if (given) this.#cookie = given
    return { status: answer.statusCode, body: answer.json(), code: (answer.json() as { code?: string }).code ?? '' }
  }
  async good<Answer>(method: 'GET' | 'POST', path: string, payload?: object): Promise<Answer> {
    const { status, body } = await this.ask<Answer>(method, path, payload)
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
}

const strokes: DrawnPoint[][] = [Array.from({ length: 12 }, (_, i): DrawnPoint => [0.1 + i * 0.05, 0.5, i * 20, 0.5])]
const lay = (wanted: Wanted = {}): Promise<LaidEnvelope> => layEnvelope(house, wanted)

async function consent(phone: Browser, token: string): Promise<Signing> {
  const { consent: text } = await phone.good<Signing>('GET', token)
  return phone.good<Signing>('POST', `${token}/consent`, { hash: text.hash })
}
async function byCode(phone: Browser, token: string): Promise<Signing> {
  await phone.good('POST', `${token}/code`)
  return phone.good<Signing>('POST', `${token}/code/check`, { code: sent.at(-1)!.params['code']! })
}
async function identified(phone: Browser, token: string): Promise<void> {
  await consent(phone, token)
  await byCode(phone, token)
}
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
async function draft(phone: Browser, token: string, key: PhoneKey, more: object = {}): Promise<Draft> {
  const { hash } = await phone.good<LetterToRead>('GET', `${token}/letter`)
  const body = { hash, answers: { days: 3 }, strokes, typed: '', spki: base64(key.spki), ...more }
  return phone.good<Draft>('POST', `${token}/drafts`, body)
}
async function signature(key: PhoneKey, { sha256, attributes }: Draft): Promise<object> {
  const signed = await key.sign(new Uint8Array(Buffer.from(attributes, 'base64')))
  return { sha256, signature: base64(signed), spki: base64(key.spki) }
}

describe('a letter signed by phone code', () => {
  test('from the link to the sealed document and the checkpoint', async () => {
    const { id, tokens } = await lay()
    const [token] = tokens as [string]
    const phone = new Browser()
    const first = await phone.good<Signing>('GET', token)
    expect(first).toMatchObject({
      state: 'open',
      name: '张**',
      phone: '138****0001',
      identifiedBy: null,
    })
    expect(JSON.stringify(first)).not.toContain(somebody.citizenId)
    await consent(phone, token)
    expect(await byCode(phone, token)).toMatchObject({ identifiedBy: 'phone', name: somebody.name })
    const letter = await phone.good<LetterToRead>('GET', `${token}/letter`)
    expect(letter.asked.map(({ name }) => name)).toEqual(['days'])
    const key = await makePhoneKey()
    const drafted = await draft(phone, token, key)
    const pdf = await phone.good<Buffer>('GET', `${token}/document`)
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-')
    const { createHash } = await import('node:crypto')
    expect(createHash('sha256').update(pdf).digest('hex')).toBe(drafted.sha256)
    const page = await phone.ask<Buffer>('GET', `${token}/pages/1`)
    expect(page.body.subarray(1, 4).toString()).toBe('PNG')
    expect((await phone.ask('GET', `${token}/pages/2`)).code).toBe('kernel.not_found')
    const done = await phone.good<Signing>('POST', `${token}/signature`, await signature(key, drafted))
    expect(done.state).toBe('sealing')
    expect(await sealNext(house.app, county)).toBe(true)
    expect((await phone.good<Signing>('GET', token)).state).toBe('sealed')
    const sealed = await phone.good<Buffer>('GET', `${token}/document`)
    expect(sealed.length).toBeGreaterThan(pdf.length)
    expect((await new Browser().ask('GET', `${token}/document`)).code).toBe('signing.identify_first')
    const shown = await phone.good<{ code: string; qrSvg: string }>('GET', `${token}/commitment`)
    expect(shown.qrSvg).toContain('<svg')
    const checked = await house.http.inject({ url: `/api/v1/signing/commitments/${shown.code}?county=${county}` })
    expect(checked.json()).toEqual({ valid: true, whose: '张**', until: null })
    const kinds = await runSystem(house.app, county, async (cmd) => listEvidence(cmd.tx, county, id))
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'opened',
      'consented',
      'identified',
      'drafted',
      'marked',
      'signed',
      'sealed',
    ])
  })

  test('two taps at once: one signature', async () => {
    const [token] = (await lay()).tokens as [string]
    const phone = new Browser()
    await identified(phone, token)
    const key = await makePhoneKey()
    const body = await signature(key, await draft(phone, token, key))
    const answers = await Promise.all([1, 2].map(() => phone.ask('POST', `${token}/signature`, body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410])
    // The same tap over a line that broke gets the first answer.
    const [other] = (await lay()).tokens as [string]
    await identified(phone, other)
    const again = await signature(key, await draft(phone, other, key))
    const twice = [1, 2].map(() => phone.ask('POST', `${other}/signature`, again, 'key-of-this-tap'))
    expect((await Promise.all(twice)).map(({ status }) => status)).toEqual([200, 200])
    while (await sealNext(house.app, county));
  })
})

describe('what does not get through', () => {
  test('a link that was never given, another county’s, or none', async () => {
    const phone = new Browser()
    expect((await phone.ask('GET', `${county}.${'x'.repeat(24)}`)).code).toBe('signing.link_unknown')
    expect((await phone.ask('GET', `330499.${'x'.repeat(24)}`)).code).toBe('kernel.unknown_county')
    expect((await phone.ask('GET', 'x')).status).toBe(400)
  })

  test('nothing of the letter before this phone has shown who holds it', async () => {
    const [token] = (await lay()).tokens as [string]
    const phone = new Browser()
    for (const path of ['letter', 'document', 'pages/1', 'commitment'])
      expect((await phone.ask('GET', `${token}/${path}`)).code).toBe('signing.identify_first')
    await consent(phone, token)
    expect((await phone.ask('GET', `${token}/letter`)).code).toBe('signing.identify_first')
    const { spki } = await makePhoneKey()
    const body = { hash: '0'.repeat(64), answers: {}, strokes, typed: '', spki: base64(spki) }
    expect((await phone.ask('POST', `${token}/drafts`, body)).code).toBe('signing.identify_first')
  })

  test('the link on another phone begins anew, and takes the first one’s place once it is known', async () => {
    const [token] = (await lay()).tokens as [string]
    const [mine, other] = [new Browser(), new Browser()]
    await identified(mine, token)
    expect((await other.ask('GET', `${token}/letter`)).code).toBe('signing.identify_first')
    expect((await other.good<Signing>('GET', token)).name).toBe('张**')
    const key = await makePhoneKey()
    const drafted = await draft(mine, token, key)
    // What one phone was shown another cannot sign.
    expect((await other.ask('POST', `${token}/signature`, await signature(key, drafted))).code).toBe(
      'signing.identify_first',
    )
    await identified(other, token)
    expect((await mine.ask('GET', `${token}/letter`)).code).toBe('signing.identify_first')
    expect((await mine.ask('POST', `${token}/signature`, await signature(key, drafted))).code).toBe(
      'signing.identify_first',
    )
  })

  test('wrong codes are counted and use the code up', async () => {
    const [token] = (await lay()).tokens as [string]
    const phone = new Browser()
    await consent(phone, token)
    await phone.good('POST', `${token}/code`)
    const right = sent.at(-1)!.params['code']!
    const wrong = right === '111111' ? '222222' : '111111'
    for (let i = 0; i < 5; i++)
      expect((await phone.ask('POST', `${token}/code/check`, { code: wrong })).code).toBe('signing.code_refused')
    expect((await phone.ask('POST', `${token}/code/check`, { code: right })).code).toBe('signing.code_refused')
    expect((await phone.ask('POST', `${token}/code`)).status).toBe(429)
  })

  test('other words than those that are asked, a dot instead of a name, another’s name, a key that is none', async () => {
    const [token] = (await lay()).tokens as [string]
    const phone = new Browser()
    expect((await phone.ask('POST', `${token}/consent`, { hash: 'a'.repeat(64) })).code).toBe('signing.other_words')
    await identified(phone, token)
    const { spki } = await makePhoneKey()
    const { hash } = await phone.good<LetterToRead>('GET', `${token}/letter`)
    const body = { hash, answers: { days: 3 }, strokes, typed: '', spki: base64(spki) }
    const bad: [object, string][] = [
      [{ ...body, hash: 'a'.repeat(64) }, 'signing.document_moved'],
      [{ ...body, strokes: [[[0.5, 0.5, 0, 0.5]]] }, 'signing.no_mark'],
      [{ ...body, strokes: null, typed: '李四' }, 'signing.no_mark'],
      [{ ...body, spki: base64(new Uint8Array(91)) }, 'signing.bad_signature'],
      [{ ...body, answers: { days: '三' } }, 'signing.bad_value'],
    ]
    for (const [payload, code] of bad) expect((await phone.ask('POST', `${token}/drafts`, payload)).code).toBe(code)
    // What was not asked is not taken, and a typed name is as good as a drawn one.
    const more = { days: 3, name: '李四', second: '王五' }
    await phone.good('POST', `${token}/drafts`, { ...body, strokes: null, typed: somebody.name, answers: more })
    expect((await phone.good<Signing>('GET', token)).name).toBe(somebody.name)
  })

  test('a letter that was refused', async () => {
    const [token] = (await lay()).tokens as [string]
    const phone = new Browser()
    await identified(phone, token)
    await phone.good('POST', `${token}/refusal`, { reason: '不需要' })
    const key = await makePhoneKey()
    const body = { sha256: '0'.repeat(64), signature: base64(new Uint8Array(64)), spki: base64(key.spki) }
    expect((await phone.ask('POST', `${token}/signature`, body)).status).toBeGreaterThanOrEqual(400)
  })
})

describe('name and ID number, and a face', () => {
  const ahead = { nose: 0.48, eye: 0.42, roll: 0 }
  const shown: Record<GateMove, Omit<Frame, 'at'>> = {
    left: { ...ahead, nose: 0.64 },
    right: { ...ahead, nose: 0.31 },
    blink: { ...ahead, eye: 0.25 },
  }
  const film = (moves: readonly GateMove[]) => {
    const parts = [
      ...Array.from({ length: 6 }, () => ahead),
      ...moves.flatMap((move) => [shown[move], shown[move], ahead, ahead]),
    ]
    return packFrames(parts.map((frame, i) => ({ at: i * 40, ...frame })))
  }
  const answerOf = ({ nonce, document, moves }: FaceChallenge) => ({ nonce, document, frames: film(moves) })
  async function atFace(phone: Browser, token: string): Promise<FaceChallenge> {
    await identified(phone, token)
    await phone.good('POST', `${token}/person`, { name: somebody.name, citizenId: somebody.citizenId.toLowerCase() })
    return face(phone, token)
  }
  async function face(phone: Browser, token: string): Promise<FaceChallenge> {
    const { faceConsent } = await phone.good<Signing>('GET', token)
    const { challenge } = await phone.good<FaceBegun>('POST', `${token}/face`, { hash: faceConsent.hash })
    return challenge!
  }

  test('somebody who moves as asked is known; their answer sent again is worth nothing', async () => {
    const [token] = (await lay({ identity: 'face' })).tokens as [string]
    const phone = new Browser()
    const challenge = await atFace(phone, token)
    const answer = answerOf(challenge)
    expect(await phone.good<Signing>('POST', `${token}/face/check`, answer)).toMatchObject({ identifiedBy: 'face' })
    expect((await phone.ask('POST', `${token}/face/check`, answer)).code).toBe('signing.face_refused')
    // Nor on another phone, nor for another letter.
    const other = new Browser()
    await atFace(other, token)
    expect((await other.ask('POST', `${token}/face/check`, answer)).code).toBe('signing.face_refused')
    const [second] = (await lay({ identity: 'face' })).tokens as [string]
    await atFace(other, second)
    expect((await other.ask('POST', `${second}/face/check`, answer)).code).toBe('signing.face_refused')
  })

  test('a still, another order, another document; each answer uses its challenge up', async () => {
    const [token] = (await lay({ identity: 'face' })).tokens as [string]
    const phone = new Browser()
    const challenge = await atFace(phone, token)
    const still = packFrames(Array.from({ length: 60 }, (_, i) => ({ at: i * 20, ...ahead })))
    expect((await phone.ask('POST', `${token}/face/check`, { ...answerOf(challenge), frames: still })).code).toBe(
      'signing.face_refused',
    )
    expect((await phone.ask('POST', `${token}/face/check`, answerOf(challenge))).code).toBe('signing.face_refused')
    const next = await face(phone, token)
    const backwards = { ...answerOf(next), frames: film([...next.moves].reverse()) }
    expect((await phone.ask('POST', `${token}/face/check`, backwards)).code).toBe('signing.face_refused')
    const third = await face(phone, token)
    const elsewhere = { ...answerOf(third), document: 'b'.repeat(64) }
    expect((await phone.ask('POST', `${token}/face/check`, elsewhere)).code).toBe('signing.face_refused')
    expect((await phone.good<Signing>('GET', token)).identifiedBy).toBeNull()
  })

  test('another’s number is refused five times a day, then nobody’s is looked at', async () => {
    const [token] = (await lay({ identity: 'registry' })).tokens as [string]
    const phone = new Browser()
    await identified(phone, token)
    const wrong = { name: somebody.name, citizenId: '110105194912310011' }
    for (let i = 0; i < 5; i++)
      expect((await phone.ask('POST', `${token}/person`, wrong)).code).toBe('signing.person_refused')
    const right = { name: somebody.name, citizenId: somebody.citizenId }
    expect((await phone.ask('POST', `${token}/person`, right)).code).toBe('signing.enough_tries')
  })
})

test('under age: a guardian of age signs, and nobody else', async () => {
  const child = { name: '小明', phone: '13857300002', citizenId: '330411201507010012' }
  const { id, tokens } = await lay({ people: [child] })
  const phone = new Browser()
  const { consent: text, minor } = await phone.good<Signing>('GET', tokens[0]!)
  expect(minor).toBe(true)
  const agree = (guardian?: object) =>
    phone.ask('POST', `${tokens[0]!}/consent`, { hash: text.hash, ...(guardian ? { guardian } : {}) })
  expect((await agree()).code).toBe('signing.guardian_needed')
  const guardian = { name: '李建国', citizenId: somebody.citizenId, relation: 'parent' }
  expect((await agree({ ...guardian, citizenId: child.citizenId })).code).toBe('signing.guardian_needed')
  expect((await agree({ ...guardian, name: child.name })).code).toBe('signing.guardian_needed')
  expect((await agree(guardian)).status).toBe(200)
  const nobody = {
    county,
    actor: { kind: 'system', id: null, sessionId: null, label: 'system' },
    grants: [],
    purpose: 'handling',
    requestId: 't',
    locale: 'zh-CN',
  } as const
  const found = await runRead(house.app, nobody, (cmd) => findEnvelope(cmd, id, 1))
  expect(found.signer?.helper).toBe('监护人李**代签')
})

describe('help at the door', () => {
  const grants = [{ action: 'registry.visit', path: paths.village, purpose: 'handling' as const }]
  test('the signer agrees, reads and signs on the helper’s phone, with somebody who sees it', async () => {
    const { id, tokens } = await lay({ identity: 'face', people: [{ ...somebody, name: '张阿婆' }] })
    const helper = house.as({ label: '红联村微网格长', grants })
    const phone = new Browser()
    // The helper's browser has its own mark before.
    await phone.ask('GET', tokens[0]!)
    const begin = (witness: string, token = helper.token) =>
      phone.staff(`/api/v1/signing/envelopes/${id}/helps`, { position: 1, proof: 'idCard', witness }, token)
    expect((await begin('张阿婆')).code).toBe('signing.not_now')
    const begun = await begin('王邻居')
    expect(begun.status).toBe(200)
    const token = (begun.body as { path: string }).path.split('#')[1]!
    // The link is worth nothing on another phone.
    expect((await new Browser().ask('GET', `${token}/letter`)).code).toBe('signing.identify_first')
    expect((await phone.ask('GET', `${token}/letter`)).code).toBe('signing.identify_first')
    expect(await consent(phone, token)).toMatchObject({ identifiedBy: 'door', name: '张阿婆' })
    const key = await makePhoneKey()
    const drafted = await draft(phone, token, key)
    await phone.good('POST', `${token}/signature`, await signature(key, drafted))
    expect(await sealNext(house.app, county)).toBe(true)
    const found = await runSystem(house.app, county, (cmd) => findEnvelope(cmd, id, 1))
    expect(found.signer).toMatchObject({ identifiedBy: 'door', helper: '红联村微网格长，见证人王**' })
    const chain = await runSystem(house.app, county, (cmd) => listEvidence(cmd.tx, county, id))
    expect(chain.map(({ kind }) => kind)).toContain('helped')
  })

  test('nobody helps where they do not visit', async () => {
    const { id } = await lay()
    const elsewhere = house.as({ grants: [{ ...grants[0]!, path: paths.wrong }] })
    const body = { position: 1, proof: 'idCard', witness: '王邻居' }
    expect((await new Browser().staff(`/api/v1/signing/envelopes/${id}/helps`, body, elsewhere.token)).status).toBe(403)
  })

  test('whoever asks for help is heard once a tap, twice a day', async () => {
    const { id, tokens } = await lay()
    const phone = new Browser()
    for (let i = 0; i < 3; i++)
      expect((await phone.good<Signing>('POST', `${tokens[0]!}/help`)).helpAskedAt).not.toBeNull()
    const chain = await runSystem(house.app, county, (cmd) => listEvidence(cmd.tx, county, id))
    expect(chain.filter(({ kind }) => kind === 'help_asked')).toHaveLength(2)
  })
})

test('where a provider compares the face, its own answer counts, once, and nothing that a browser says', async () => {
  let result: 'passed' | 'failed' | 'pending' = 'pending'
  const asked: unknown[] = []
  setVerifier(house.app.ports, {
    name: '样例',
    begin: async (person, { returnUrl }) => {
      asked.push([person, returnUrl])
      return { transaction: 'tx-1', page: 'https://provider.example/' }
    },
    result: async () => result,
  })
  try {
    const [token] = (await lay({ identity: 'face' })).tokens as [string]
    const phone = new Browser()
    await identified(phone, token)
    await phone.good('POST', `${token}/person`, { name: somebody.name, citizenId: somebody.citizenId })
    expect((await phone.ask('POST', `${token}/face/result`)).code).toBe('signing.not_now')
    const { faceConsent } = await phone.good<Signing>('GET', token)
    expect(faceConsent.text.join('')).toContain('样例')
    const begun = await phone.good<FaceBegun>('POST', `${token}/face`, { hash: faceConsent.hash })
    expect(begun).toEqual({ page: 'https://provider.example/' })
    expect(JSON.stringify(asked)).not.toContain(token)
    expect((await phone.ask('POST', `${token}/face/result`)).code).toBe('signing.face_pending')
    result = 'failed'
    expect((await phone.ask('POST', `${token}/face/result`)).code).toBe('signing.face_refused')
    result = 'passed'
    expect((await phone.ask('POST', `${token}/face/result`)).code).toBe('signing.not_now')
    await phone.good('POST', `${token}/face`, { hash: faceConsent.hash })
    expect(await phone.good<Signing>('POST', `${token}/face/result`)).toMatchObject({ identifiedBy: 'face' })
  } finally {
    setVerifier(house.app.ports, null)
  }
})
