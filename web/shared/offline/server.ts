import type { UploadView } from '../../../src/files/contract.ts'

/** Nobody knows whether it arrived, or the server asks to come again: the same is sent again later. */
export class Unanswered extends Error {
  readonly retryAfterSeconds: number | undefined
  /** True where there is no way to the server at all. */
  readonly offline: boolean

  constructor(offline: boolean, retryAfterSeconds?: number) {
    super('no answer')
    this.offline = offline
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The server has read it and says no, in words for the person. */
export class Declined extends Error {
  readonly status: number
  readonly code: string
  readonly params: Record<string, unknown>

  constructor(status: number, problem: { title?: string; code?: string; params?: Record<string, unknown> }) {
    super(problem.title ?? '')
    this.status = status
    this.code = problem.code ?? ''
    this.params = problem.params ?? {}
  }
}

/** What the outbox needs of a server; the tests have one of their own. */
export interface Server {
  upload(file: { id: string; blob: Blob; name: string; role: string }, headers: Headers): Promise<void>
  send(path: string, request: { key: string; body: unknown; headers: Headers }): Promise<unknown>
}
type Headers = Record<string, string>

/** Up to here a photo goes in one piece; on a bad line larger ones lose little and are seen to move. */
const wholeBytesMax = 512 * 1024
const answerSecondsMax = 60

async function ask(path: string, init: RequestInit): Promise<unknown> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), answerSecondsMax * 1000)
  let status: number
  let text: string
  let after: string | null
  try {
    const response = await fetch(`/api/v1${path}`, { credentials: 'same-origin', ...init, signal: abort.signal })
    status = response.status
    after = response.headers.get('retry-after')
    text = await response.text()
  } catch {
    throw new Unanswered(true)
  } finally {
    clearTimeout(timer)
  }
  if (status >= 500 || status === 429 || status === 408) throw new Unanswered(false, Number(after ?? '') || undefined)
  const answer: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {}
  if (status >= 400) throw new Declined(status, answer as object)
  return answer
}

const bytes = { 'content-type': 'application/octet-stream' }

/** The id is the sender's own: what arrived before is found again and not stored twice. */
export const theServer: Server = {
  async upload({ id, blob, name, role }, headers) {
    const file = { id, name: name.slice(0, 200) || 'photo.jpg', role }
    if (blob.size <= wholeBytesMax) {
      const query = new URLSearchParams(file)
      await ask(`/files?${query}`, { method: 'POST', headers: { ...headers, ...bytes }, body: blob })
      return
    }
    const begin = { ...file, sizeBytes: blob.size }
    let upload = (await ask('/files/uploads', json(begin, headers))) as UploadView
    while (upload.offset < blob.size) {
      const { offset } = upload
      const body = blob.slice(offset, offset + Math.min(wholeBytesMax, upload.chunkBytesMax))
      const type = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) }
      const piece = { method: 'PATCH', headers: { ...headers, ...type }, body }
      upload = (await ask(`/files/uploads/${id}`, piece).catch((error: unknown) => {
        const at = error instanceof Declined && error.code === 'files.wrong_offset' ? error.params['offset'] : undefined
        if (typeof at !== 'number' || at === offset) throw error
        return { ...upload, offset: at }
      })) as UploadView
    }
    await ask(`/files/uploads/${id}/finish`, { method: 'POST', headers })
  },
  send: (path, { key, body, headers }) => ask(path, json(body, { ...headers, 'idempotency-key': key })),
}

const json = (body: unknown, headers: Headers): RequestInit => ({
  method: 'POST',
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
