import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Pose = 'ahead' | 'left' | 'leftHalf' | 'right' | 'rightHalf' | 'shut' | 'shutHalf' | 'tiltLeft' | 'tiltRight'
export type Film = 'live' | 'still' | 'tilt'

/** Pose and how many tenths of a second it is held; the browser plays the film round and round. */
const films: Readonly<Record<Film, readonly [Pose, number][]>> = {
  live: [
    ['ahead', 16],
    ['rightHalf', 3],
    ['right', 12],
    ['rightHalf', 3],
    ['ahead', 12],
    ['leftHalf', 3],
    ['left', 12],
    ['leftHalf', 3],
    ['ahead', 12],
    ['shutHalf', 2],
    ['shut', 10],
    ['shutHalf', 2],
    ['ahead', 12],
  ],
  still: [['ahead', 20]],
  tilt: [
    ['ahead', 10],
    ['tiltRight', 12],
    ['ahead', 8],
    ['tiltLeft', 12],
    ['ahead', 8],
  ],
}
/** A browser plays such a film at 30 pictures a second. */
const PICTURES_A_TENTH = 3

/** Writes a film for `--use-file-for-fake-video-capture`: JPEG pictures in a row. */
export function filmFor(film: Film, folder: string): string {
  const pictures = films[film].flatMap(([pose, tenths]) => {
    const picture = readFileSync(new URL(`camera/${pose}.jpg`, import.meta.url))
    return Array.from({ length: tenths * PICTURES_A_TENTH }, () => picture)
  })
  const path = join(folder, `${film}.mjpeg`)
  writeFileSync(path, Buffer.concat(pictures))
  return path
}

/** What a browser is started with so that its camera shows the film, and nobody is asked for leave. */
export const cameraFlags = (path: string): string[] => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${path}`,
]
