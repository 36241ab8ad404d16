import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import type { Letter } from './blocks.ts'
import { readFonts } from './fonts.ts'

const source = readFileSync(new URL('letter.typ', import.meta.url), 'utf8')

const compiler = NodeCompiler.create({
  workspace: import.meta.dirname,
  fontArgs: [{ fontBlobs: readFonts() }],
})

export interface RenderJob {
  id: number
  letter: Letter
  /** Seconds since 1970: the same letter at the same instant gives the same bytes. */
  at: number
}

function render({ letter, at }: RenderJob): Uint8Array {
  const compiled = compiler.compile({ mainFileContent: source, inputs: { data: JSON.stringify(letter) } })
  if (!compiled.result) throw new Error(JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics ?? []))
  return compiler.pdf(compiled.result, { pdfStandard: 'a-3b', pdfTags: false, creationTimestamp: at })
}

parentPort!.on('message', (job: RenderJob) => {
  let answer: { id: number; pdf?: Uint8Array; error?: string }
  try {
    answer = { id: job.id, pdf: render(job) }
  } catch (error) {
    answer = { id: job.id, error: error instanceof Error ? error.message : String(error) }
  }
  // Without both, a page's worth of memory stays behind each time.
  compiler.evictCache(0)
  void turn().then(() => parentPort!.postMessage(answer))
})
