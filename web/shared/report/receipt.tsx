import type { ReactNode } from 'react'
import type { Receipt } from '../../../src/loop/contract.ts'
import { useText } from '../i18n/text.ts'
import { DueExplained } from '../matter/deadline.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { say } from '../ui/notice.tsx'
import { FocusedHeading, Title } from '../ui/title.tsx'
import '../matter/matter.css'

interface Shown {
  receipt: Receipt
  /** Whether it is the page's own heading, or stands below one. */
  heads: boolean
  children: ReactNode
}

/** What was acknowledged: the number, the progress code, who has it now and what happens next. */
export function ReceiptCard({ receipt, heads, children }: Shown) {
  const t = useText()
  const code = receipt.progressCode
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`${location.origin}/p/${code}`)
      say(t('receipt.copied'))
    } catch {
      say(t('receipt.copyByHand'), { wrong: true })
    }
  }
  return (
    <section className="receipt">
      <span className="big">
        <Icon name="check" />
      </span>
      {heads ? <Title text={t('receipt.title')} /> : <FocusedHeading text={t('receipt.title')} />}
      <p>{receipt.next}</p>
      <dl className="facts card">
        <dt>{t('matter.number')}</dt>
        <dd className="strong">{receipt.number}</dd>
        <dt>{t('matter.where')}</dt>
        <dd>{receipt.areaName}</dd>
        <dt>{t('receipt.state')}</dt>
        <dd>{receipt.stateName}</dd>
        {receipt.due && (
          <>
            <dt>{t('receipt.due')}</dt>
            <dd>
              <DueExplained due={receipt.due} />
            </dd>
          </>
        )}
      </dl>
      {code && (
        <div className="stack-s">
          <h2>{t('receipt.code')}</h2>
          <p className="progress-code">{code}</p>
          <p className="soft small">{t('receipt.codeHint')}</p>
          <div className="row">
            <ButtonLink href={`/p/${code}`} kind="primary" icon="search">
              {t('receipt.see')}
            </ButtonLink>
            <Button kind="quiet" onClick={() => void copy()}>
              {t('receipt.copy')}
            </Button>
          </div>
        </div>
      )}
      {children}
    </section>
  )
}
