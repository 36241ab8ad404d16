import type { Proof } from '../../../src/ledger/contract.ts'
import { read } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { Button } from '../ui/button.tsx'
import { Refused } from '../ui/states.tsx'

interface Step {
  entryId: string
  at: string
}

/** The proof of the last step as a file that anyone can check without us. */
export function ProofDownload({ steps, code, number }: { steps: readonly Step[]; code?: string; number: string }) {
  const t = useText()
  const last = [...steps].sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1)
  const act = useAct((entryId: string) => read<Proof>(`/ledger/entries/${entryId}/proof${code ? `?code=${encodeURIComponent(code)}` : ''}`))
  if (!last) return null
  return (
    <>
      <Button
        kind="quiet"
        icon="download"
        busy={act.busy}
        onClick={async () => {
          const proof = await act.run(last.entryId)
          if (proof) saveFile(`${number}-proof.json`, JSON.stringify(proof, null, 2))
        }}
      >
        {t('proof.download')}
      </Button>
      <Refused error={act.error} />
    </>
  )
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
