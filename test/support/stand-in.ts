import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as an outside system sees it: the bytes on the wire, nothing of ours. */
export interface SeenRequest {
  method: string
  path: string
  query: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** `drop` takes the request and cuts the connection without an answer, as a dying gateway does. */
export type Reply = { status?: number; headers?: Record<string, string>; json?: unknown; text?: string } | 'drop'

export interface StandIn {
  url: string
  seen: SeenRequest[]
  close(): Promise<void>
}

/** An HTTP server in place of an outside system, on a free port of the loopback. */
export async function standIn(answer: (request: SeenRequest) => Reply | Promise<Reply>): Promise<StandIn> {
  const seen: SeenRequest[] = []
  const server = createServer((req, res) => {
    const parts: Buffer[] = []
    req.on('data', (part: Buffer) => parts.push(part))
    req.on('end', () => {
      const [path = '/', query = ''] = (req.url ?? '/').split('?', 2)
      const request = { method: req.method ?? '', path, query, headers: req.headers, body: Buffer.concat(parts) }
      seen.push(request)
      void Promise.resolve(answer(request)).then((reply) => {
        if (reply === 'drop') return req.socket.destroy()
        const body = reply.text ?? JSON.stringify(reply.json ?? {})
        res.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
        res.end(body)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
