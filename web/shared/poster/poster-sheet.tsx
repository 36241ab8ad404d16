import type { Poster } from '../../../src/duty/kit/contract.ts'
import { useText } from '../i18n/text.ts'
import './poster.css'

/** What hangs in a stairwell: scan it, and the report goes straight to whoever answers here. */
export function PosterSheet({ of }: { of: Poster }) {
  const t = useText()
  return (
    <article className="poster">
      <h2>{t('poster.lead')}</h2>
      <p className="poster-place">{of.areaName}</p>
      <img
        className="poster-code"
        src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(of.qrSvg)}`}
        alt={t('poster.code', { place: of.areaName })}
      />
      <p>{t('poster.how')}</p>
      {of.head && <p className="strong">{t('poster.head', { name: of.head })}</p>}
      {of.dutyPhone && <p className="strong">{t('poster.phone', { phone: of.dutyPhone })}</p>}
      <p className="faint small poster-url">{of.url}</p>
    </article>
  )
}
