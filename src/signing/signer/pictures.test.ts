import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { Printers } from '../letters/render.ts'
import { sampleLetter } from '../sample.ts'
import { shippedLetters } from '../letters/shipped.ts'
import { pagesIn, pictureOf } from './pictures.ts'

const printers = new Printers(1)
afterAll(() => printers.stop())

test('a page of the document as a picture that a slow line carries', async () => {
  const letter = sampleLetter(shippedLetters()[0]!, 1, new Date('2026-11-21T08:00:00Z'))
  const pdf = await printers.print(letter, new Date('2026-11-21T08:00:00Z'))
  const pages = await pagesIn(pdf)
  const png = await pictureOf(pdf, 1)
  const { width, height, format } = await sharp(png).metadata()
  expect({ pages, format }).toEqual({ pages: 1, format: 'png' })
  expect(height! / width!).toBeCloseTo(842 / 595, 1)
  expect(png.length).toBeLessThan(80_000)
  const { channels } = await sharp(png).stats()
  expect(Math.min(...channels.map(({ min }) => min))).toBeLessThan(80)
  await expect(pictureOf(pdf, 9)).rejects.toThrow()
  // Whoever comes after a page that is not there is served all the same.
  expect((await pictureOf(pdf, 1)).length).toBe(png.length)
})
