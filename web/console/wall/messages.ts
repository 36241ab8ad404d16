export interface StreamMessage {
  id: string | undefined
  event: string
  data: string
}

/** Cuts a text/event-stream into messages, however the network cut it into pieces. */
export class MessageReader {
  #held = ''

  take(piece: string): StreamMessage[] {
    const parts = `${this.#held}${piece}`.replaceAll('\r\n', '\n').split('\n\n')
    this.#held = parts.pop() ?? ''
    return parts.map(messageOf)
  }
}

function messageOf(part: string): StreamMessage {
  const message: StreamMessage = { id: undefined, event: '', data: '' }
  const data: string[] = []
  for (const line of part.split('\n')) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const [field, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')]
    if (field === 'id') message.id = value
    else if (field === 'event') message.event = value
    else if (field === 'data') data.push(value)
  }
  message.data = data.join('\n')
  return message
}
