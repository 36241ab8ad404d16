import { useEffect, useState } from 'react'
import type { Draft } from '../../../src/signing/signer/contract.ts'
import { fileFrom, type Refusal } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { Button } from '../../shared/ui/button.tsx'
import { Refused, Skeleton } from '../../shared/ui/states.tsx'

/** A page of the document as a picture: most phones show no PDF inside a page. */
function Page({ path, page, pages }: { path: string; page: number; pages: number }) {
  const t = useText()
  const [picture, setPicture] = useState<string>()
  const [failed, setFailed] = useState(false)
  const [large, setLarge] = useState(false)
  useEffect(() => {
    let url: string | undefined
    let gone = false
    fileFrom(path).then(
      (blob) => {
        if (gone) return
        url = URL.createObjectURL(blob)
        setPicture(url)
      },
      () => gone || setFailed(true),
    )
    return () => {
      gone = true
      if (url) URL.revokeObjectURL(url)
    }
  }, [path])
  const label = t('sign.page', { page, pages })
  if (failed) return <p className="banner banner-wrong">{t('sign.offline')}</p>
  if (!picture) return <Skeleton lines={4} />
  return (
    <button type="button" className="sign-zoom" aria-pressed={large} onClick={() => setLarge(!large)}>
      <img className="sign-page" src={picture} alt={label} />
    </button>
  )
}

interface ConfirmProps {
  base: string
  draft: Draft
  busy: boolean
  error: Refusal | undefined
  onBack: () => void
  onConfirm: () => void
}

/** The exact document, and the tap from which on the signature counts. */
export function ConfirmStep({ base, draft, busy, error, onBack, onConfirm }: ConfirmProps) {
  const t = useText()
  const [opened, setOpened] = useState<string>()
  const openPdf = async () => {
    const blob = await fileFrom(`${base}/document`)
    setOpened(URL.createObjectURL(blob))
  }
  return (
    <div className="stack">
      <p>{t('sign.previewLead')}</p>
      {Array.from({ length: draft.pages }, (_, i) => (
        <Page
          key={`${draft.sha256}-${i + 1}`}
          path={`${base}/pages/${i + 1}?of=${draft.sha256.slice(0, 12)}`}
          page={i + 1}
          pages={draft.pages}
        />
      ))}
      {opened ? (
        <a href={opened} download="letter.pdf">
          {t('sign.pdf')}
        </a>
      ) : (
        <Button icon="download" onClick={() => void openPdf().catch(() => undefined)}>
          {t('sign.pdf')}
        </Button>
      )}
      <p className="faint small sign-print">{t('sign.fingerprint', { hash: draft.sha256 })}</p>
      {error?.status === 0 ? <p className="banner banner-warn">{t('sign.offline')}</p> : <Refused error={error} />}
      <p className="soft">{t('sign.confirmNote')}</p>
      <Button kind="primary" wide icon="check" busy={busy} onClick={onConfirm}>
        {t('sign.confirm')}
      </Button>
      <Button wide icon="back" disabled={busy} onClick={onBack}>
        {t('sign.change')}
      </Button>
    </div>
  )
}
