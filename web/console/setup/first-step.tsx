import { useText } from '../../shared/i18n/text.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'

/** What to try when everything stands: one matter, from the report to its end. */
export function FirstStep() {
  const t = useText()
  return (
    <>
      <p className="soft">{t('setup.firstLead')}</p>
      <ol className="stack-s">
        <li>{t('setup.first1')}</li>
        <li>{t('setup.first2')}</li>
        <li>{t('setup.first3')}</li>
        <li>{t('setup.first4')}</li>
      </ol>
      <div>
        <ButtonLink kind="primary" href="/r">
          {t('setup.firstReport')}
        </ButtonLink>
      </div>
    </>
  )
}
