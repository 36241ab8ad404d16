const paths = {
  camera:
    'M4 8h3l1.5-2h7L17 8h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1Zm8 2.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6Z',
  place: 'M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11Zm0-13.2a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8Z',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5L20.5 20.5',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20c.7-3.6 3.7-5.5 7.5-5.5s6.8 1.9 7.5 5.5',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2.5 19c.6-3.2 3.2-5 6.5-5s5.9 1.8 6.5 5M16 5.3a3.4 3.4 0 0 1 0 6.4M18 14.4c1.9.6 3.1 2.2 3.5 4.6',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.5V12l3 2',
  wall: 'M3.5 5h17v11.500h-17V5ZM9 20h6M12 16.500V20M7 13v-2.500M10.500 13V8.500M14 13v-3.500M17.500 13V7.500',
  list: 'M4 6h.01M4 12h.01M4 18h.01M8.5 6H20M8.5 12H20M8.5 18H20',
  inbox: 'M4 13 6.5 5h11L20 13v5.5a.5.5 0 0 1-.5.5h-15a.5.5 0 0 1-.5-.5V13Zm0 0h4.5l1.5 2.5h4l1.5-2.5H20',
  shield: 'M12 3.5 19 6v5.5c0 4.3-2.9 7.5-7 9-4.1-1.5-7-4.7-7-9V6l7-2.5ZM9 12l2.2 2.2L15.3 10',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19.5 7',
  warning: 'M12 4 21 19.5H3L12 4Zm0 6v4.5M12 17h.01',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5M12 8h.01',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  forward: 'M9.5 5.5 16 12l-6.5 6.5',
  phone: 'M6 4h3l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5v3a1.5 1.5 0 0 1-1.6 1.5C11 19 5 13 4.5 5.6A1.5 1.5 0 0 1 6 4Z',
  mail: 'M4 6h16v12H4V6Zm0 .5 8 6.5 8-6.5',
  globe:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM3.5 12h17M12 3.5c2.5 2.4 3.7 5.3 3.7 8.5s-1.2 6.1-3.7 8.5c-2.5-2.4-3.7-5.3-3.7-8.5S9.5 5.9 12 3.5Z',
  download: 'M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14',
  key: 'M14.5 4a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM10.5 13.5 4 20M6.5 17.5 9 20',
  home: 'M4 11.5 12 4.5l8 7V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1v-7.5Z',
  leaf: 'M5 19c0-8 5-13 14-13 0 9-5 13.5-11 12.5M5 19c2-4 5-6.5 9-8.5',
  settings: 'M5 7h8M17 7h2M5 17h2M11 17h8M15 4.8v4.4M9 14.8v4.4',
  star: 'm12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5L12 16.3 7 19l1.1-5.5L4 9.7 9.6 9 12 4Z',
  logout: 'M10 4.5H5.5v15H10M14 8l4 4-4 4M18 12H9.5',
  megaphone: 'M4 10v4l3 .5L9 19h2l-.7-4L19 18V6l-9 3.5L4 10Z',
} as const

export type IconName = keyof typeof paths

/** A drawn sign beside a word; it is never read aloud, the word beside it is. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <circle cx="16" cy="16" r="14" stroke="currentColor" strokeWidth="2.5" />
      <circle cx="16" cy="16" r="8.5" stroke="currentColor" strokeWidth="2.5" strokeOpacity=".55" />
      <circle cx="16" cy="16" r="3.5" fill="currentColor" />
    </svg>
  )
}
