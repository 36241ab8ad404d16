import { readFile, writeFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import convert from 'heic-convert'

const { from, to } = workerData as { from: string; to: string }
const jpeg = await convert({ buffer: await readFile(from), format: 'JPEG', quality: 0.92 })
await writeFile(to, new Uint8Array(jpeg))
parentPort?.postMessage('done')
