import { exactTime, saidTime } from '../dates.ts'
import { useText } from '../i18n/text.ts'

/** A time as people say it; the exact one on hover. */
export function Time({ at }: { at: string }) {
  useText()
  return (
    <time dateTime={at} title={exactTime(at)} className="nowrap">
      {saidTime(at)}
    </time>
  )
}
