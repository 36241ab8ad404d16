import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canOpen, dispositionOf, kindOf, metadataOf, nameOfFound, rangeOf, safeName } from './rules.ts'

const bytes = (text: string) => Buffer.from(text.padEnd(64, '\0'), 'latin1')
const ftyp = (brand: string, ...compatible: string[]) => {
  const length = 16 + compatible.length * 4
  return bytes(`\0\0\0${String.fromCharCode(length)}ftyp${brand}\0\0\0\0${compatible.join('')}`)
}

describe('kindOf', () => {
  it.each([
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
    ['RIFF\x10\0\0\0WAVEfmt ', 'audio/wav'],
    ['%PDF-1.7', 'application/pdf'],
    ['#!AMR\n', 'audio/amr'],
    ['ID3\x04', 'audio/mpeg'],
    ['\xff\xfb\x90\x64', 'audio/mpeg'],
    ['\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm', 'video/webm'],
  ])('knows %j', (start, mediaType) => {
    expect(kindOf(bytes(start))?.mediaType).toBe(mediaType)
  })

  it.each([
    [ftyp('heic'), 'image/heic'],
    [ftyp('mif1', 'mif1', 'heic'), 'image/heic'],
    [ftyp('isom', 'avc1'), 'video/mp4'],
    [ftyp('qt  '), 'video/quicktime'],
    [ftyp('3gp5'), 'video/3gpp'],
    [ftyp('M4A '), 'audio/mp4'],
  ])('knows a box file %#', (head, mediaType) => {
    expect(kindOf(head)?.mediaType).toBe(mediaType)
  })

  it.each([
    ['PK\x03\x04', 'zip'],
    ['MZ\x90\0', '程序'],
    ['\x7fELF', '程序'],
    ['<!DOCTYPE html>', '网页'],
    ['  <svg xmlns="…">', '网页'],
    ['GIF89a', 'GIF'],
    ['hello', '不认识'],
    ['', '不认识'],
    ['\xff\xff\xff\xff', '不认识'],
  ])('refuses %j and calls it by its name', (start, word) => {
    expect(kindOf(bytes(start))).toBeUndefined()
    expect(nameOfFound(bytes(start)).foundZh).toContain(word)
  })

  it('does not take an AVIF for a HEIC, and survives any bytes', () => {
    expect(kindOf(ftyp('mif1', 'avif', 'miaf'))).toBeUndefined()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (head) => void kindOf(Buffer.from(head))))
  })
})

describe('names', () => {
  it('keeps what people wrote, not what could harm', () => {
    expect(safeName('井盖 破损.JPG', 'jpg')).toBe('井盖 破损.jpg')
    expect(safeName('../../etc/passwd', 'pdf')).toBe('passwd.pdf')
    expect(safeName('C:\\照片\\楼道.png', 'png')).toBe('楼道.png')
    expect(safeName('a\u202egpj.exe', 'jpg')).toBe('agpj.jpg')
    expect(safeName('\0\r\n', 'jpg', '照片')).toBe('照片.jpg')
    expect(safeName(undefined, 'jpg', '照片')).toBe('照片.jpg')
    expect([...safeName('字'.repeat(500), 'jpg')].length).toBe(84)
  })

  it('cannot break out of the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (proposed) => {
        const header = dispositionOf(safeName(proposed, 'jpg'), 'image/jpeg')
        expect(header).toMatch(/^inline; filename="[\x20-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9%._~-]+$/)
        expect(header.match(/"/g)).toHaveLength(2)
      }),
    )
  })

  it('never opens a PDF in our own page', () => {
    expect(dispositionOf('信.pdf', 'application/pdf')).toMatch(/^attachment/)
  })
})

describe('rangeOf', () => {
  it.each([
    ['bytes=0-9', { from: 0, to: 9 }],
    ['bytes=90-', { from: 90, to: 99 }],
    ['bytes=-10', { from: 90, to: 99 }],
    ['bytes=-500', { from: 0, to: 99 }],
    ['bytes=50-500', { from: 50, to: 99 }],
    ['bytes=100-', null],
    ['bytes=-0', null],
    ['bytes=9-3', undefined],
    ['bytes=0-1,5-6', undefined],
    ['items=0-9', undefined],
    [undefined, undefined],
  ])('%s', (header, expected) => {
    expect(rangeOf(header, 100)).toEqual(expected)
  })

  it('never leaves the file', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.integer({ min: 1, max: 500 }), (from, to, size) => {
        const range = rangeOf(`bytes=${from}-${to}`, size)
        if (range) expect(range.from <= range.to && range.to < size).toBe(true)
      }),
    )
  })
})

describe('pictures', () => {
  it('lets phones through and stops bombs', () => {
    expect(canOpen('jpeg', 16_320, 12_240)).toBe(true)
    expect(canOpen('heif', 8064, 6048)).toBe(true)
    expect(canOpen('png', 50_000, 50_000)).toBe(false)
    expect(canOpen('heif', 12_000, 9000)).toBe(false)
    expect(canOpen('png', 0, 10)).toBe(false)
    expect(canOpen('svg', 10, 10)).toBe(false)
  })

  it('reads the four facts and drops nonsense', () => {
    const tags = {
      DateTimeOriginal: '2026:03:05 14:12:09',
      OffsetTimeOriginal: '+08:00',
      latitude: 30.77,
      longitude: 120.7,
      Make: 'A\0',
      Model: 'B',
    }
    expect(metadataOf(tags)).toEqual({
      takenAt: '2026-03-05T14:12:09+08:00',
      latitude: 30.77,
      longitude: 120.7,
      camera: 'A B',
      software: null,
    })
    expect(metadataOf({ DateTimeOriginal: '0000:00:00 00:00:00', latitude: Number.NaN, longitude: 999 })).toBeNull()
    expect(metadataOf({ latitude: 30 })).toBeNull()
  })
})
