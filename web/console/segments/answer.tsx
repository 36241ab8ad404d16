import { useEffect, useState } from 'react'
import type { Question, SegmentCount, SegmentSample } from '../../../src/registry/segments/contract.ts'
import type { Refusal } from '../../shared/api.ts'
import { randomKey, send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { asRefusal } from '../../shared/loading.ts'
import { Refused, Skeleton } from '../../shared/ui/states.tsx'

/** Somebody who is still choosing is not counted for. */
const quietMs = 400

/** How many fit now and who the first are, anew with every change of the question. */
export function Answer({ question, maySample }: { question: Question; maySample: boolean }) {
  const t = useText()
  const [count, setCount] = useState<SegmentCount>()
  const [sample, setSample] = useState<SegmentSample>()
  const [error, setError] = useState<Refusal>()
  const print = JSON.stringify(question)
  useEffect(() => {
    let left = false
    const ask = async () => {
      const body = { question: JSON.parse(print) as Question }
      try {
        const counted = await send<SegmentCount>('/registry/segments/count', { body, key: randomKey() })
        const shown = maySample
          ? await send<SegmentSample>('/registry/segments/sample', { body, key: randomKey() })
          : undefined
        if (left) return
        setCount(counted)
        setSample(shown)
        setError(undefined)
      } catch (caught) {
        if (!left) setError(asRefusal(caught))
      }
    }
    const timer = setTimeout(() => void ask(), quietMs)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [print, maySample])
  return (
    <section className="card stack-s" aria-live="polite">
      <h2>{t('segment.answer')}</h2>
      <Refused error={error} />
      {!error && !count && <Skeleton lines={2} />}
      {!error && count && (
        <p>
          <span className="strong">{count.count.toLocaleString('zh-CN')}</span>{' '}
          {t(count.exact ? 'segment.exact' : 'segment.about', { looked: count.looked })}
        </p>
      )}
      {!error && sample && (
        <ul className="stack-s">
          {sample.items.map((one) => (
            <li key={one.id}>
              <span className="strong">{one.title}</span> <span className="soft small">{one.detail}</span>
              <br />
              <span className="soft small">
                {one.areaName} {one.address}
              </span>
            </li>
          ))}
        </ul>
      )}
      {!error && sample && !sample.complete && <p className="soft small">{t('segment.more')}</p>}
    </section>
  )
}
