import { expect, test } from 'vitest'
import { MessageReader } from './messages.ts'

test('messages come whole, however the network cuts them', () => {
  const text =
    'retry: 3000\nid: 41\nevent: ready\ndata: {}\n\nid: 42\n: alive\n\nevent: change\ndata: {"a":1,\ndata: "b":2}\n\n'
  for (const size of [1, 7, 1000]) {
    const reader = new MessageReader()
    const messages = []
    for (let at = 0; at < text.length; at += size) messages.push(...reader.take(text.slice(at, at + size)))
    expect(messages).toEqual([
      { id: '41', event: 'ready', data: '{}' },
      { id: '42', event: '', data: '' },
      { id: undefined, event: 'change', data: '{"a":1,\n"b":2}' },
    ])
  }
})
