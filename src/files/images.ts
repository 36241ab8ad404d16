import { rm, stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { Fault } from '../kernel/faults.ts'
import type { FileMetadata } from './contract.ts'
import { canOpen, metadataOf, pixelsMax, type Kind } from './rules.ts'
import { scratchPath } from './spool.ts'

const THUMBNAIL_PIXELS = 320
const PREVIEW_PIXELS = 1600
const HEIC_SECONDS_MAX = 60
const STEP_SECONDS_MAX = 30

/** What the header of a picture tells, before a single pixel is decoded. */
export interface Probe {
  width: number
  height: number
  metadata: FileMetadata | null
}

export interface MadeVariant {
  kind: 'thumbnail' | 'preview'
  path: string
  mediaType: string
  width: number
  height: number
}

/** Loaded when the first picture comes: it costs memory that an idle process does not need. */
async function sharpLibrary() {
  const { default: sharp } = await import('sharp')
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}

async function readMetadata(exif: Buffer | undefined): Promise<FileMetadata | null> {
  if (!exif) return null
  const { default: exifr } = await import('exifr')
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif
  const tags: unknown = await exifr
    .parse(tiff, { gps: true, reviveValues: false, translateValues: false })
    .catch(() => null)
  return tags && typeof tags === 'object' ? metadataOf(tags as Record<string, unknown>) : null
}

/**
 * Reads size and EXIF of a picture from its header.
 *
 * @throws files.unreadable when it is none inside, files.too_many_pixels when opening it would be a bomb.
 */
export async function probePicture(path: string, name: string): Promise<Probe> {
  const sharp = await sharpLibrary()
  const header = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new Fault('files.unreadable', { name }, { cause })
    })
  const { width, height } = header.autoOrient
  if (!canOpen(header.format, width, height)) throw new Fault('files.too_many_pixels', { width, height })
  return { width, height, metadata: await readMetadata(header.exif) }
}

/** Decodes HEIC in a thread of its own, which is ended when it takes too long; the main thread goes on answering. */
async function heicToJpeg(from: string, to: string): Promise<void> {
  const worker = new Worker(new URL('./heic-worker.ts', import.meta.url), {
    workerData: { from, to },
    resourceLimits: { maxOldGenerationSizeMb: 768 },
  })
  const timer = setTimeout(() => void worker.terminate(), HEIC_SECONDS_MAX * 1000)
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the HEIC thread ended early')))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

async function shrink(from: string, to: string, kind: MadeVariant['kind']): Promise<MadeVariant> {
  const sharp = await sharpLibrary()
  const most = kind === 'thumbnail' ? THUMBNAIL_PIXELS : PREVIEW_PIXELS
  const picture = sharp(from, { limitInputPixels: pixelsMax.jpeg, failOn: 'error' })
    .timeout({ seconds: STEP_SECONDS_MAX })
    .autoOrient()
    .resize({ width: most, height: most, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
  const encoded = kind === 'thumbnail' ? picture.webp({ quality: 72 }) : picture.jpeg({ quality: 82 })
  const { width, height } = await encoded.toFile(to)
  return { kind, path: to, mediaType: kind === 'thumbnail' ? 'image/webp' : 'image/jpeg', width, height }
}

/**
 * Makes what others see of a picture: upright, at most 320 and 1600 pixels, without EXIF, colour profile or comment.
 *
 * @param use Stores the two files; they are removed afterwards in every case.
 * @throws files.unreadable when the picture cannot be decoded to its end.
 */
export async function withVariants(
  source: { path: string; name: string; family: Kind['family'] },
  folder: string,
  use: (variants: MadeVariant[]) => Promise<void>,
): Promise<void> {
  const jpeg = `${await scratchPath(folder)}.jpg`
  const preview = `${await scratchPath(folder)}.preview`
  const thumbnail = `${await scratchPath(folder)}.thumbnail`
  try {
    let variants: MadeVariant[]
    try {
      const isHeic = source.family === 'heic'
      if (isHeic) await heicToJpeg(source.path, jpeg)
      const large = await shrink(isHeic ? jpeg : source.path, preview, 'preview')
      variants = [large, await shrink(preview, thumbnail, 'thumbnail')]
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code
      if (code === 'ENOSPC' || code === 'EDQUOT') throw new Fault('kernel.storage_full', {}, { cause })
      throw new Fault('files.unreadable', { name: source.name }, { cause })
    }
    await use(variants)
  } finally {
    await Promise.all([jpeg, preview, thumbnail].map((path) => rm(path, { force: true })))
  }
}

export const bytesOf = async (path: string): Promise<number> => (await stat(path)).size
