/** Which characters a TrueType font can print: its cmap, format 12 or 4 (ISO/IEC 14496-22, 5.2.1). */
export function glyphsOf(font: Buffer): (codePoint: number) => boolean {
  const tables = font.readUInt16BE(4)
  for (let i = 0; i < tables; i++) {
    const at = 12 + i * 16
    if (font.toString('latin1', at, at + 4) === 'cmap') return coverage(font, font.readUInt32BE(at + 8))
  }
  throw new Error('a font without cmap')
}

function coverage(font: Buffer, cmap: number): (codePoint: number) => boolean {
  const subtables = Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, i) => {
    const at = cmap + font.readUInt32BE(cmap + 4 + i * 8 + 4)
    return { at, format: font.readUInt16BE(at) }
  })
  const wide = subtables.find(({ format }) => format === 12)
  const ranges = wide ? wideRanges(font, wide.at) : narrowRanges(font, subtables.find(({ format }) => format === 4)!.at)
  return (codePoint) => isInside(ranges, codePoint)
}

type Range = readonly [from: number, to: number]

const wideRanges = (font: Buffer, at: number): Range[] =>
  Array.from({ length: font.readUInt32BE(at + 12) }, (_, i) => {
    const group = at + 16 + i * 12
    return [font.readUInt32BE(group), font.readUInt32BE(group + 4)] as const
  })

function narrowRanges(font: Buffer, at: number): Range[] {
  const segments = font.readUInt16BE(at + 6) / 2
  return Array.from({ length: segments }, (_, i) => {
    const to = font.readUInt16BE(at + 14 + i * 2)
    return [font.readUInt16BE(at + 16 + (segments + i) * 2), to] as const
  }).filter(([from]) => from !== 0xffff)
}

/** Ranges are in order in both formats. */
function isInside(ranges: readonly Range[], codePoint: number): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const [from, to] = ranges[middle]!
    if (codePoint < from) high = middle - 1
    else if (codePoint > to) low = middle + 1
    else return true
  }
  return false
}
