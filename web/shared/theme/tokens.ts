/**
 * The one token file. CSS variables for the light faces and antd's theme for the console are both made from it, so a
 * colour is changed here or nowhere. Accents carry meaning only: overdue red, due soon amber, running blue, verified
 * green, parked grey; each is used with a word or a shape beside it. Text colours reach 4.5:1 on paper and on white.
 */
export const colour = {
  ink: '#1b2733',
  inkSoft: '#4a5967',
  inkFaint: '#5f6d7a',
  paper: '#f6f8fa',
  surface: '#ffffff',
  sunken: '#eef2f5',
  line: '#dfe5ea',
  lineStrong: '#8b98a5',
  brand: '#0f766e',
  brandDeep: '#0b5a54',
  brandSoft: '#e4f3f1',
  overdue: '#b42318',
  overdueSoft: '#fdecea',
  dueSoon: '#8f4a06',
  dueSoonSoft: '#fdf1dc',
  running: '#1d5fa8',
  runningSoft: '#e6f0fb',
  verified: '#1b6b3a',
  verifiedSoft: '#e5f4ea',
  parked: '#525f6b',
  parkedSoft: '#ebeff2',
} as const

export const size = { desk: 14, phone: 16, elder: 20 } as const
export const radius = { small: 6, medium: 10, large: 16 } as const
export const space = { xs: 4, s: 8, m: 12, l: 16, xl: 24, xxl: 40 } as const

/** System Chinese fonts first; the served Noto Sans SC is loaded only where none of them exists (chinese-font.ts). */
export const fontFamily = [
  'PingFang SC',
  'HarmonyOS Sans SC',
  'MiSans',
  'Microsoft YaHei UI',
  'Microsoft YaHei',
  'Noto Sans CJK SC',
  'Noto Sans SC',
  'Source Han Sans SC',
  'WenQuanYi Micro Hei',
  'Noto Sans SC Variable',
  'system-ui',
  'sans-serif',
]
  .map((name) => (/^[a-z-]+$/.test(name) ? name : `"${name}"`))
  .join(', ')

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The tokens as a style sheet; vite.config.ts serves it as `virtual:theme.css`. */
export function themeCss(): string {
  const lines = [
    ...Object.entries(colour).map(([name, value]) => `  --${kebab(name)}: ${value};`),
    ...Object.entries(radius).map(([name, value]) => `  --radius-${name}: ${value}px;`),
    ...Object.entries(space).map(([name, value]) => `  --space-${name}: ${value}px;`),
    `  --font: ${fontFamily};`,
    `  --size: ${size.phone}px;`,
  ]
  return [
    `:root {\n${lines.join('\n')}\n}`,
    `:root[data-face='console'] { --size: ${size.desk}px; }`,
    // Chinese fonts draw the quotation marks of English as wide as a character.
    `:root:lang(en) { --font: system-ui, "Segoe UI", "Noto Sans", ${fontFamily}; }`,
    `:root[data-elder] { --size: ${size.elder}px; }`,
  ].join('\n')
}
