import type { AreaShape, Position } from '../../kernel/positions.ts'

/** What a cell is called; its shape lies flattened in the index. */
export interface CellName {
  readonly areaId: string
  readonly path: string
  readonly name: string
  readonly kind: string
  readonly overlay: string
  readonly schematic: boolean
}

/** A piece of ground as the index takes it. */
export interface GroundCell extends CellName {
  readonly shape: AreaShape
}

export interface NearCell {
  readonly cell: CellName
  /** From the position to the nearest point of the cell; 0 inside. */
  readonly distanceMetres: number
}

const METRES_PER_DEGREE = 111_195
const BUCKETS_PER_SIDE_MAX = 1024
const BUCKETS_PER_CELL = 3

const polygonsOf = (shape: AreaShape) => (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates)

/**
 * Where is a point? Answers from flat arrays: a raster of buckets, each with the cells whose bounds touch it, then the
 * exact test on their rings. Immutable; a change of the ground builds another one.
 */
export class GroundIndex {
  readonly cells: readonly CellName[]
  readonly #bounds: Float64Array
  readonly #coordinates: Float64Array
  /** Ring r of all rings lies in coordinates [ringStart[r], ringStart[r + 1]). */
  readonly #ringStart: Uint32Array
  readonly #cellRing: Uint32Array
  readonly #bucketStart: Uint32Array
  readonly #bucketCells: Uint32Array
  readonly #side: number
  readonly #west: number
  readonly #south: number
  readonly #perLng: number
  readonly #perLat: number
  readonly #seen: Uint32Array
  #round = 0

  constructor(cells: readonly GroundCell[]) {
    this.cells = cells.map(({ shape: _shape, ...name }) => name)
    const rings = cells.map(({ shape }) => polygonsOf(shape).flat())
    const corners = rings.reduce((sum, list) => sum + list.reduce((count, ring) => count + ring.length, 0), 0)
    this.#coordinates = new Float64Array(corners * 2)
    this.#ringStart = new Uint32Array(rings.reduce((sum, list) => sum + list.length, 0) + 1)
    this.#cellRing = new Uint32Array(cells.length + 1)
    this.#bounds = new Float64Array(cells.length * 4)
    this.#seen = new Uint32Array(cells.length)
    this.#flatten(rings)
    const [west, south, east, north] = this.#extent()
    this.#side = Math.min(BUCKETS_PER_SIDE_MAX, Math.max(1, Math.ceil(Math.sqrt(cells.length * BUCKETS_PER_CELL))))
    this.#west = west
    this.#south = south
    this.#perLng = this.#side / Math.max(east - west, 1e-9)
    this.#perLat = this.#side / Math.max(north - south, 1e-9)
    const counts = new Uint32Array(this.#side * this.#side + 1)
    cells.forEach((_, cell) => this.#eachBucketOf(cell, (bucket) => counts[bucket + 1]!++))
    for (let bucket = 0; bucket < this.#side * this.#side; bucket++) counts[bucket + 1]! += counts[bucket]!
    this.#bucketStart = counts
    this.#bucketCells = new Uint32Array(counts.at(-1) ?? 0)
    const fill = counts.slice()
    cells.forEach((_, cell) => this.#eachBucketOf(cell, (bucket) => (this.#bucketCells[fill[bucket]!++] = cell)))
  }

  /** Every cell that contains the position. A point on an edge that two cells draw alike belongs to one of them. */
  containing({ lng, lat }: Position): CellName[] {
    const column = Math.floor((lng - this.#west) * this.#perLng)
    const row = Math.floor((lat - this.#south) * this.#perLat)
    const found: CellName[] = []
    if (!(column >= 0 && row >= 0 && column <= this.#side && row <= this.#side)) return found
    const bucket = Math.min(row, this.#side - 1) * this.#side + Math.min(column, this.#side - 1)
    for (let at = this.#bucketStart[bucket]!; at < this.#bucketStart[bucket + 1]!; at++) {
      const cell = this.#bucketCells[at]!
      if (this.#contains(cell, lng, lat)) found.push(this.cells[cell]!)
    }
    return found
  }

  /** The cells that a circle around the position touches, nearest first. */
  near(position: Position, metres: number): NearCell[] {
    const { lng, lat } = position
    const round = ++this.#round
    const perLng = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180)
    const [west, east] = [lng - metres / perLng, lng + metres / perLng]
    const [south, north] = [lat - metres / METRES_PER_DEGREE, lat + metres / METRES_PER_DEGREE]
    const found: NearCell[] = []
    this.#eachBucket(west, south, east, north, (bucket) => {
      for (let at = this.#bucketStart[bucket]!; at < this.#bucketStart[bucket + 1]!; at++) {
        const cell = this.#bucketCells[at]!
        if (this.#seen[cell] === round) continue
        this.#seen[cell] = round
        const b = cell * 4
        const bounds = this.#bounds
        if (bounds[b]! > east || bounds[b + 1]! > north || bounds[b + 2]! < west || bounds[b + 3]! < south) continue
        const distance = this.#distance(cell, lng, lat, perLng)
        if (distance <= metres) found.push({ cell: this.cells[cell]!, distanceMetres: distance })
      }
    })
    return found.sort(
      (one, other) => one.distanceMetres - other.distanceMetres || (one.cell.path < other.cell.path ? -1 : 1),
    )
  }

  #flatten(rings: (readonly (readonly number[])[])[][]): void {
    let corner = 0
    let ring = 0
    rings.forEach((list, cell) => {
      const bounds = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number]
      for (const points of list) {
        for (const [lng = Number.NaN, lat = Number.NaN] of points) {
          this.#coordinates[corner++] = lng
          this.#coordinates[corner++] = lat
          bounds[0] = Math.min(bounds[0], lng)
          bounds[1] = Math.min(bounds[1], lat)
          bounds[2] = Math.max(bounds[2], lng)
          bounds[3] = Math.max(bounds[3], lat)
        }
        this.#ringStart[++ring] = corner
      }
      this.#cellRing[cell + 1] = ring
      this.#bounds.set(bounds, cell * 4)
    })
  }

  #extent(): [number, number, number, number] {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
    for (let at = 0; at < this.#bounds.length; at += 4) {
      west = Math.min(west, this.#bounds[at]!)
      south = Math.min(south, this.#bounds[at + 1]!)
      east = Math.max(east, this.#bounds[at + 2]!)
      north = Math.max(north, this.#bounds[at + 3]!)
    }
    return west <= east ? [west, south, east, north] : [0, 0, 0, 0]
  }

  #eachBucketOf(cell: number, visit: (bucket: number) => void): void {
    const [west, south, east, north] = this.#bounds.subarray(cell * 4, cell * 4 + 4)
    this.#eachBucket(west!, south!, east!, north!, visit)
  }

  #eachBucket(west: number, south: number, east: number, north: number, visit: (bucket: number) => void): void {
    const last = this.#side - 1
    const clamp = (value: number): number => Math.min(last, Math.max(0, Math.floor(value)))
    const [fromColumn, toColumn] = [
      clamp((west - this.#west) * this.#perLng),
      clamp((east - this.#west) * this.#perLng),
    ]
    const [fromRow, toRow] = [clamp((south - this.#south) * this.#perLat), clamp((north - this.#south) * this.#perLat)]
    for (let row = fromRow; row <= toRow; row++) {
      for (let column = fromColumn; column <= toColumn; column++) visit(row * this.#side + column)
    }
  }

  #contains(cell: number, lng: number, lat: number): boolean {
    const bounds = this.#bounds
    const b = cell * 4
    if (lng < bounds[b]! || lat < bounds[b + 1]! || lng > bounds[b + 2]! || lat > bounds[b + 3]!) return false
    let odd = false
    for (let ring = this.#cellRing[cell]!; ring < this.#cellRing[cell + 1]!; ring++) {
      const start = this.#ringStart[ring]!
      const end = this.#ringStart[ring + 1]!
      for (let at = start, before = end - 2; at < end; before = at, at += 2) {
        if (crosses(this.#coordinates, at, before, lng, lat)) odd = !odd
      }
    }
    return odd
  }

  #distance(cell: number, lng: number, lat: number, perLng: number): number {
    if (this.#contains(cell, lng, lat)) return 0
    let least = Infinity
    const c = this.#coordinates
    for (let ring = this.#cellRing[cell]!; ring < this.#cellRing[cell + 1]!; ring++) {
      const start = this.#ringStart[ring]!
      const end = this.#ringStart[ring + 1]!
      for (let at = start, before = end - 2; at < end; before = at, at += 2) {
        const ax = (c[before]! - lng) * perLng
        const ay = (c[before + 1]! - lat) * METRES_PER_DEGREE
        const bx = (c[at]! - lng) * perLng
        const by = (c[at + 1]! - lat) * METRES_PER_DEGREE
        least = Math.min(least, squaredToSegment(ax, ay, bx, by))
      }
    }
    return Math.sqrt(least)
  }
}

/** Same half-open rule and arithmetic as kernel's pointInPolygon, lower end first, so both sides of an edge agree. */
function crosses(c: Float64Array, at: number, before: number, lng: number, lat: number): boolean {
  const ay = c[at + 1]!
  const by = c[before + 1]!
  if (ay > lat === by > lat) return false
  const [low, high] = ay < by ? [at, before] : [before, at]
  const lowX = c[low]!
  const lowY = c[low + 1]!
  return lng < lowX + ((c[high]! - lowX) * (lat - lowY)) / (c[high + 1]! - lowY)
}

/** Squared distance from the origin to the segment. */
function squaredToSegment(ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length))
  const [x, y] = [ax + along * dx, ay + along * dy]
  return x * x + y * y
}
