import { setImmediate as turn } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import sharp from 'sharp'

const compiler = NodeCompiler.create({ workspace: import.meta.dirname })
const document = `${import.meta.dirname}/document.pdf`

export interface PictureJob {
  id: number
  pdf: Uint8Array
  /** From 1. */
  page: number
}
export type PictureAnswer = { id: number; png?: Uint8Array; error?: string }

const DOTS_PER_INCH = 120

/** The page as the file itself has it: what is drawn is the document, not the letter once more. */
async function draw({ pdf, page }: PictureJob): Promise<Uint8Array> {
  compiler.mapShadow(document, Buffer.from(pdf))
  const place = '#set page(width: 595pt, height: 842pt, margin: 0pt)\n'
  const compiled = compiler.compile({
    mainFileContent: `${place}#image("document.pdf", page: ${Math.trunc(page)}, width: 595pt)`,
  })
  if (!compiled.result) throw new Error(JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics ?? []))
  const inner = /base64,([A-Za-z0-9+/=]+)"/.exec(compiler.plainSvg(compiled.result))?.[1]
  if (!inner) throw new Error('the page holds no picture')
  return sharp(Buffer.from(inner, 'base64'), { density: DOTS_PER_INCH }).png({ palette: true, colours: 16 }).toBuffer()
}

parentPort!.on('message', async (job: PictureJob) => {
  const answer: PictureAnswer = await draw(job).then(
    (png) => ({ id: job.id, png }),
    (error: unknown) => ({ id: job.id, error: error instanceof Error ? error.message : String(error) }),
  )
  compiler.unmapShadow(document)
  compiler.evictCache(0)
  await turn()
  parentPort!.postMessage(answer)
})
