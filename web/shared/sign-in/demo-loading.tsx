import { useEffect } from 'react'
import type { DemoLoading } from '../../../src/identity/demo/contract.ts'
import { isDemo } from '../county.ts'
import { useText } from '../i18n/text.ts'
import { useRead } from '../loading.ts'

const AGAIN_MS = 5_000

/** How far the rest of the demo's matters has been loaded; nothing once all are there. The product works meanwhile. */
export function DemoLoadingBar() {
  const t = useText()
  const { data, reload } = useRead<DemoLoading>(isDemo() ? '/demo/loading' : null)
  const loading = data?.loading
  useEffect(() => {
    if (!loading) return
    const timer = setTimeout(reload, AGAIN_MS)
    return () => clearTimeout(timer)
  }, [loading, reload])
  if (!loading || loading.total === 0) return null
  const percent = Math.floor((loading.done / loading.total) * 100)
  return (
    <div className="demo-loading" role="status">
      <span className="small">{t('demo.loading', { percent })}</span>
      <progress max={loading.total} value={loading.done} aria-label={t('demo.loadingLabel')} />
    </div>
  )
}
