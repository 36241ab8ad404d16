/**
 * Loads Noto Sans SC only where the browser has no Chinese font at all. Such a browser draws every Chinese character
 * as the same empty box, so two different characters that give the same pixels tell it; nothing is downloaded otherwise.
 */
export async function ensureChineseFont(): Promise<void> {
  if (known() || hasChineseFont()) return
  await import('@fontsource-variable/noto-sans-sc/index.css')
}

const storageKey = 'tongxin.chinese-font'

/** A browser that had one keeps it: drawing takes a cheap phone as long as a page. */
function known(): boolean {
  try {
    return localStorage.getItem(storageKey) !== null
  } catch {
    return false
  }
}

function hasChineseFont(): boolean {
  const drawn = ['永', '国'].map(pixelsOf)
  const has = drawn[0] !== drawn[1]
  try {
    if (has) localStorage.setItem(storageKey, '1')
  } catch {
    // Then it is drawn each time.
  }
  return has
}

function pixelsOf(character: string): string {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 24
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) return character
  pen.font = '20px sans-serif'
  pen.fillText(character, 2, 20)
  return pen.getImageData(0, 0, 24, 24).data.join()
}
