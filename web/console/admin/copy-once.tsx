import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { say } from '../../shared/ui/notice.tsx'

/** A secret that is shown this once: to be copied and kept elsewhere. */
export function CopyOnce({ secret, why }: { secret: string; why: string }) {
  const t = useText()
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => say(t('receipt.copied')),
      () => say(t('account.copyByHand'), { wrong: true }),
    )
  return (
    <div className="stack-s">
      <p className="soft">{why}</p>
      <p className="progress-code" style={{ fontSize: '1em', overflowWrap: 'anywhere' }}>
        {secret}
      </p>
      <div className="row">
        <Button onClick={() => void copy()}>{t('receipt.copy')}</Button>
      </div>
    </div>
  )
}
