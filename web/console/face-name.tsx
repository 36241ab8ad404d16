import type { Face } from '../../src/grid/setup/contract.ts'
import { useText } from '../shared/i18n/text.ts'
import { useRead } from '../shared/loading.ts'
import { Mark } from '../shared/ui/icon.tsx'

/** Whose platform this is: its logo and name where the county has set them, else ours. */
export function FaceName({ size, className, note }: { size: number; className: string; note?: string }) {
  const t = useText()
  const face = useRead<Face>('/settings/face').data
  return (
    <>
      {face?.logo ? (
        <img src={face.logo} alt="" width={size} height={size} style={{ objectFit: 'contain' }} />
      ) : (
        <Mark size={size} />
      )}
      <span className={className}>
        {face?.name || t('brand.name')}
        {note && <small>{note}</small>}
      </span>
    </>
  )
}
