import type { Proof } from '../../../src/ledger/contract.ts'
import { read } from '../api.ts'
import { useText } from '../i18n/text.ts'
import { useAct } from '../loading.ts'
import { saveFile } from '../save-file.ts'
import { Button } from '../ui/button.tsx'
import { Refused } from '../ui/states.tsx'

/** The proofs of all steps as one file that anyone can check without us. @param path Where the proofs are read. */
export function ProofDownload({ path, number }: { path: string; number: string }) {
  const t = useText()
  const act = useAct((from: string) => read<{ items: Proof[] }>(from))
  return (
    <>
      <Button
        kind="quiet"
        icon="download"
        busy={act.busy}
        onClick={async () => {
          const proofs = await act.run(path)
          if (proofs) saveFile(`${number}-proof.json`, JSON.stringify(proofs, null, 2), 'application/json')
        }}
      >
        {t('proof.download')}
      </Button>
      <Refused error={act.error} />
    </>
  )
}
