import { useText } from '../i18n/text.ts'
import { Button } from './button.tsx'

export function More({ more, busy }: { more: (() => void) | undefined; busy: boolean }) {
  const t = useText()
  if (!more) return null
  return (
    <div className="row" style={{ justifyContent: 'center' }}>
      <Button kind="quiet" busy={busy} onClick={more}>
        {t('act.more')}
      </Button>
    </div>
  )
}
