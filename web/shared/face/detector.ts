import type { Frame } from '../../../src/signing/face/gate.ts'

declare const FACE_FILES: string

type Point = readonly [number, number, number]
interface Face {
  readonly mesh: readonly Point[]
  readonly rotation: { readonly angle: { readonly roll: number } } | null
}
interface Human {
  load(): Promise<void>
  detect(input: HTMLVideoElement): Promise<{ face: readonly Face[] }>
}

/** Reads the face in a video, frame by frame, on this phone alone. */
export interface Detector {
  /** Null where there is no face, or more than one. */
  look(video: HTMLVideoElement, at: number): Promise<Frame | null>
}

const off = { enabled: false }
const settings = (files: string) => ({
  debug: false,
  // The graphics processors of cheap phones differ too much; WebAssembly runs the same everywhere.
  backend: 'wasm',
  modelBasePath: files,
  wasmPath: files,
  cacheSensitivity: 0,
  filter: off,
  body: off,
  hand: off,
  object: off,
  gesture: off,
  segmentation: off,
  face: {
    enabled: true,
    detector: { rotation: false, maxDetected: 2 },
    mesh: { enabled: true },
    iris: { enabled: true },
    emotion: off,
    description: off,
    antispoof: off,
    liveness: off,
  },
})

const apart = (mesh: readonly Point[], one: number, other: number): number =>
  Math.hypot(mesh[one]![0] - mesh[other]![0], mesh[one]![1] - mesh[other]![1])

/** Points of the mesh: 1 the nose, 234 and 454 the cheeks, 159/145 and 386/374 the lids, 33/133 and 263/362 the eyes' corners. */
function frameOf({ mesh, rotation }: Face, at: number): Frame | null {
  if (mesh.length < 468) return null
  const nose = (mesh[1]![0] - mesh[234]![0]) / (mesh[454]![0] - mesh[234]![0])
  const eye = (apart(mesh, 159, 145) / apart(mesh, 33, 133) + apart(mesh, 386, 374) / apart(mesh, 263, 362)) / 2
  const roll = rotation?.angle.roll ?? Number.NaN
  return [nose, eye, roll].every(Number.isFinite) ? { at, nose, eye, roll } : null
}

let loading: Promise<Detector> | undefined

/** Fetches what reads faces, once: about five megabytes, from this house. */
export function loadDetector(): Promise<Detector> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<Detector> {
  const address = `${FACE_FILES}human.esm.js`
  const { Human } = (await import(/* @vite-ignore */ address)) as { Human: new (settings: object) => Human }
  const human = new Human(settings(FACE_FILES))
  await human.load()
  return {
    async look(video, at) {
      const { face } = await human.detect(video)
      return face.length === 1 ? frameOf(face[0]!, at) : null
    },
  }
}
