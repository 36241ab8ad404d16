import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import type { App } from '../kernel/app.ts'
import { runCommand, runRead, type Actor, type Command } from '../kernel/command.ts'
import { uuidv5 } from '../kernel/ids.ts'
import { areReady, preparePictures, takeIn } from '../files/index.ts'
import type { Scene } from './words.ts'

const WIDTH = 800
const HEIGHT = 600
const WAIT_MS = 50

/** Sky and ground by day or night; every drawing stands on them. */
const stage = (night: boolean, inside: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600"><rect width="800" height="600" fill="${night ? '#22304a' : '#dbe7ee'}"/>
  <rect y="380" width="800" height="220" fill="${night ? '#2d3440' : '#b9bfb4'}"/><path d="M0 400h120v-120h90v120h160v-90h130v90h300" fill="${night ? '#1b2638' : '#c9d3d6'}"/>${inside}</svg>`

const block = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}"/>`
const dot = (x: number, y: number, radius: number, fill: string): string =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`
const line = (path: string, colour: string, width: number): string =>
  `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round"/>`

const car = (x: number): string =>
  `${block(x, 400, 220, 70, '#7a4b3a')}${block(x + 45, 350, 130, 60, '#8c5f4e')}${dot(x + 55, 475, 28, '#2b2b2b')}${dot(x + 165, 475, 28, '#2b2b2b')}`
const bike = (x: number): string =>
  `${dot(x, 470, 34, 'none" stroke="#333" stroke-width="8')}${dot(x + 120, 470, 34, 'none" stroke="#333" stroke-width="8')}${line(`M${x} 470L${x + 50} 410L${x + 100} 410L${x + 120} 470`, '#0f6b8a', 10)}`
const lampPost = (lit: boolean): string =>
  `${line('M400 520V180Q400 140 450 140H500', '#6b7280', 14)}${lit ? `${dot(500, 160, 90, '#fde68a55')}${dot(500, 155, 26, '#fcd34d')}` : dot(500, 155, 22, '#475569')}`
const tree = (x: number): string => `${block(x - 10, 330, 20, 150, '#7c5a3a')}${dot(x, 290, 80, '#4d8b57')}`
const sacks = `${dot(260, 490, 52, '#4b5563')}${dot(350, 500, 62, '#374151')}${dot(440, 485, 48, '#6b7280')}${block(500, 450, 120, 70, '#a16207')}${dot(310, 440, 40, '#9ca3af')}`

/** What is drawn before and after somebody dealt with it. */
const drawings: Record<Scene, readonly [before: string, after: string]> = {
  rubbish: [
    stage(false, sacks),
    stage(false, `${block(560, 400, 90, 110, '#0f766e')}${block(555, 390, 100, 18, '#115e59')}`),
  ],
  road: [
    stage(
      false,
      `${line('M80 500L240 470L330 520L470 480L640 530', '#565d57', 12)}<ellipse cx="400" cy="510" rx="150" ry="40" fill="#6f7f8c"/>`,
    ),
    stage(false, `<ellipse cx="400" cy="510" rx="170" ry="46" fill="#8d948b"/>${line('M120 560H700', '#e5e7eb', 8)}`),
  ],
  river: [
    stage(
      false,
      `<rect y="420" width="800" height="180" fill="#55684f"/>${[140, 260, 390, 520, 650].map((x) => dot(x, 500, 26, '#7fa35b')).join('')}${block(300, 450, 60, 30, '#f3f4f6')}`,
    ),
    stage(
      false,
      `<rect y="420" width="800" height="180" fill="#7fb2c9"/>${line('M80 480q40-16 80 0t80 0t80 0', '#cfe6ef', 6)}`,
    ),
  ],
  tree: [
    stage(false, `${tree(260)}${line('M470 300L640 470', '#6b4f35', 22)}${dot(640, 440, 60, '#5a8f4d')}`),
    stage(false, `${tree(260)}${tree(540)}`),
  ],
  wall: [
    stage(
      false,
      `<path d="M180 250L620 220L640 500L170 500Z" fill="#c4b59d"/>${line('M380 240L360 330L410 400L390 500', '#5b5145', 8)}${block(230, 320, 70, 90, '#fef3c7')}${block(470, 300, 70, 90, '#fecaca')}`,
    ),
    stage(false, block(180, 240, 450, 260, '#e7dfd0')),
  ],
  lamp: [stage(true, lampPost(false)), stage(true, lampPost(true))],
  manhole: [
    stage(
      false,
      `<ellipse cx="400" cy="500" rx="120" ry="46" fill="#111827"/>${line('M400 500L430 360', '#7c5a3a', 10)}`,
    ),
    stage(
      false,
      `<ellipse cx="400" cy="500" rx="120" ry="46" fill="#4b5563"/><ellipse cx="400" cy="500" rx="84" ry="30" fill="none" stroke="#9ca3af" stroke-width="6"/>`,
    ),
  ],
  pipe: [
    stage(
      false,
      `${block(120, 330, 340, 46, '#64748b')}${line('M460 353q70 40 60 140', '#7fb2c9', 16)}<ellipse cx="520" cy="520" rx="150" ry="34" fill="#8fb8c9"/>`,
    ),
    stage(false, block(120, 330, 560, 46, '#64748b')),
  ],
  bench: [
    stage(
      false,
      `${block(220, 420, 150, 22, '#a16207')}${line('M370 430L470 480', '#a16207', 20)}${block(240, 440, 16, 80, '#57534e')}${block(540, 440, 16, 80, '#57534e')}`,
    ),
    stage(
      false,
      `${block(210, 420, 370, 22, '#b45309')}${block(210, 360, 370, 22, '#b45309')}${block(240, 440, 16, 80, '#57534e')}${block(540, 440, 16, 80, '#57534e')}`,
    ),
  ],
  stall: [
    stage(
      false,
      `<path d="M220 330L580 330L620 390L180 390Z" fill="#dc2626"/>${block(220, 390, 360, 110, '#fde68a')}${dot(280, 400, 20, '#f97316')}${dot(340, 400, 20, '#84cc16')}${dot(400, 400, 20, '#f97316')}`,
    ),
    stage(false, line('M100 520H700', '#facc15', 12)),
  ],
  car: [
    stage(false, `${car(120)}${car(420)}`),
    stage(false, `${line('M160 540L240 440M320 540L400 440M480 540L560 440', '#facc15', 10)}`),
  ],
  shed: [
    stage(false, `${block(220, 300, 360, 200, '#93c5fd')}<path d="M200 300L600 270L600 310L200 330Z" fill="#3b82f6"/>`),
    stage(false, `${dot(300, 500, 30, '#86a77a')}${dot(420, 505, 36, '#86a77a')}`),
  ],
  bike: [
    stage(false, `${bike(160)}${bike(360)}${line('M120 160Q420 300 560 420', '#111827', 6)}`),
    stage(false, `${block(180, 300, 440, 16, '#0f766e')}${bike(240)}${bike(430)}`),
  ],
  pole: [
    stage(
      false,
      `${block(180, 160, 20, 340, '#7c6f5b')}${block(620, 160, 20, 340, '#7c6f5b')}${line('M190 180Q400 560 630 180', '#111827', 6)}`,
    ),
    stage(
      false,
      `${block(180, 160, 20, 340, '#7c6f5b')}${block(620, 160, 20, 340, '#7c6f5b')}${line('M190 180Q400 220 630 180', '#111827', 6)}`,
    ),
  ],
  fire: [
    stage(
      false,
      `${block(240, 280, 120, 220, '#9ca3af')}${block(330, 400, 150, 110, '#b45309')}${block(420, 350, 130, 160, '#92400e')}`,
    ),
    stage(
      false,
      `${block(240, 280, 120, 220, '#9ca3af')}${block(560, 400, 44, 110, '#dc2626')}${block(574, 380, 16, 24, '#111827')}`,
    ),
  ],
  site: [
    stage(
      true,
      `${block(180, 260, 300, 240, '#475569')}${line('M560 500V160M460 180H720', '#f59e0b', 12)}${dot(560, 170, 34, '#fde68a')}`,
    ),
    stage(true, `${block(180, 260, 300, 240, '#475569')}${line('M560 500V160M460 180H720', '#64748b', 12)}`),
  ],
}

const PICTURES = '5b3f6d0a-2c6e-5f0b-9a54-6f1f7d0c2e11'

export type When = 'before' | 'after'

/** The county's copy of a drawing, from which the demo's photos are repeated. */
export const pictureId = (county: string, scene: Scene, when: When): string =>
  uuidv5(PICTURES, `${county} ${scene} ${when}`)

/**
 * Takes the demo's drawings into a county, once: small, plainly drawn, and no photo of any real place.
 *
 * @param owners Two accounts: one holds what is seen before, the other what is seen after.
 */
export async function takeInPictures(app: App, county: string, owners: Record<When, string>): Promise<void> {
  const scenes = Object.keys(drawings) as Scene[]
  const whens = ['before', 'after'] as const
  const ids = scenes.flatMap((scene) => whens.map((when) => pictureId(county, scene, when)))
  const asOwner = (id: string) => {
    const actor: Actor = { kind: 'staff', id, sessionId: null, label: '工作人员' }
    return { county, actor, grants: [], purpose: 'handling', requestId: 'seed', locale: 'zh-CN' } as const
  }
  const ready = (): Promise<boolean> => runRead(app, asOwner(owners.before), (cmd) => areReady(cmd, ids))
  if (await ready()) return
  for (const when of whens) {
    const request = asOwner(owners[when])
    const doors = {
      county,
      read: <T>(work: (cmd: Command) => Promise<T>): Promise<T> => runRead(app, request, work),
      command: <T>(work: (cmd: Command) => Promise<T>): Promise<T> => runCommand(app, request, work),
    }
    for (const scene of scenes) {
      const drawing = drawings[scene][when === 'before' ? 0 : 1]
      const bytes = await sharp(Buffer.from(drawing)).resize(WIDTH, HEIGHT).jpeg({ quality: 78 }).toBuffer()
      const name = when === 'before' ? '现场（示意图）.jpg' : '办好后（示意图）.jpg'
      await takeIn(app, doors, Readable.from([bytes]), { id: pictureId(county, scene, when), name })
    }
  }
  // Some of them another worker has in hand.
  while (!(await ready())) {
    await preparePictures(app)
    await sleep(WAIT_MS)
  }
}
