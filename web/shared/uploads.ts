import type { FileRole, UploadView } from '../../src/files/contract.ts'
import { commonHeaders, randomKey, Refusal, send } from './api.ts'

/** Small pieces: on a bad line little is lost, and progress is seen to move. */
const pieceBytes = 512 * 1024
const triesMax = 4

export interface Outgoing {
  id: string
  blob: Blob
  name: string
  role: FileRole
}

/**
 * Sends a file piece by piece and picks up where a broken line left off. The file's id is our own, so the whole may be
 * tried again without making a second file.
 */
export async function uploadFile(file: Outgoing, tell: (share: number) => void): Promise<void> {
  let tries = 0
  for (;;) {
    try {
      await uploadOnce(file, tell)
      return
    } catch (error) {
      const lost =
        error instanceof Refusal && (error.status === 0 || error.status >= 500 || error.code === 'files.wrong_offset')
      if (!lost || !navigator.onLine || ++tries >= triesMax) throw error
      await new Promise((resolve) => setTimeout(resolve, 800 * 2 ** tries))
    }
  }
}

/** Beginning again is answered with where it stood, at the end where it had arrived. */
async function uploadOnce({ id, blob, name, role }: Outgoing, tell: (share: number) => void): Promise<void> {
  const body = { id, name: name.slice(0, 200) || 'photo.jpg', sizeBytes: blob.size, role }
  const begun = await send<UploadView>('/files/uploads', { body, key: randomKey() })
  let offset = begun.offset
  tell(offset / blob.size)
  while (offset < blob.size) {
    const piece = blob.slice(offset, offset + Math.min(pieceBytes, begun.chunkBytesMax))
    offset = (await sendPiece(id, offset, piece)).offset
    tell(offset / blob.size)
  }
  await send(`/files/uploads/${id}/finish`, { key: randomKey() })
}

async function sendPiece(id: string, offset: number, piece: Blob): Promise<UploadView> {
  let response: Response
  try {
    response = await fetch(`/api/v1/files/uploads/${id}`, {
      method: 'PATCH',
      credentials: 'same-origin',
      headers: {
        ...commonHeaders(),
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
      },
      body: piece,
    })
  } catch {
    throw new Refusal(0, {})
  }
  const answer: unknown = await response.json().catch(() => ({}))
  if (!response.ok) throw new Refusal(response.status, answer as object)
  return answer as UploadView
}
