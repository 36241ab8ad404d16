import { useEffect, useState } from 'react'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'

/** Reads Chinese aloud where the phone has a voice; where it has none, there is no button. */
export function Aloud({ text }: { text: readonly string[] }) {
  const t = useText()
  const [speaking, setSpeaking] = useState(false)
  const has = typeof speechSynthesis !== 'undefined' && typeof SpeechSynthesisUtterance !== 'undefined'
  useEffect(() => () => (has ? speechSynthesis.cancel() : undefined), [has])
  if (!has) return null
  const stop = () => {
    speechSynthesis.cancel()
    setSpeaking(false)
  }
  const speak = () => {
    speechSynthesis.cancel()
    setSpeaking(true)
    // Long texts are cut off by some phones: a sentence at a time.
    for (const [i, part] of text.entries()) {
      const said = new SpeechSynthesisUtterance(part)
      said.lang = 'zh-CN'
      said.rate = 0.9
      if (i === text.length - 1) said.addEventListener('end', () => setSpeaking(false))
      speechSynthesis.speak(said)
    }
  }
  return (
    <Button small icon="megaphone" onClick={speaking ? stop : speak} aria-pressed={speaking}>
      {t(speaking ? 'sign.stopAloud' : 'sign.aloud')}
    </Button>
  )
}
