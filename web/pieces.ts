/**
 * Which files the build makes of what the faces share.
 *
 * Few files: on a village network each one costs a way there and back, and a browser fetches six at a time. `base` is what
 * every page of every face begins with, `work` what shows, reports and handles a matter; all else lies where it is used.
 */
const inBase = [
  'api.ts county.ts dates.ts ids.ts loading.ts page-of.tsx preferences.ts purpose.ts quiet.ts reach.ts router.ts start.tsx',
  'i18n/text.ts i18n/zh-CN.ts theme/base.css theme/chinese-font.ts theme/tokens.ts offline/index.ts offline/shell-worker.ts',
  'position/index.ts position/shells.ts sign-in/session.ts sign-in/phone-code.tsx sign-in/phone-code-kept.ts sign-in/demo-loading.tsx',
  'ui/button.tsx ui/elder-offer.tsx ui/field.tsx ui/icon.tsx ui/notice.tsx ui/states.tsx ui/switches.tsx ui/title.tsx ui/ui.css',
].flatMap((line) => line.split(' '))

const inWork = [
  'matter/ report/ form/ progress/ inbox/ poster/ diary/diary.css sign-in/devices.tsx drafts.ts files.ts photos.tsx save-file.ts uploads.ts',
  'sign-in/step-up.tsx ui/more.tsx ui/photo-grid.tsx ui/sheet.tsx ui/time.tsx',
].flatMap((line) => line.split(' '))

const shared = /\/web\/shared\/(.+?)(?:\?.*)?$/
const lies = (list: readonly string[]) => (id: string) => {
  const name = shared.exec(id)?.[1]
  return name !== undefined && list.some((one) => (one.endsWith('/') ? name.startsWith(one) : name === one))
}
const ofReact = /\/node_modules\/(?:react|react-dom|scheduler)\/|preload-helper|virtual:theme|rolldown\/runtime/

export const pieces = [
  { name: 'base', priority: 2, test: (id: string) => ofReact.test(id) || lies(inBase)(id) },
  { name: 'work', priority: 1, test: lies(inWork) },
]
