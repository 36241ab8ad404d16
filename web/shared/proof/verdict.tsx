import type { Verdict } from '../../../src/ledger/verify-proof.ts'
import { language, useText } from '../i18n/text.ts'
import { Icon } from '../ui/icon.tsx'

/** What checking one or several proofs gave: the sum first, then each check in a sentence. */
export function Verdicts({ verdicts }: { verdicts: readonly Verdict[] }) {
  const t = useText()
  const holds = verdicts.every((verdict) => verdict.holds)
  return (
    <section className="card stack">
      <p className={holds ? 'banner banner-good strong' : 'banner banner-wrong strong'}>
        <Icon name={holds ? 'shield' : 'warning'} />
        {holds ? t('verify.holds') : t('verify.fails')}
      </p>
      {verdicts.map((verdict, index) => (
        <OneVerdict verdict={verdict} number={verdicts.length > 1 ? index + 1 : 0} key={index} />
      ))}
    </section>
  )
}

function OneVerdict({ verdict, number }: { verdict: Verdict; number: number }) {
  const t = useText()
  const checks = (
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
  )
  const leaf = verdict.leaf && (
    <details>
      <summary>{t('verify.leaf')}</summary>
      <pre className="leaf">{JSON.stringify(verdict.leaf, null, 2)}</pre>
    </details>
  )
  if (number === 0) {
    return (
      <>
        {checks}
        {leaf}
      </>
    )
  }
  return (
    <details open={!verdict.holds}>
      <summary>
        {t('verify.nth', { number })} · {verdict.holds ? t('verify.ok') : t('verify.notOk')}
      </summary>
      <div className="stack">
        {checks}
        {leaf}
      </div>
    </details>
  )
}
