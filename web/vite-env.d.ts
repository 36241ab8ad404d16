/// <reference types="vite/client" />

declare module 'virtual:theme.css'

// antd has no exports map, so that nodenext cannot find these two, though the bundler does.
declare module 'antd/es/locale/*' {
  import type { ConfigProviderProps } from 'antd'
  const locale: NonNullable<ConfigProviderProps['locale']>
  export default locale
}
