import { useEffect } from 'react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import enUS from 'antd/es/locale/en_US'
import zhCN from 'antd/es/locale/zh_CN'
import { Refusal } from '../shared/api.ts'
import { language, useText } from '../shared/i18n/text.ts'
import { choosePurpose, purposeFor, usePurpose } from '../shared/purpose.ts'
import { useSession } from '../shared/sign-in/session.ts'
import { antdTheme } from '../shared/theme/antd.ts'
import { Trouble } from '../shared/ui/states.tsx'
import { MeContext } from './me-context.ts'
import { router } from './router.tsx'
import { SignInPage } from './sign-in.tsx'

const freshMs = 15_000

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: freshMs,
      // What the server decided is not asked again; only lost connections are.
      retry: (count, error) => count < 2 && error instanceof Refusal && error.status === 0,
    },
  },
})

/** The desk: everything behind one sign-in. */
export function ConsoleFace() {
  useText()
  const { me, loaded } = useSession()
  const stated = usePurpose()
  const fitting = purposeFor(me?.seats ?? [], stated)
  useEffect(() => {
    choosePurpose(fitting)
    // Not clear(): pages that are open already would wait for ever for what was taken from under them.
    void queries.resetQueries()
  }, [fitting])
  const signedIn = () => {
    queries.clear()
    loaded.reload()
  }
  return (
    <ConfigProvider theme={antdTheme} locale={language() === 'en' ? enUS : zhCN}>
      {me === null && <SignInPage done={signedIn} />}
      {me && stated === fitting && (
        <MeContext value={me}>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MeContext>
      )}
      {me === undefined && loaded.error && <Trouble error={loaded.error} retry={loaded.reload} />}
    </ConfigProvider>
  )
}
