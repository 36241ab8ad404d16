import { language, switchLanguage, useText } from '../i18n/text.ts'
import { setElder, useElder } from '../preferences.ts'
import { Icon } from './icon.tsx'

/** Names the other language in that language, so that whoever needs it can read it. */
export function LanguageSwitch() {
  useText()
  const other = language() === 'en' ? 'zh-CN' : 'en'
  return (
    <button
      type="button"
      className="button button-plain button-small"
      lang={other}
      onClick={() => void switchLanguage(other)}
    >
      <Icon name="globe" />
      {other === 'en' ? 'English' : '中文'}
    </button>
  )
}

export function ElderSwitch() {
  const t = useText()
  const on = useElder()
  return (
    <button type="button" className="button button-plain button-small" aria-pressed={on} onClick={() => setElder(!on)}>
      {on ? t('elder.off') : t('elder.on')}
    </button>
  )
}
