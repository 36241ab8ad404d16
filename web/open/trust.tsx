import { useEffect, useState } from 'react'
import type { PublicKeys, SignedHead } from '../../src/ledger/contract.ts'
import type { Trust } from '../../src/signing/verify/contract.ts'
import { fileFrom } from '../shared/api.ts'
import { useText } from '../shared/i18n/text.ts'
import { useAct, useRead } from '../shared/loading.ts'
import { saveFile } from '../shared/save-file.ts'
import { Button } from '../shared/ui/button.tsx'
import { Refused, Skeleton } from '../shared/ui/states.tsx'
import { Title } from '../shared/ui/title.tsx'

type Root = Trust['roots'][number]
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))
const derOf = (pem: string): Uint8Array<ArrayBuffer> => bytesOf(pem.replaceAll(/-----[^-]+-----|\s/g, ''))

/** Whom a check of letters and proofs relies on, to compare with what was published elsewhere, and to keep. */
export function TrustPage() {
  const t = useText()
  const trust = useRead<Trust>('/signing/trust')
  return (
    <>
      <section className="stack-s">
        <Title text={t('trust.title')} />
        <p className="soft">{t('trust.lead')}</p>
      </section>
      <Refused error={trust.error} />
      {!trust.data && !trust.error && <Skeleton lines={4} cards={2} />}
      {trust.data && (
        <>
          <Roots title={t('trust.roots')} roots={trust.data.roots} file="root" />
          <Roots title={t('trust.stamps')} roots={trust.data.stampRoots} file="stamps" />
        </>
      )}
      <Heads />
      <Keys />
      <OfflinePage />
    </>
  )
}

function Fingerprint({ der }: { der: Uint8Array<ArrayBuffer> }) {
  const t = useText()
  const [print, setPrint] = useState('')
  useEffect(() => {
    void globalThis.crypto?.subtle
      ?.digest('SHA-256', der)
      .then((hash) => setPrint(Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')))
  }, [der])
  return (
    <p className="soft fingerprint">
      {t('trust.print')} <code>{print}</code>
    </p>
  )
}

function Roots({ title, roots, file }: { title: string; roots: readonly Root[]; file: string }) {
  const t = useText()
  return (
    <section className="stack-s">
      <h2>{title}</h2>
      {roots.map((root, i) => (
        <div className="card stack-s" key={root.certificate}>
          <p className="strong">{root.name}</p>
          <p>{root.isLocal ? t('trust.local') : t('trust.licensed')}</p>
          <Certificate root={root} file={`${file}${i === 0 ? '' : i + 1}.pem`} />
        </div>
      ))}
    </section>
  )
}

function Certificate({ root, file }: { root: Root; file: string }) {
  const t = useText()
  const [der] = useState(() => derOf(root.certificate))
  return (
    <>
      <Fingerprint der={der} />
      <Button icon="download" onClick={() => saveFile(file, root.certificate, 'application/x-pem-file')}>
        {t('trust.save')}
      </Button>
    </>
  )
}

function Heads() {
  const t = useText()
  const heads = useRead<{ items: SignedHead[] }>('/ledger/heads?limit=5')
  return (
    <section className="stack-s">
      <h2>{t('trust.heads')}</h2>
      <p className="soft">{t('trust.headsLead')}</p>
      {heads.data?.items.length === 0 && <p>{t('trust.noHeads')}</p>}
      {heads.data && heads.data.items.length > 0 && (
        <div className="card stack-s">
          {heads.data.items.map((head) => (
            <p className="fingerprint" key={head.tree_size}>
              <strong>{t('trust.headOf', { size: head.tree_size })}</strong> <code>{head.root_hash}</code>
            </p>
          ))}
          <Button
            icon="download"
            onClick={() => saveFile('heads.json', JSON.stringify(heads.data?.items, null, 2), 'application/json')}
          >
            {t('trust.saveHeads')}
          </Button>
        </div>
      )}
    </section>
  )
}

const pemOf = (spki: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${(spki.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PUBLIC KEY-----\n`

function Keys() {
  const t = useText()
  const keys = useRead<PublicKeys>('/ledger/keys')
  return (
    <section className="stack-s">
      <h2>{t('trust.keys')}</h2>
      {keys.data?.items.map((key) => (
        <div className="card stack-s" key={key.key_id}>
          <p className="soft fingerprint">
            {t('trust.print')} <code>{key.key_id}</code>
          </p>
          <Button
            icon="download"
            onClick={() => saveFile('ledger-key.pem', pemOf(key.public_key), 'application/x-pem-file')}
          >
            {t('trust.saveKey')}
          </Button>
        </div>
      ))}
    </section>
  )
}

function OfflinePage() {
  const t = useText()
  const act = useAct(() => fileFrom('/signing/offline-page'))
  return (
    <section className="stack-s">
      <h2>{t('trust.offline')}</h2>
      <p className="soft">{t('trust.offlineLead')}</p>
      <div>
        <Button
          icon="download"
          busy={act.busy}
          onClick={async () => {
            const page = await act.run(undefined)
            if (page) saveFile('verify-offline.html', page, 'text/html')
          }}
        >
          {t('trust.saveOffline')}
        </Button>
      </div>
      <Refused error={act.error} />
    </section>
  )
}
