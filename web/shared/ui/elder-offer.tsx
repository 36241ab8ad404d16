import { useText } from '../i18n/text.ts'
import { setElder, useElderUnasked } from '../preferences.ts'
import { Button } from './button.tsx'

/** Asked once on a device, at the first visit: those who need large type do not look for a switch. */
export function ElderOffer() {
  const t = useText()
  if (!useElderUnasked()) return null
  return (
    <aside className="elder-offer no-print" aria-label={t('elder.mode')}>
      <span className="grow">{t('elderOffer.ask')}</span>
      <Button kind="primary" onClick={() => setElder(true)}>
        {t('elderOffer.yes')}
      </Button>
      <Button kind="plain" onClick={() => setElder(false)}>
        {t('elderOffer.no')}
      </Button>
    </aside>
  )
}
