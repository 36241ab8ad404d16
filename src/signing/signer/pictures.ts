import { Worker } from 'node:worker_threads'
import { PDF } from '@libpdf/core'
import type { PictureAnswer } from './picture-worker.ts'

interface Waiting {
  done: (png: Uint8Array) => void
  failed: (error: Error) => void
}

/** The compiler keeps some 50 MB; it goes when nobody has looked at a document for so long. */
const IDLE_MS = 120_000

let worker: Worker | undefined
let next = 1
let idle: NodeJS.Timeout | undefined
const waiting = new Map<number, Waiting>()

function fail(error: Error): void {
  worker = undefined
  for (const { failed } of waiting.values()) failed(error)
  waiting.clear()
}

function start(): Worker {
  if (worker) return worker
  const made = new Worker(new URL('picture-worker.ts', import.meta.url))
  made.unref()
  made.on('message', ({ id, png, error }: PictureAnswer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (png) asked?.done(png)
    else asked?.failed(new Error(error))
  })
  made.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
  worker = made
  return made
}

/**
 * One page of a PDF as a picture, for phones whose browsers show no PDF.
 *
 * @param page From 1. @throws Error for a page that is not there.
 */
export function pictureOf(pdf: Uint8Array, page: number): Promise<Uint8Array> {
  clearTimeout(idle)
  idle = setTimeout(() => {
    if (waiting.size > 0) return
    void worker?.terminate()
    worker = undefined
  }, IDLE_MS)
  idle.unref()
  return new Promise((done, failed) => {
    const id = next++
    waiting.set(id, { done, failed })
    start().postMessage({ id, pdf, page })
  })
}

export const pagesIn = async (pdf: Uint8Array): Promise<number> => (await PDF.load(pdf)).getPageCount()
