import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import { launchBrowser } from '../test/support/browser.ts'

/**
 * Makes the pictures of test/support/camera from one still: a face that looks ahead, turns both ways, blinks, and the flat
 * photograph tilted. The turned ones are the face mesh drawn anew in three dimensions with the photograph as its skin.
 *
 * `node tools/make-camera-poses.ts PICTURE FOLDER` writes them and prints what the mesh measures on each.
 */

type Point = [number, number, number]
interface Found {
  mesh: Point[]
  box: [number, number, number, number]
  rotation: { angle: { roll: number } }
}
interface Mesh {
  load(): Promise<void>
  detect(canvas: HTMLCanvasElement): Promise<{ face: Found[] }>
  faceTriangulation: number[]
}
interface Made {
  pictures: Record<string, string>
  seen: Record<string, { nose: number; eye: number; roll: number } | null>
}

const served: Readonly<Record<string, string>> = {
  '/human/': 'node_modules/@vladmandic/human/dist/',
  '/models/': 'node_modules/@vladmandic/human/models/',
  '/wasm/': 'node_modules/@tensorflow/tfjs-backend-wasm/dist/',
}
const types: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm' }

function serve(picture: Buffer) {
  return createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://house')
    if (pathname === '/') {
      const script = 'import { Human } from "/human/human.esm.js"; window.Human = Human'
      return res.setHeader('content-type', 'text/html').end(`<script type="module">${script}</script>`)
    }
    if (pathname === '/picture') return res.end(picture)
    const prefix = Object.keys(served).find((one) => pathname.startsWith(one))
    if (!prefix) return res.writeHead(404).end()
    const file = join(served[prefix]!, normalize(pathname.slice(prefix.length)))
    res.setHeader('content-type', types[file.split('.').at(-1)!] ?? 'application/octet-stream')
    return res.end(readFileSync(file))
  })
}

/** Runs in the browser. */
async function pose(): Promise<Made> {
  const [W, H, DEPTH] = [640, 480, 2.2]
  const { Human } = window as unknown as { Human: new (config: object) => Mesh }
  const off = { enabled: false }
  const human = new Human({
    debug: false,
    backend: 'wasm',
    modelBasePath: '/models/',
    wasmPath: '/wasm/',
    cacheSensitivity: 0,
    filter: off,
    body: off,
    hand: off,
    object: off,
    gesture: off,
    face: {
      enabled: true,
      detector: { rotation: false, maxDetected: 1 },
      mesh: { enabled: true },
      iris: { enabled: true },
      emotion: off,
      description: off,
      antispoof: off,
      liveness: off,
    },
  })
  await human.load()
  const image = new Image()
  image.src = '/picture'
  await image.decode()
  const paper = (): [HTMLCanvasElement, CanvasRenderingContext2D] => {
    const canvas = Object.assign(document.createElement('canvas'), { width: W, height: H })
    return [canvas, canvas.getContext('2d', { willReadFrequently: true })!]
  }
  const faceOn = async (canvas: HTMLCanvasElement): Promise<Found> => {
    const [face] = (await human.detect(canvas)).face
    if (!face) throw new Error('no face in the picture')
    return face
  }
  const [probe, probing] = paper()
  const scale = Math.min(W / image.width, H / image.height)
  probing.drawImage(image, 0, 0, image.width * scale, image.height * scale)
  const [x, y, wide, high] = (await faceOn(probe)).box.map((value) => value / scale) as [number, number, number, number]
  const zoom = H / (Math.max(wide, high) * 2.2)
  const [front, drawing] = paper()
  drawing.fillStyle = '#888'
  drawing.fillRect(0, 0, W, H)
  const left = W / 2 - (x + wide / 2) * zoom
  drawing.drawImage(image, left, H / 2 - (y + high / 2) * zoom, image.width * zoom, image.height * zoom)
  const { mesh } = await faceOn(front)
  const corners = human.faceTriangulation
  const middle = mesh[1]![0]
  const depth = mesh.reduce((sum, point) => sum + point[2], 0) / mesh.length
  const lids: [number[], number[]][] = [
    [
      [159, 158, 160, 161, 157, 173, 246],
      [145, 153, 144, 163, 154, 155, 7],
    ],
    [
      [386, 385, 387, 388, 384, 398, 466],
      [374, 380, 373, 390, 381, 382, 249],
    ],
  ]
  const tilted = (roll: number): HTMLCanvasElement => {
    const [canvas, pen] = paper()
    pen.fillStyle = '#888'
    pen.fillRect(0, 0, W, H)
    pen.translate(W / 2, H / 2)
    pen.rotate(roll)
    pen.drawImage(front, -W / 2, -H / 2)
    return canvas
  }
  /** Draws the triangle of the photograph where its corners have gone. */
  const stretch = (pen: CanvasRenderingContext2D, from: Point[], to: Point[]): void => {
    const [[u0, v0], [u1, v1], [u2, v2]] = from as [Point, Point, Point]
    const whole = u0 * (v1 - v2) + u1 * (v2 - v0) + u2 * (v0 - v1)
    if (Math.abs(whole) < 1e-3) return
    const along = (axis: 0 | 1): [number, number, number] => {
      const [a, b, c] = to.map((point) => point[axis]) as [number, number, number]
      return [
        (a * (v1 - v2) + b * (v2 - v0) + c * (v0 - v1)) / whole,
        (a * (u2 - u1) + b * (u0 - u2) + c * (u1 - u0)) / whole,
        (a * (u1 * v2 - u2 * v1) + b * (u2 * v0 - u0 * v2) + c * (u0 * v1 - u1 * v0)) / whole,
      ]
    }
    const [[a, c, e], [b, d, f]] = [along(0), along(1)]
    const mid = [0, 1].map((axis) => to.reduce((sum, point) => sum + point[axis as 0 | 1], 0) / 3) as [number, number]
    pen.save()
    pen.beginPath()
    for (const [i, [px, py]] of to.entries()) {
      const [qx, qy] = [mid[0] + (px - mid[0]) * 1.03, mid[1] + (py - mid[1]) * 1.03]
      if (i === 0) pen.moveTo(qx, qy)
      else pen.lineTo(qx, qy)
    }
    pen.closePath()
    pen.clip()
    pen.setTransform(a, b, c, d, e, f)
    pen.drawImage(front, 0, 0)
    pen.restore()
  }
  const turned = (yaw: number, shut: number): HTMLCanvasElement => {
    const [canvas, pen] = paper()
    pen.drawImage(front, 0, 0)
    const moved = mesh.map((point): Point => [...point])
    for (const [top, bottom] of lids)
      for (const [i, lid] of top.entries()) moved[lid]![1] += (mesh[bottom[i]!]![1] - mesh[lid]![1]) * shut
    const placed = moved.map(([px, py, pz]): Point => {
      const [across, away] = [px - middle, (pz - depth) * DEPTH]
      return [
        middle + across * Math.cos(yaw) + away * Math.sin(yaw),
        py,
        -across * Math.sin(yaw) + away * Math.cos(yaw),
      ]
    })
    const triangles = Array.from({ length: corners.length / 3 }, (_, i) => corners.slice(i * 3, i * 3 + 3))
    const far = (triangle: number[]): number => triangle.reduce((sum, corner) => sum + placed[corner]![2], 0)
    for (const triangle of triangles.toSorted((one, other) => far(other) - far(one)))
      stretch(
        pen,
        triangle.map((corner) => mesh[corner]!),
        triangle.map((corner) => placed[corner]!),
      )
    return canvas
  }
  const poses: Record<string, HTMLCanvasElement> = {
    ahead: turned(0, 0),
    rightHalf: turned(0.2, 0),
    right: turned(0.35, 0),
    leftHalf: turned(-0.2, 0),
    left: turned(-0.35, 0),
    shutHalf: turned(0, 0.5),
    shut: turned(0, 1),
    tiltRight: tilted(0.3),
    tiltLeft: tilted(-0.3),
  }
  const made: Made = { pictures: {}, seen: {} }
  for (const [name, canvas] of Object.entries(poses)) {
    made.pictures[name] = canvas.toDataURL('image/jpeg', 0.82).split(',')[1]!
    const face = (await human.detect(canvas)).face[0]
    const apart = (a: number, b: number): number =>
      Math.hypot(face!.mesh[a]![0] - face!.mesh[b]![0], face!.mesh[a]![1] - face!.mesh[b]![1])
    made.seen[name] = face
      ? {
          nose: (face.mesh[1]![0] - face.mesh[234]![0]) / (face.mesh[454]![0] - face.mesh[234]![0]),
          eye: (apart(159, 145) / apart(33, 133) + apart(386, 374) / apart(263, 362)) / 2,
          roll: face.rotation.angle.roll,
        }
      : null
  }
  return made
}

async function main([picture, folder]: string[]): Promise<void> {
  if (!picture || !folder) throw new Error('usage: node tools/make-camera-poses.ts PICTURE FOLDER')
  const server = serve(readFileSync(picture)).listen(0, '127.0.0.1')
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction('window.Human')
    const { pictures, seen } = await page.evaluate(pose)
    for (const [name, data] of Object.entries(pictures))
      writeFileSync(join(folder, `${name}.jpg`), Buffer.from(data, 'base64'))
    for (const [name, measured] of Object.entries(seen))
      process.stdout.write(`${name.padEnd(10)} ${JSON.stringify(measured)}\n`)
  } finally {
    await browser.close()
    server.close()
  }
}

await main(process.argv.slice(2))
