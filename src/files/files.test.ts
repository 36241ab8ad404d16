import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { uuidv7 } from '../kernel/ids.ts'
import { ledger } from '../ledger/index.ts'
import { county, testApp, type TestApp, type TestPerson } from '../../test/support/app.ts'
import type { FileView, Opening, UploadView } from './contract.ts'
import { diskStore } from './disk-store.ts'
import { files, preparePictures } from './index.ts'
import { clearLeftovers, prepared } from './jobs.ts'
import { yardGate, yardPath, yards } from './testing.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'tongxin-files-'))
let house: TestApp
let photo: Buffer

async function open(database?: TestApp['database']): Promise<TestApp> {
  return testApp({
    rooms: [ledger, files, yards],
    ports: {
      calendars: { calendarOf: async () => ({}) as never },
      storage: diskStore(join(dataDir, 'files')),
      fileGates: [yardGate],
    },
    settings: { DATA_DIR: dataDir },
    ...(database ? { database } : {}),
  })
}

beforeAll(async () => {
  house = await open()
  photo = await makePhoto()
})
afterAll(async () => {
  await house.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A photo as a phone takes it: place, time, camera, and lying on its side. */
async function makePhoto(hue = 10): Promise<Buffer> {
  const picture = sharp({ create: { width: 2400, height: 1200, channels: 3, background: { r: hue, g: 118, b: 110 } } })
  return picture
    .jpeg({ quality: 80 })
    .withExif({
      IFD0: { Make: '华为', Model: 'Mate', Orientation: '6' },
      IFD2: { DateTimeOriginal: '2026:03:05 14:12:09', OffsetTimeOriginal: '+08:00' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '30/1 46/1 1200/100',
        GPSLongitudeRef: 'E',
        GPSLongitude: '120/1 42/1 600/100',
      },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer()
}

type Person = ReturnType<TestApp['as']>
const resident = (more: TestPerson = {}, at = house): Person => at.as({ kind: 'resident', ...more })
const reader = (path = yardPath) => house.as({ grants: [{ action: 'loop.read', path }] })

async function raw(
  person: Person,
  method: 'GET' | 'POST' | 'PATCH' | 'HEAD',
  url: string,
  payload?: Buffer | Readable,
  headers = {},
  at = house,
) {
  const own = {
    authorization: `Bearer ${person.token}`,
    ...(payload ? { 'content-type': 'application/octet-stream' } : {}),
  }
  const answer = await at.http.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...own, ...headers },
    ...(payload ? { payload } : {}),
  })
  const isJson = String(answer.headers['content-type']).includes('json') && answer.rawPayload.length > 0
  const body = (isJson ? answer.json() : null) as unknown
  return { status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload, body }
}

const upload = (person: Person, bytes: Buffer | Readable, query: Record<string, string> = {}) =>
  raw(person, 'POST', `/files?${new URLSearchParams(query)}`, bytes)
const viewOf = (answer: { body: unknown }) => answer.body as FileView
const faultOf = (answer: { body: unknown }) =>
  answer.body as { code: string; title: string; params: Record<string, unknown> }
const attach = (person: Person, ids: string[], yard = uuidv7()) =>
  person.post<FileView[]>(`/api/v1/yards/${yard}/files`, { files: ids.map((id) => ({ id, role: 'before' })) })

async function uploaded(
  person: Person,
  bytes: Buffer,
  query: Record<string, string> = { name: '井盖.jpg' },
): Promise<FileView> {
  const answer = await upload(person, bytes, query)
  expect(answer.status, answer.bytes.toString()).toBe(201)
  await prepared(house.app)
  return viewOf(answer)
}

/** Everything that lies in the files' folder, once nothing is being prepared. */
async function objects(): Promise<string[]> {
  await prepared(house.app)
  const entries = readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(dataDir.length + 7)] : [],
  )
}
const rowsOf = async (sql: string) =>
  house.db
    .transaction(county, async (tx) => (await import('kysely')).sql.raw<Record<string, unknown>>(sql).execute(tx))
    .then((answer) => answer.rows)

describe('a photo', () => {
  it('is taken in unchanged and shown without what it would give away', async () => {
    const person = resident()
    const first = await upload(person, photo, { name: '井盖.jpg', role: 'before' })
    expect(viewOf(first)).toMatchObject({
      state: 'processing',
      mediaType: 'image/jpeg',
      width: 1200,
      height: 2400,
      hasMetadata: true,
      hasPicture: false,
    })
    expect(viewOf(first).sha256).toBe(createHash('sha256').update(photo).digest('hex'))
    const { id } = viewOf(first)
    await prepared(house.app)
    expect(viewOf(await raw(person, 'GET', `/files/${id}`))).toMatchObject({ state: 'ready', hasPicture: true })
    for (const [what, type, most] of [
      ['thumbnail', 'image/webp', 320],
      ['content', 'image/jpeg', 1600],
    ] as const) {
      const shown = await raw(person, 'GET', `/files/${id}/${what}`)
      expect(shown.headers).toMatchObject({
        'content-type': type,
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
      })
      const header = await sharp(shown.bytes).metadata()
      expect([header.height, header.width]).toEqual([most, most / 2])
      expect(header.exif).toBeUndefined()
      expect(shown.bytes.includes('Mate')).toBe(false)
    }
    expect(
      await rowsOf(`select encode(sealed_metadata, 'escape') like '%Mate%' as plain from file where id = '${id}'`),
    ).toEqual([{ plain: false }])
  })

  it('is answered by range and by tag, and its name cannot break the header', async () => {
    const person = resident()
    const { id } = await uploaded(person, photo, { name: '"; evil="楼道.jpg' })
    const whole = await raw(person, 'GET', `/files/${id}/content`)
    expect(whole.headers['content-disposition']).toMatch(
      /^inline; filename="[^"]*"; filename\*=UTF-8''%3B%20evil%3D%E6%A5%BC%E9%81%93\.jpg$/,
    )
    const part = await raw(person, 'GET', `/files/${id}/content`, undefined, { range: 'bytes=10-19' })
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 10-19/${whole.bytes.length}`])
    expect(part.bytes.equals(whole.bytes.subarray(10, 20))).toBe(true)
    const beyond = await raw(person, 'GET', `/files/${id}/content`, undefined, {
      range: `bytes=${whole.bytes.length}-`,
    })
    expect([beyond.status, faultOf(beyond).code]).toEqual([416, 'files.bad_range'])
    const again = await raw(person, 'GET', `/files/${id}/content`, undefined, {
      'if-none-match': String(whole.headers.etag),
    })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
    const head = await raw(person, 'HEAD', `/files/${id}/content`)
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([
      200,
      String(whole.bytes.length),
      0,
    ])
  })

  it('from an iPhone (HEIC) becomes a JPEG that everybody can see', async () => {
    const person = resident()
    const heic = readFileSync(new URL('./fixtures/photo.heic', import.meta.url))
    const file = await uploaded(person, heic, { name: 'IMG_0001.HEIC' })
    expect(file).toMatchObject({
      mediaType: 'image/heic',
      name: 'IMG_0001.heic',
      hasMetadata: true,
      width: 480,
      height: 320,
    })
    const shown = await raw(person, 'GET', `/files/${file.id}/content`)
    expect([shown.status, shown.headers['content-type']]).toEqual([200, 'image/jpeg'])
    const { data } = await sharp(shown.bytes)
      .extract({ left: 100, top: 90, width: 1, height: 1 })
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(data[0]! > 180 && data[1]! < 90).toBe(true)
  })

  it('of 30 MB is taken in', async () => {
    const noise = await sharp(randomBytes(3300 * 3100 * 3), { raw: { width: 3300, height: 3100, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer()
    expect(noise.length).toBeGreaterThan(30_000_000)
    const file = await uploaded(resident(), noise, { name: '大.png' })
    expect(file.sizeBytes).toBe(noise.length)
  })

  it('comes as a form, too', async () => {
    const form = new FormData()
    form.append('file', new Blob([photo as BlobPart]), '楼道 堆物.jpg')
    const request = new Request('http://x', { method: 'POST', body: form })
    const type = { 'content-type': request.headers.get('content-type') ?? '' }
    const answer = await raw(resident(), 'POST', '/files?role=after', Buffer.from(await request.arrayBuffer()), type)
    expect(viewOf(answer)).toMatchObject({ name: '楼道 堆物.jpg', role: 'after', sizeBytes: photo.length })
  })
})

describe('what cannot be taken', () => {
  const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\0', 'latin1'), randomBytes(5000)])
  const bomb = () =>
    sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
  const cut = () => photo.subarray(0, 700)

  it.each([
    ['a zip called .jpg', async () => zip, 415, 'files.kind_not_allowed', /“照片.jpg”其实是压缩包/],
    ['a web page', async () => Buffer.from('<html><script>alert(1)</script>'), 415, 'files.kind_not_allowed', /网页/],
    ['nothing', async () => Buffer.alloc(0), 400, 'files.empty', /空文件/],
    ['a decompression bomb', bomb, 413, 'files.too_many_pixels', /16000×16000/],
    ['half a header', async () => cut().subarray(0, 40), 415, 'files.unreadable', /没有传完整/],
  ])('%s', async (_name, make, status, code, sentence) => {
    const before = await objects()
    const answer = await upload(resident(), await make(), { name: '照片.jpg' })
    expect([answer.status, faultOf(answer).code]).toEqual([status, code])
    expect(faultOf(answer).title).toMatch(sentence)
    expect(await objects()).toEqual(before)
  })

  it('more than 50 MB, by its stated length or on the way', async () => {
    const before = await objects()
    const stated = await raw(resident(), 'POST', '/files', Readable.from([photo]), {
      'content-length': String(60 * 1024 * 1024),
    })
    const onTheWay = Readable.from(
      (function* () {
        yield photo
        for (let index = 0; index < 52; index++) yield Buffer.alloc(1024 * 1024)
      })(),
    )
    for (const answer of [stated, await upload(resident(), onTheWay)]) {
      expect([answer.status, faultOf(answer).code]).toEqual([413, 'files.too_large'])
      expect(faultOf(answer).title).toContain('最多 50 MB')
    }
    expect(await objects()).toEqual(before)
  })

  it('a photo that is cut off: refused when it is prepared, and it cannot be attached', async () => {
    const person = resident()
    const noisy = await sharp(randomBytes(900 * 900 * 3), { raw: { width: 900, height: 900, channels: 3 } })
      .jpeg()
      .toBuffer()
    const { id } = await uploaded(person, noisy.subarray(0, noisy.length / 2))
    expect(viewOf(await raw(person, 'GET', `/files/${id}`))).toMatchObject({
      state: 'refused',
      refusal: 'files.unreadable',
      hasPicture: false,
    })
    expect((await attach(person, [id])).body).toMatchObject({ code: 'files.refused' })
  })

  it('a file whose hash the sender knows better', async () => {
    const answer = await upload(resident(), photo, { sha256: 'a'.repeat(64) })
    expect([answer.status, faultOf(answer).code]).toEqual([422, 'files.lost_on_the_way'])
  })

  it('speaks English where asked, and refuses JSON and nobody', async () => {
    const english = await raw(resident(), 'POST', '/files?name=a.jpg', zip, { 'accept-language': 'en' })
    expect(faultOf(english).title).toContain('is really a zip archive')
    expect((await resident().post('/api/v1/files', { a: 1 })).body).toMatchObject({ code: 'kernel.unsupported_media' })
    expect((await house.nobody.post('/api/v1/files', {})).status).toBe(401)
  })

  it('too much that is never handed in', async () => {
    const person = resident()
    const audio = Buffer.concat([Buffer.from('#!AMR\n'), randomBytes(100)])
    const answers = await Promise.all(Array.from({ length: 30 }, () => upload(person, audio)))
    expect(answers.every((answer) => answer.status === 201)).toBe(true)
    expect(faultOf(await upload(person, audio))).toMatchObject({ code: 'files.too_many' })
  })
})

describe('a repeat', () => {
  it('with the same id does nothing twice, be it later or at once', async () => {
    const person = resident()
    const id = uuidv7()
    const answers = await Promise.all([1, 2, 3].map(() => upload(person, photo, { id, name: 'a.jpg' })))
    expect(answers.map((answer) => [answer.status, viewOf(answer).id])).toEqual([
      [201, id],
      [201, id],
      [201, id],
    ])
    expect(viewOf(await upload(person, photo, { id })).createdAt).toBe(viewOf(answers[0]!).createdAt)
    expect(await rowsOf(`select count(*) as rows from file where id = '${id}'`)).toEqual([{ rows: 1 }])
    expect(faultOf(await upload(person, photo, { id, sha256: 'b'.repeat(64) })).code).toBe(
      'kernel.idempotency_conflict',
    )
    expect(faultOf(await upload(resident(), photo, { id })).code).toBe('kernel.conflict')
  })
})

describe('a resumable upload', () => {
  const begin = async (person: Person, bytes: Buffer, more = {}) =>
    (await person.post<UploadView>('/api/v1/files/uploads', { name: '视频.jpg', sizeBytes: bytes.length, ...more }))
      .body
  const piece = (person: Person, id: string, offset: number, bytes: Buffer | Readable, at = house) =>
    raw(
      person,
      'PATCH',
      `/files/uploads/${id}`,
      bytes,
      { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      at,
    )

  it('goes on after a lost line and after a restart, and ends as one file', async () => {
    const ownerId = uuidv7()
    const person = resident({ id: ownerId })
    const bytes = await makePhoto(99)
    const half = Math.floor(bytes.length / 2)
    const begun = await begin(person, bytes, {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      role: 'evidence',
    })
    const broken = Readable.from(
      (async function* () {
        yield bytes.subarray(0, half)
        throw new Error('line lost')
      })(),
    )
    await piece(person, begun.id, 0, broken).catch(() => {})
    await expect
      .poll(async () => (await person.get<UploadView>(`/api/v1/files/uploads/${begun.id}`)).body.offset)
      .toBe(half)
    const wrong = await piece(person, begun.id, 0, bytes)
    expect([wrong.status, faultOf(wrong).params]).toEqual([409, { offset: half }])
    expect(faultOf(await raw(person, 'POST', `/files/uploads/${begun.id}/finish`)).code).toBe('files.upload_incomplete')

    const restarted = await open(house.database)
    try {
      const back = resident({ id: ownerId }, restarted)
      const head = await raw(back, 'HEAD', `/files/uploads/${begun.id}`, undefined, {}, restarted)
      expect(head.headers['upload-offset']).toBe(String(half))
      const rest = await piece(back, begun.id, half, bytes.subarray(half), restarted)
      expect(rest.body).toMatchObject({ offset: bytes.length })
      const finished = await raw(back, 'POST', `/files/uploads/${begun.id}/finish`, undefined, {}, restarted)
      expect(viewOf(finished)).toMatchObject({
        id: begun.id,
        sizeBytes: bytes.length,
        role: 'evidence',
        mediaType: 'image/jpeg',
      })
      const repeated = await raw(back, 'POST', `/files/uploads/${begun.id}/finish`, undefined, {}, restarted)
      expect(viewOf(repeated).id).toBe(begun.id)
      await prepared(restarted.app)
    } finally {
      await restarted.close()
    }
    expect((await objects()).filter((name) => name.includes('upload'))).toEqual([])
  })

  it('takes one of two pieces that come at once', async () => {
    const person = resident()
    const { id } = await begin(person, photo)
    const answers = await Promise.all([
      piece(person, id, 0, photo.subarray(0, 500)),
      piece(person, id, 0, photo.subarray(0, 800)),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    const loser = answers.find((answer) => answer.status === 409)!
    const winner = answers.find((answer) => answer.status === 200)!
    expect(faultOf(loser).params.offset).toBe((winner.body as UploadView).offset)
    expect((await objects()).filter((name) => name.includes(id))).toHaveLength(1)
    expect((await person.ask('DELETE', `/api/v1/files/uploads/${id}`)).status).toBe(204)
    expect((await objects()).filter((name) => name.includes(id))).toEqual([])
  })

  it('is nobody else’s, takes no more than it said, and expires', async () => {
    const person = resident()
    const begun = await begin(person, photo)
    expect(await begin(person, photo, { id: begun.id })).toEqual(begun)
    expect((await piece(resident(), begun.id, 0, photo)).status).toBe(404)
    expect((await resident().get(`/api/v1/files/uploads/${begun.id}`)).status).toBe(404)
    expect((await piece(person, begun.id, 0, Buffer.concat([photo, photo]))).status).toBe(413)
    await piece(person, begun.id, 0, photo.subarray(0, 300))
    house.clock.advance(25 * 3_600_000)
    expect((await person.get(`/api/v1/files/uploads/${begun.id}`)).status).toBe(404)
    await clearLeftovers(house.app)
    expect((await objects()).filter((name) => name.includes(begun.id))).toEqual([])
    expect(await rowsOf(`select id from file_upload where id = '${begun.id}'`)).toEqual([])
  })

  it('of a zip is refused at the end', async () => {
    const person = resident()
    const zip = Buffer.from('PK\x03\x04 and so on')
    const { id } = await begin(person, zip)
    await piece(person, id, 0, zip)
    expect(faultOf(await raw(person, 'POST', `/files/uploads/${id}/finish`)).code).toBe('files.kind_not_allowed')
  })
})

describe('who sees a file', () => {
  it('its owner until it is attached, then whoever may see its subject', async () => {
    const owner = resident()
    const { id } = await uploaded(owner, photo)
    for (const what of ['', '/thumbnail', '/content']) {
      expect((await raw(resident(), 'GET', `/files/${id}${what}`)).status).toBe(404)
      expect((await raw(reader(), 'GET', `/files/${id}${what}`)).status).toBe(404)
    }
    expect((await attach(resident(), [id])).body).toMatchObject({ code: 'kernel.not_found' })
    const yard = uuidv7()
    expect((await attach(owner, [id], yard)).body).toMatchObject([{ id, role: 'before', state: 'ready' }])
    expect((await attach(owner, [id], yard)).body).toHaveLength(1)
    expect((await attach(owner, [id])).body).toMatchObject({ code: 'files.already_attached' })
    for (const what of ['', '/thumbnail', '/content']) {
      expect((await raw(reader(), 'GET', `/files/${id}${what}`)).status).toBe(200)
      expect((await raw(reader('330411/330411999'), 'GET', `/files/${id}${what}`)).status).toBe(403)
      const elsewise = house.as({ grants: [{ action: 'loop.read', path: yardPath, purpose: 'statistics' }] })
      expect(faultOf(await raw(elsewise, 'GET', `/files/${id}${what}`)).code).toBe('kernel.wrong_purpose')
      expect((await house.nobody.get(`/api/v1/files/${id}${what}`)).status).toBe(401)
    }
    expect((await owner.ask('DELETE', `/api/v1/files/${id}`)).body).toMatchObject({ code: 'files.already_attached' })
    const entries = await rowsOf(`select event from ledger_entry where subject_id = '${id}'`)
    expect(entries).toEqual([{ event: 'file.attached' }])
  })

  it('the original, EXIF and all, only for supervision, with a reason, for one person and a while', async () => {
    const owner = resident()
    const { id } = await uploaded(owner, photo)
    await attach(owner, [id])
    const grant = (purpose: 'supervision' | 'handling', path = yardPath) =>
      house.as({ grants: [{ action: 'loop.supervise', path, purpose }] })
    const supervisor = grant('supervision')
    const why = { reason: '核对拍摄时间和地点' }
    expect((await reader().post(`/api/v1/files/${id}/openings`, why)).body).toMatchObject({ code: 'kernel.forbidden' })
    expect((await grant('handling').post(`/api/v1/files/${id}/openings`, why)).body).toMatchObject({
      code: 'kernel.wrong_purpose',
    })
    expect(
      (await grant('supervision', '330411/330411999').post(`/api/v1/files/${id}/openings`, why)).body,
    ).toMatchObject({ code: 'kernel.forbidden' })
    expect((await supervisor.post(`/api/v1/files/${id}/openings`, {})).status).toBe(400)
    const { body: opening } = await supervisor.post<Opening>(`/api/v1/files/${id}/openings`, why)
    expect(opening.metadata).toEqual({
      takenAt: '2026-03-05T14:12:09+08:00',
      latitude: 30.77,
      longitude: 120.7016667,
      camera: expect.stringContaining('Mate'),
      software: null,
    })
    const url = `/files/${id}/original?opening=${opening.opening}`
    const original = await raw(supervisor, 'GET', url)
    expect(original.bytes.equals(photo)).toBe(true)
    expect((await raw(grant('supervision'), 'GET', url)).status).toBe(403)
    expect((await raw(reader(), 'GET', url)).status).toBe(403)
    house.clock.advance(11 * 60_000)
    expect(faultOf(await raw(supervisor, 'GET', url)).code).toBe('files.opening_expired')
    expect(
      await rowsOf(
        `select e.event, o.reason from ledger_entry e join file_opening o on o.id = e.subject_id where o.file_id = '${id}'`,
      ),
    ).toEqual([{ event: 'file.original_opened', reason: why.reason }])
  })

  it('nobody can edit or delete who looked', async () => {
    for (const statement of [`update file_opening set reason = 'x'`, 'delete from file_opening']) {
      await expect(rowsOf(statement)).rejects.toMatchObject({ code: '42501' })
    }
  })
})

test('a video is shown without place and device, byte for byte the same recording', async () => {
  const box = (type: string, ...content: Buffer[]) => {
    const body = Buffer.concat(content)
    const header = Buffer.alloc(8)
    header.writeUInt32BE(body.length + 8, 0)
    header.write(type, 4, 'latin1')
    return Buffer.concat([header, body])
  }
  const place = Buffer.from('+30.7700+120.7017/ Mate')
  const media = randomBytes(200_000)
  const movie = [
    box('ftyp', Buffer.from('isom\0\0\0\x01isommp41', 'latin1')),
    box(
      'moov',
      box('mvhd', Buffer.alloc(100)),
      box('trak', box('udta', place), box('mdia', Buffer.from('meta inside stays'))),
      box('udta', box('\xa9xyz', place)),
    ),
    box('uuid', place),
    box('mdat', media),
  ]
  const bytes = Buffer.concat(movie)
  const person = resident()
  const { id } = await uploaded(person, bytes, { name: '现场.mp4' })
  const shown = await raw(person, 'GET', `/files/${id}/content`)
  expect(shown.headers['content-type']).toBe('video/mp4')
  expect(shown.bytes.length).toBe(bytes.length)
  expect([
    shown.bytes.includes('30.77'),
    shown.bytes.includes('Mate'),
    shown.bytes.includes('meta inside stays'),
  ]).toEqual([false, false, true])
  expect(shown.bytes.subarray(-200_000).equals(media)).toBe(true)
  expect(faultOf(await raw(person, 'GET', `/files/${id}/thumbnail`)).code).toBe('files.no_picture')
})

describe('trouble', () => {
  it('a process that dies while it prepares: another one does it later', async () => {
    const person = resident()
    const { id } = viewOf(await upload(person, photo))
    await prepared(house.app)
    await rowsOf(
      `update file set state = 'processing', claimed_until = '${new Date(house.clock.now().getTime() + 60_000).toISOString()}' where id = '${id}'`,
    )
    await preparePictures(house.app)
    expect(viewOf(await raw(person, 'GET', `/files/${id}`)).state).toBe('processing')
    expect(faultOf(await raw(person, 'GET', `/files/${id}/content`)).code).toBe('files.not_ready')
    house.clock.advance(61_000)
    await preparePictures(house.app)
    expect(viewOf(await raw(person, 'GET', `/files/${id}`)).state).toBe('ready')
  })

  it('a file that killed its worker three times is refused', async () => {
    const person = resident()
    const { id } = await uploaded(person, photo)
    await rowsOf(`update file set state = 'processing', attempts = 3 where id = '${id}'`)
    await preparePictures(house.app)
    expect(viewOf(await raw(person, 'GET', `/files/${id}`))).toMatchObject({
      state: 'refused',
      refusal: 'files.unreadable',
    })
  })

  it('a full store: refused as such, and nothing is left in the table', async () => {
    const { storage } = house.app.ports
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' })
    house.app.ports.storage = {
      ...storage,
      head: async () => undefined,
      put: async (key, body) => {
        const failing = Readable.from(
          (async function* () {
            for await (const chunk of body) yield chunk
            throw full
          })(),
        )
        return storage.put(key, failing)
      },
    }
    try {
      const person = resident()
      const answer = await upload(person, await makePhoto(200))
      expect([answer.status, faultOf(answer).code]).toEqual([507, 'kernel.storage_full'])
      expect(await rowsOf(`select id from file where owner_id = '${person.id}'`)).toEqual([])
    } finally {
      house.app.ports.storage = storage
    }
  })

  it('sweeps what was never handed in after a day, and only that', async () => {
    const person = resident()
    const kept = await uploaded(person, await makePhoto(150))
    const dropped = await uploaded(person, await makePhoto(160))
    const withdrawn = await uploaded(person, await makePhoto(170))
    await attach(person, [kept.id])
    expect((await person.ask('DELETE', `/api/v1/files/${withdrawn.id}`)).status).toBe(204)
    expect((await person.ask('DELETE', `/api/v1/files/${withdrawn.id}`)).status).toBe(204)
    house.clock.advance(25 * 3_600_000)
    await clearLeftovers(house.app)
    expect((await raw(person, 'GET', `/files/${dropped.id}`)).status).toBe(404)
    house.clock.advance(25 * 3_600_000)
    await clearLeftovers(house.app)
    const names = (await objects()).join('\n')
    expect([kept, dropped, withdrawn].map((file) => names.includes(file.sha256))).toEqual([true, false, false])
    const again = await uploaded(person, await makePhoto(160))
    expect((await raw(person, 'GET', `/files/${again.id}/content`)).status).toBe(200)
  })
})
