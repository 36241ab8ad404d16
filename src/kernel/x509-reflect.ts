/**
 * The little of Reflect's metadata that the certificate library's container asks for. It asks only for constructor
 * parameters, which none of its classes declares; the whole polyfill would bring nothing more.
 */
const kept = new WeakMap<object, Map<string, unknown>>()

const polyfill = {
  getMetadata: (key: string, target: object): unknown => kept.get(target)?.get(key),
  getOwnMetadata: (key: string, target: object): unknown => kept.get(target)?.get(key),
  hasOwnMetadata: (key: string, target: object): boolean => kept.get(target)?.has(key) ?? false,
  defineMetadata(key: string, value: unknown, target: object): void {
    const own = kept.get(target) ?? new Map<string, unknown>()
    kept.set(target, own.set(key, value))
  },
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, polyfill)
