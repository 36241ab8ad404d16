/**
 * The effects that a pack's step may name; each is carried out by the room that its name begins with, which registers an
 * EffectHandler when the house is composed. One list, so that check-pack can prove a pack without a running house.
 */
export const effectNames: readonly string[] = ['notify.call_units']
