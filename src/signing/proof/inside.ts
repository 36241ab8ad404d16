import type { Bytes } from './cms.ts'
import { bytesOf } from './cms.ts'
import { latin } from './pdf.ts'

/*
 * What a letter of ours carries along: its evidence and the revocation lists. Only as much PDF as is needed for that; whatever is
 * written otherwise is simply not found, and nothing that is found is believed before a signature over it was checked.
 */

const OBJECT_CHARACTERS_MAX = 20_000

/** Where an object's own words stand: of its last writing, as a later revision replaces an earlier one. */
function bodyOf(text: string, number: number): number | undefined {
  const begins = new RegExp(String.raw`(?:^|[\r\n])${number} 0 obj\b`, 'g')
  const last = [...text.matchAll(begins)].at(-1)
  return last ? last.index + last[0].length : undefined
}

/** The unpacked bytes of the stream whose dictionary begins at `from`. Undefined where it is none that we can read. */
async function streamAt(pdf: Uint8Array, text: string, from: number): Promise<Bytes | undefined> {
  const words = text.slice(from, from + OBJECT_CHARACTERS_MAX)
  const start = /stream\r?\n/.exec(words)
  const dictionary = start ? words.slice(0, start.index) : ''
  const length = Number(/\/Length (\d+)(?! \d+ R)/.exec(dictionary)?.[1] ?? Number.NaN)
  if (!start || dictionary.includes('endobj') || !Number.isSafeInteger(length)) return undefined
  const at = from + start.index + start[0].length
  const raw = bytesOf(pdf.subarray(at, at + length))
  if (!dictionary.includes('/Filter')) return raw
  if (!/\/Filter\s*\[?\s*\/FlateDecode/.test(dictionary)) return undefined
  const plain = new Blob([raw]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Response(plain).arrayBuffer().then(bytesOf, () => undefined)
}

/** The evidence that was put into the letter before anybody signed. @param end of the revision that the first signature covers. */
export async function evidenceIn(pdf: Uint8Array, end: number): Promise<Record<string, unknown> | null> {
  const first = pdf.subarray(0, end)
  const text = latin(first)
  const at = text.search(/\/Type\s*\/EmbeddedFile\b/)
  if (at < 0) return null
  const bytes = await streamAt(first, text, text.lastIndexOf(' obj', at) + 4)
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Certificates and revocation lists, DER, that the seal covers. */
export async function vouchersIn(pdf: Uint8Array): Promise<{ certificates: Bytes[]; revocationLists: Bytes[] }> {
  const text = latin(pdf)
  const store = /\/DSS (\d+) 0 R(?![\s\S]*\/DSS \d+ 0 R)/.exec(text)?.[1]
  const at = store === undefined ? undefined : bodyOf(text, Number(store))
  const words = at === undefined ? '' : text.slice(at, text.indexOf('endobj', at))
  const streams = async (name: string): Promise<Bytes[]> => {
    const list = new RegExp(String.raw`/${name}\s*\[([\d\sR]*)\]`).exec(words)?.[1] ?? ''
    const places = [...list.matchAll(/(\d+) 0 R/g)].map(([, number]) => bodyOf(text, Number(number)))
    const read = await Promise.all(
      places.map((place) => (place === undefined ? undefined : streamAt(pdf, text, place))),
    )
    return read.filter((one) => one !== undefined)
  }
  return { certificates: await streams('Certs'), revocationLists: await streams('CRLs') }
}
