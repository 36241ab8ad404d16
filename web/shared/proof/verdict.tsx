import type { Verdict } from '../../../src/ledger/verify-proof.ts'
import { language, useText } from '../i18n/text.ts'
import { Icon } from '../ui/icon.tsx'

/** What the checks of a proof gave, each in a sentence, and the leaf's content. */
export function VerdictCard({ verdict }: { verdict: Verdict | 'unreadable' }) {
  const t = useText()
  if (verdict === 'unreadable') {
    return (
      <p className="banner banner-wrong" role="alert">
        <Icon name="warning" />
        {t('verify.unreadable')}
      </p>
    )
  }
  return (
    <section className="card stack">
      <p className={verdict.holds ? 'banner banner-good strong' : 'banner banner-wrong strong'}>
        <Icon name={verdict.holds ? 'shield' : 'warning'} />
        {verdict.holds ? t('verify.holds') : t('verify.fails')}
      </p>
      <ul className="stack-s">
        {verdict.checks.map((check) => (
          <li className="check" key={check.name}>
            <span style={{ color: check.ok ? 'var(--verified)' : 'var(--overdue)' }}>
              <Icon name={check.ok ? 'check' : 'close'} />
            </span>
            <span>
              <span className="only-read-aloud">{check.ok ? t('verify.yes') : t('verify.no')}</span>
              {language() === 'en' ? check.en : check.zh}
            </span>
          </li>
        ))}
      </ul>
      {verdict.leaf && (
        <details>
          <summary>{t('verify.leaf')}</summary>
          <pre className="leaf">{JSON.stringify(verdict.leaf, null, 2)}</pre>
        </details>
      )}
    </section>
  )
}
