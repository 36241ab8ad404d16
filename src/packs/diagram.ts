import type { Locale } from '../kernel/faults.ts'
import type { Kind, PackContent, State, Step } from './contract.ts'
import { moveName, stateName } from './rules.ts'
import { sayLimit } from './words.ts'

const bare = (text: string): string => text.replace(/["#;:<>{}|]/g, ' ').trim()

/** The loop as a Mermaid state diagram, for a page or a document that draws it. */
export function drawMermaid(content: PackContent, kind: Kind, locale: Locale): string {
  const pack = { content, kind }
  const lines = ['stateDiagram-v2', '  direction TB']
  for (const state of kind.states) lines.push(`  state "${bare(stateName(pack, state.name, locale))}" as ${state.name}`)
  for (const [from, to, moves] of joinedSteps(kind)) {
    const label = moves.map((move) => bare(moveName(pack, move, locale))).join(locale === 'en' ? ', ' : '、')
    lines.push(`  ${from ?? '[*]'} --> ${to}: ${label}`)
  }
  for (const state of kind.states) if (state.end) lines.push(`  ${state.name} --> [*]`)
  return `${lines.join('\n')}\n`
}

/** Steps between the same two states share one arrow. */
function joinedSteps(kind: Kind): [from: string | null, to: string, moves: string[]][] {
  const joined: [string | null, string, string[]][] = []
  for (const step of kind.steps) {
    const known = joined.find(([from, to]) => from === step.from && to === step.to)
    if (known) known[2].push(step.move)
    else joined.push([step.from, step.to, [step.move]])
  }
  return joined
}

const WIDTH = 880
const CARD_LEFT = 60
const LINE = 24
const tones = {
  waiting: ['#B45309', '○'],
  running: ['#1D4ED8', '▶'],
  parked: ['#6B7280', '❚❚'],
  done: ['#15803D', '✓'],
  void: ['#6B7280', '✕'],
} as const satisfies Record<State['tone'], readonly [string, string]>

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

const bys = {
  holder: ['承办人', 'holder'],
  anyone: ['有权限的人', 'whoever may'],
  reporter: ['反映人', 'reporter'],
  system: ['系统', 'system'],
} as const

/** “受理 → 已受理 · 承办人 · 1 个工作日” */
function stepLine(content: PackContent, kind: Kind, step: Step, locale: Locale): string {
  const pack = { content, kind }
  const different = step.differentPersonFrom ? (locale === 'en' ? 'not the handler' : '不能是办理人') : undefined
  const parts = [bys[step.by][locale === 'en' ? 1 : 0], different, step.due ? sayLimit(step.due, locale) : undefined]
  return `${moveName(pack, step.move, locale)} → ${stateName(pack, step.to, locale)} · ${parts.filter(Boolean).join(' · ')}`
}

/**
 * The loop as a picture that a clerk can read and approve: one card a state in the order of the work, on it every way on,
 * who may take it and how long the next state may last; arrows along the margin show the main way forward.
 */
export function drawSvg(content: PackContent, kind: Kind, locale: Locale): string {
  const tops = new Map<string, number>()
  const cards: string[] = []
  let top = 20
  for (const state of kind.states) {
    const steps = kind.steps.filter((step) => step.from === state.name)
    const height = 40 + Math.max(1, steps.length) * LINE
    tops.set(state.name, top)
    cards.push(drawCard(content, kind, { state, steps, top, height }, locale))
    top += height + 16
  }
  const arrows = kind.steps
    .filter((step) => step.emphasis === 'primary' && step.from !== null)
    .flatMap((step, at) => drawArrow(tops, step, at))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" font-family="system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif" font-size="14">`,
    `<title>${escape(content.definition.title[locale === 'en' ? 'en' : 'zh'])}</title>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#0F766E"/></marker></defs>',
    `<rect width="${WIDTH}" height="${top}" fill="#F6F8FA"/>`,
    ...arrows,
    ...cards,
    '</svg>',
  ].join('\n')
}

interface Card {
  state: State
  steps: Step[]
  top: number
  height: number
}

function drawCard(content: PackContent, kind: Kind, { state, steps, top, height }: Card, locale: Locale): string {
  const [colour, mark] = tones[state.tone]
  const nothing = locale === 'en' ? 'The end.' : '到此结束。'
  const lines = steps.length > 0 ? steps.map((step) => stepLine(content, kind, step, locale)) : [nothing]
  return [
    `<g><rect x="${CARD_LEFT}" y="${top}" width="${WIDTH - CARD_LEFT - 20}" height="${height}" rx="8" fill="#FFFFFF" stroke="#D0D7DE"/>`,
    `<rect x="${CARD_LEFT}" y="${top}" width="6" height="${height}" rx="3" fill="${colour}"/>`,
    `<text x="${CARD_LEFT + 20}" y="${top + 26}" font-size="16" font-weight="600" fill="#1B2733"><tspan fill="${colour}">${mark}</tspan> ${escape(stateName({ content, kind }, state.name, locale))}</text>`,
    ...lines.map(
      (line, at) => `<text x="${CARD_LEFT + 40}" y="${top + 52 + at * LINE}" fill="#1B2733">${escape(line)}</text>`,
    ),
    '</g>',
  ].join('')
}

function drawArrow(tops: ReadonlyMap<string, number>, step: Step, at: number): string[] {
  const from = tops.get(step.from ?? '')
  const to = tops.get(step.to)
  if (from === undefined || to === undefined || to <= from) return []
  const x = CARD_LEFT - 12 - (at % 4) * 11
  return [
    `<path d="M${CARD_LEFT} ${from + 32}H${x}V${to + 16}H${CARD_LEFT - 1}" fill="none" stroke="#0F766E" stroke-width="1.5" marker-end="url(#tip)"/>`,
  ]
}
