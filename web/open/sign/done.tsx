import { useEffect } from 'react'
import type { CommitmentCode, Signing } from '../../../src/signing/signer/contract.ts'
import { useText, type TextKey } from '../../shared/i18n/text.ts'
import { useRead, type Loaded } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Icon } from '../../shared/ui/icon.tsx'
import { Shown, Skeleton } from '../../shared/ui/states.tsx'
import { Title } from '../../shared/ui/title.tsx'

const doneTexts: Partial<Record<Signing['state'], TextKey>> = {
  signed: 'sign.doneOthers',
  sealing: 'sign.doneSealing',
  sealed: 'sign.doneSealed',
}
const SEALING_MS = 2000

/** What is left in somebody's hand: the code that a checkpoint scans. */
export function Done({ base, of, signing }: { base: string; of: Signing; signing: Loaded<Signing> }) {
  const t = useText()
  const code = useRead<CommitmentCode>(of.verifyCode === null ? null : `${base}/commitment`)
  const { reload } = signing
  const isSealing = of.state === 'sealing'
  useEffect(() => {
    if (!isSealing) return
    const timer = setInterval(reload, SEALING_MS)
    return () => clearInterval(timer)
  }, [isSealing, reload])
  return (
    <section className="stack sign-done">
      <Title text={t('sign.doneTitle')} />
      <p className="banner banner-good" role="status">
        <Icon name="check" />
        <span>
          <strong>{of.title}</strong>
          <br />
          {t(doneTexts[of.state] ?? 'sign.doneSealing')}
        </span>
      </p>
      {of.verifyCode === null ? (
        <p className="soft">{t('sign.doneOnOther')}</p>
      ) : (
        <Shown of={code} waiting={<Skeleton lines={3} />}>
          {({ code: number, qrSvg }) => (
            <div className="card stack-s sign-code">
              <h2>{t('sign.doneCode')}</h2>
              <img src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(qrSvg)}`} alt={t('sign.qr')} />
              <p className="strong sign-number">{number}</p>
              <p className="faint small">{t('sign.doneCodeLead')}</p>
            </div>
          )}
        </Shown>
      )}
      {of.verifyCode !== null && of.state === 'sealed' && <SealedFile base={base} />}
    </section>
  )
}

function SealedFile({ base }: { base: string }) {
  const t = useText()
  return (
    <Button icon="download" onClick={() => location.assign(`/api/v1${base}/document`)}>
      {t('sign.pdf')}
    </Button>
  )
}
