import { useState } from 'react'
import type { HelpAtDoor, HelpBegun } from '../../../src/signing/signer/contract.ts'
import { send } from '../../shared/api.ts'
import { useText } from '../../shared/i18n/text.ts'
import { useAct } from '../../shared/loading.ts'
import { Button } from '../../shared/ui/button.tsx'
import { ChoiceField, TextField } from '../../shared/ui/field.tsx'
import { Empty, Refused } from '../../shared/ui/states.tsx'
import { Page } from '../shell.tsx'

/** The signer stands here, with somebody who sees it: the helper says how they know who it is, and hands the phone over. */
export function SignHelpPage({ pathname }: { pathname: string }) {
  const t = useText()
  const [proof, setProof] = useState<HelpAtDoor['proof']>('idCard')
  const [witness, setWitness] = useState('')
  const [, id] = /^\/h5\/sign-help\/([0-9a-f-]{36})$/.exec(pathname) ?? []
  const act = useAct((body: HelpAtDoor, key) => send<HelpBegun>(`/signing/envelopes/${id}/helps`, { body, key }))
  if (!id)
    return (
      <Page title={t('doorSign.title')} back="/h5/signing">
        <Empty title={t('sign.unknown')}>{t('sign.unknownNext')}</Empty>
      </Page>
    )
  return (
    <Page title={t('doorSign.title')} back="/h5/signing">
      <form
        className="stack"
        onSubmit={async (event) => {
          event.preventDefault()
          const begun = await act.run({ proof, witness: witness.trim() })
          if (begun) location.assign(begun.path)
        }}
      >
        <p className="soft">{t('doorSign.lead')}</p>
        <ChoiceField
          label={t('doorSign.proof')}
          value={proof}
          onChange={(next) => setProof(next as HelpAtDoor['proof'])}
          choices={[
            { value: 'idCard', label: t('doorSign.idCard') },
            { value: 'knownInPerson', label: t('doorSign.known') },
          ]}
        />
        <TextField
          label={t('doorSign.witness')}
          hint={t('doorSign.witnessHint')}
          value={witness}
          onChange={setWitness}
          autoComplete="off"
          minLength={2}
          maxLength={30}
          required
        />
        <Refused error={act.error} />
        <Button type="submit" kind="primary" wide busy={act.busy}>
          {t('doorSign.begin')}
        </Button>
      </form>
    </Page>
  )
}
