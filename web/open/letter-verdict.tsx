import { headlineOf, linesOf, type LetterLine } from '../../src/signing/proof/words.ts'
import { language, useText } from '../shared/i18n/text.ts'
import { Verdicts } from '../shared/proof/verdict.tsx'
import { Icon, type IconName } from '../shared/ui/icon.tsx'
import type { CheckedLetter } from './letter-check.ts'

const signs: Record<LetterLine['mood'], { icon: IconName; color: string }> = {
  good: { icon: 'check', color: 'var(--verified)' },
  bad: { icon: 'close', color: 'var(--overdue)' },
  note: { icon: 'info', color: 'var(--ink-soft)' },
}
const said = (line: LetterLine): string => (language() === 'en' ? line.en : line.zh)

/** What checking a letter gave: the sum first, then who, when, by whose word, and what the ledger says. */
export function LetterVerdict({ letter, name }: { letter: CheckedLetter; name: string }) {
  const t = useText()
  const { report, lookup, proofs, trustKnown } = letter
  const headline = headlineOf(report, lookup)
  const title = lookup?.title ?? report.evidence?.['title']
  const reads = { good: t('verify.yes'), bad: t('verify.no'), note: '' }
  return (
    <section className="card stack">
      <p className={`banner strong ${headline.mood === 'good' ? 'banner-good' : 'banner-wrong'}`}>
        <Icon name={headline.mood === 'good' ? 'shield' : 'warning'} />
        {said(headline)}
      </p>
      <div>
        {typeof title === 'string' && <p className="strong">{title}</p>}
        <p className="soft file-name">{name}</p>
      </div>
      <ul className="stack-s findings">
        {linesOf(report, lookup).map((line) => (
          <li className="check" key={line.en}>
            <span style={{ color: signs[line.mood].color }}>
              <Icon name={signs[line.mood].icon} />
            </span>
            <span>
              <span className="only-read-aloud">{reads[line.mood]}</span>
              {said(line)}
            </span>
          </li>
        ))}
      </ul>
      {!trustKnown && <Remark text={t('verify.noTrust')} />}
      {!lookup && <Remark text={t('verify.noLookup')} />}
      {proofs.length > 0 && <Verdicts verdicts={proofs} />}
      <details>
        <summary>{t('verify.print')}</summary>
        <code className="leaf">SHA-256 {report.sha256}</code>
      </details>
      <p>
        <a href="/trust">{t('verify.toTrust')}</a>
      </p>
    </section>
  )
}

function Remark({ text }: { text: string }) {
  return (
    <p className="banner banner-warn">
      <Icon name="info" />
      {text}
    </p>
  )
}
