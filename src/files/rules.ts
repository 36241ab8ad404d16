import type { FileMetadata } from './contract.ts'

/** What the first bytes say a file is. */
export interface Kind {
  mediaType: string
  extension: string
  /** `picture` gets thumbnails; the others are served as they are. */
  family: 'picture' | 'heic' | 'document' | 'sound' | 'video'
}

/** Bytes of the beginning that `kindOf` needs. */
export const headBytes = 64

const kind = (mediaType: string, extension: string, family: Kind['family']): Kind => ({ mediaType, extension, family })
const ascii = (head: Buffer, from: number, to: number) => head.toString('latin1', from, to)

const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'])
const mp4Brands = new Set([
  'isom',
  'iso2',
  'iso3',
  'iso4',
  'iso5',
  'iso6',
  'mp41',
  'mp42',
  'avc1',
  'dash',
  'MSNV',
  'M4V ',
  'M4VH',
  'M4VP',
])

/** The ISO base media brand: the major one, and for the generic `mif1` the compatible ones. */
function kindOfBrand(head: Buffer): Kind | undefined {
  const end = Math.min(head.readUInt32BE(0), head.length)
  const major = ascii(head, 8, 12)
  const brands = [major]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(ascii(head, at, at + 4))
  const generic = major === 'mif1' || major === 'msf1'
  if (heicBrands.has(major) || (generic && brands.some((brand) => heicBrands.has(brand))))
    return kind('image/heic', 'heic', 'heic')
  if (major === 'M4A ' || major === 'M4B ') return kind('audio/mp4', 'm4a', 'sound')
  if (major === 'qt  ') return kind('video/quicktime', 'mov', 'video')
  if (/^3g[pg2]/.test(major)) return kind('video/3gpp', '3gp', 'video')
  return mp4Brands.has(major) ? kind('video/mp4', 'mp4', 'video') : undefined
}

/** An MPEG audio frame header of layer III whose version, bit rate and sample rate are all legal. */
function isMp3Frame(head: Buffer): boolean {
  if (head.length < 4 || head[0] !== 0xff || (head[1]! & 0xe0) !== 0xe0) return false
  const version = (head[1]! >> 3) & 3
  const layer = (head[1]! >> 1) & 3
  const bitRate = head[2]! >> 4
  return version !== 1 && layer === 1 && bitRate !== 0 && bitRate !== 15 && ((head[2]! >> 2) & 3) !== 3
}

/**
 * What a file is, by its first bytes alone.
 *
 * @param head At least the first `headBytes` bytes, or the whole file when it is shorter.
 * @returns undefined when it is none of the kinds that evidence needs.
 * @source ISO/IEC 14496-12 (ftyp), RFC 9649 (WebP), RFC 4867 (AMR), ISO 11172-3 (MPEG audio), RFC 9559 (Matroska).
 */
export function kindOf(head: Buffer): Kind | undefined {
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0xffd8ff) return kind('image/jpeg', 'jpg', 'picture')
  if (ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n') return kind('image/png', 'png', 'picture')
  const riff = ascii(head, 0, 4) === 'RIFF' ? ascii(head, 8, 12) : ''
  if (riff === 'WEBP') return kind('image/webp', 'webp', 'picture')
  if (riff === 'WAVE') return kind('audio/wav', 'wav', 'sound')
  if (ascii(head, 0, 5) === '%PDF-') return kind('application/pdf', 'pdf', 'document')
  if (head.length >= 16 && ascii(head, 4, 8) === 'ftyp') return kindOfBrand(head)
  if (/^#!AMR(-WB)?\n/.test(ascii(head, 0, 9))) return kind('audio/amr', 'amr', 'sound')
  if (ascii(head, 0, 3) === 'ID3' || isMp3Frame(head)) return kind('audio/mpeg', 'mp3', 'sound')
  if (ascii(head, 0, 4) === '\x1aE\xdf\xa3' && ascii(head, 4, 64).includes('webm'))
    return kind('video/webm', 'webm', 'video')
  return undefined
}

const known: [start: string, zh: string, en: string][] = [
  ['PK', '压缩包或 Office 文档（zip）', 'a zip archive or Office document'],
  ['Rar!', '压缩包（rar）', 'a rar archive'],
  ['7z\xbc\xaf', '压缩包（7z）', 'a 7z archive'],
  ['\x1f\x8b', '压缩包（gzip）', 'a gzip archive'],
  ['MZ', '电脑程序', 'a program'],
  ['\x7fELF', '电脑程序', 'a program'],
  ['#!/', '脚本程序', 'a script'],
  ['GIF8', 'GIF 动图', 'a GIF animation'],
  ['BM', 'BMP 图片', 'a BMP picture'],
  ['II*\0', 'TIFF 图片', 'a TIFF picture'],
  ['MM\0*', 'TIFF 图片', 'a TIFF picture'],
  ['\xd0\xcf\x11\xe0', '旧版 Office 文档', 'an old Office document'],
]

/** How to call, in a refusal, what was found instead of an allowed kind. */
export function nameOfFound(head: Buffer): { foundZh: string; foundEn: string } {
  const text = ascii(head, 0, head.length)
  const found = known.find(([start]) => text.startsWith(start))
  if (found) return { foundZh: found[1], foundEn: found[2] }
  if (/^\s*</.test(text.replace(/^\xef\xbb\xbf/, '')))
    return { foundZh: '网页或矢量图（HTML、SVG）', foundEn: 'a web page or vector picture (HTML, SVG)' }
  return { foundZh: '不认识的格式', foundEn: 'of an unknown kind' }
}

/**
 * A file name fit for a list and a download: no path, no control or direction marks, at most 80 characters, the
 * extension that the content has.
 */
export function safeName(proposed: string | undefined, extension: string, fallback = '文件'): string {
  const last = (proposed ?? '').normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}"<>:|?*]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
  const stem = clean
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/^\.+/, '')
    .trim()
  return `${[...(stem || fallback)].slice(0, 80).join('')}.${extension}`
}

/**
 * Content-Disposition that every browser reads: an ASCII name, and the real one as RFC 8187 text.
 *
 * PDF is never opened in our own page's place: it may carry scripts.
 */
export function dispositionOf(name: string, mediaType: string): string {
  const how = mediaType === 'application/pdf' ? 'attachment' : 'inline'
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${how}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

/**
 * The bytes that a Range header asks for.
 *
 * @returns undefined: send it whole (no range, several ranges, or another unit, as RFC 9110 allows);
 *   null: it cannot be satisfied (416). `to` is inclusive.
 * @source RFC 9110 section 14.
 */
export function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { from: number; to: number } | undefined | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const last = sizeBytes - 1
  if (match[1] === '') {
    const length = Number(match[2])
    return length === 0 || sizeBytes === 0 ? null : { from: Math.max(0, sizeBytes - length), to: last }
  }
  const from = Number(match[1])
  const to = match[2] === '' ? last : Math.min(Number(match[2]), last)
  if (match[2] !== '' && Number(match[2]) < from) return undefined
  return from > last ? null : { from, to }
}

/** Most pixels of a picture that we open. JPEG is shrunk while it is read; HEIC is decoded whole, in memory. */
export const pixelsMax = { jpeg: 220_000_000, png: 100_000_000, webp: 100_000_000, heif: 50_000_000 } as const

/** Whether a picture may be opened without eating the machine's memory. */
export function canOpen(format: string, width: number, height: number): boolean {
  const most = pixelsMax[format as keyof typeof pixelsMax]
  return most !== undefined && width > 0 && height > 0 && width * height <= most && width <= 60_000 && height <= 60_000
}

/** EXIF tags as exifr gives them, unrevived. */
export type ExifTags = Record<string, unknown>

const textOf = (value: unknown): string | null => {
  if (typeof value !== 'string') return null
  const clean = value
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 100)
  return clean === '' ? null : clean
}

const within = (value: unknown, most: number): number | null =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most ? Number(value.toFixed(7)) : null

/** `2026:03:05 14:12:09` and an offset, as ISO 8601; null when the camera wrote nonsense. */
function takenAtOf(tags: ExifTags): string | null {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(
    textOf(tags.DateTimeOriginal) ?? textOf(tags.CreateDate) ?? '',
  )
  if (!match) return null
  const offset = /^[+-]\d\d:\d\d$/.exec(textOf(tags.OffsetTimeOriginal) ?? '')?.[0] ?? ''
  const text = `${match[1]}-${match[2]}-${match[3]}T${match[4]}`
  return Number.isNaN(Date.parse(`${text}Z`)) ? null : `${text}${offset}`
}

/** The four facts that matter as evidence; null when the picture carries none of them. */
export function metadataOf(tags: ExifTags): FileMetadata | null {
  const latitude = within(tags.latitude, 90)
  const longitude = within(tags.longitude, 180)
  const placed = latitude !== null && longitude !== null
  const camera = [textOf(tags.Make), textOf(tags.Model)].filter((part) => part !== null).join(' ')
  const metadata = {
    takenAt: takenAtOf(tags),
    longitude: placed ? longitude : null,
    latitude: placed ? latitude : null,
    camera: camera === '' ? null : camera,
    software: textOf(tags.Software),
  }
  return Object.values(metadata).some((value) => value !== null) ? metadata : null
}

/** Unattached files live this long after their last change, in hours. */
export const unattachedHours = 24
/** Most files one person may hold that are not handed in yet, and their bytes together. */
export const unattachedCountMax = 30
export const unattachedBytesMax = 500 * 1024 * 1024
