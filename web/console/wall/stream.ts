import { commonHeaders } from '../../shared/api.ts'
import { statedPurpose } from '../../shared/purpose.ts'
import { MessageReader, type StreamMessage } from './messages.ts'

/** How it stands with the stream: refused means that trying again by itself would not help. */
export type StreamState = 'opening' | 'live' | 'lost' | 'refused'

interface Watching {
  area: string
  told(message: StreamMessage): void
  stands(state: StreamState): void
}

const WAIT_MS = [1_000, 2_000, 4_000, 8_000, 15_000]
/** The server says something every 15 seconds; after this long without a word the connection is taken for dead. */
const SILENT_MS = 40_000

/**
 * Listens until stopped, and comes again where it was cut off with what it was told last.
 *
 * Not an EventSource: that could not say for what purpose one looks.
 */
export function watchWall({ area, told, stands }: Watching): () => void {
  const stopping = new AbortController()
  let lastId: string | undefined
  let failures = 0

  const listenOnce = async (): Promise<boolean> => {
    const round = new AbortController()
    const stop = () => round.abort()
    stopping.signal.addEventListener('abort', stop)
    let silence = setTimeout(stop, SILENT_MS)
    try {
      const path = `/wall/events?area=${encodeURIComponent(area)}`
      const resume: Record<string, string> = lastId === undefined ? {} : { 'last-event-id': lastId }
      const headers = { ...commonHeaders(), ...statedPurpose(path), ...resume, accept: 'text/event-stream' }
      const answer = await fetch(`/api/v1${path}`, { credentials: 'same-origin', headers, signal: round.signal })
      if (answer.status >= 400 && answer.status < 500) {
        stands('refused')
        return false
      }
      if (!answer.ok || !answer.body) return true
      stands('live')
      failures = 0
      const pieces = answer.body.getReader()
      const words = new TextDecoder()
      const messages = new MessageReader()
      for (;;) {
        const { done, value } = await pieces.read()
        if (done) return true
        clearTimeout(silence)
        silence = setTimeout(stop, SILENT_MS)
        for (const message of messages.take(words.decode(value, { stream: true }))) {
          if (message.id !== undefined) lastId = message.id
          if (message.event !== '') told(message)
        }
      }
    } finally {
      clearTimeout(silence)
      stopping.signal.removeEventListener('abort', stop)
    }
  }

  const listen = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      stands(failures === 0 ? 'opening' : 'lost')
      const again = await listenOnce().catch(() => true)
      if (!again || stopping.signal.aborted) return
      stands('lost')
      const wait = WAIT_MS[Math.min(failures++, WAIT_MS.length - 1)]
      await new Promise((done) => setTimeout(done, wait))
    }
  }
  void listen()
  return () => stopping.abort()
}
