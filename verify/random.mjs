/** A seeded source of random numbers. Whatever a run does by chance comes from one, so that its seed repeats it. */
export class Random {
  #seed;
  #state;

  /** @param {string | number} seed */
  constructor(seed) {
    this.#seed = String(seed);
    this.#state = hash(this.#seed);
  }

  /**
   * A stream of its own: what one part of a run draws does not move what another draws, however their timing mixes.
   *
   * @param {string} name
   */
  derive(name) {
    return new Random(`${this.#seed}/${name}`);
  }

  /** From 0 on, below 1 (mulberry32). */
  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** @param {number} least @param {number} below */
  between(least, below) {
    return least + this.fraction() * (below - least);
  }

  /** A whole number; both ends are possible. @param {number} least @param {number} most */
  integer(least, most) {
    return Math.floor(this.between(least, most + 1));
  }

  /** @param {number} probability */
  chance(probability) {
    return this.fraction() < probability;
  }

  /** A waiting time without memory. @param {number} mean */
  exponential(mean) {
    return -Math.log(1 - this.fraction()) * mean;
  }

  /** @template T @param {readonly T[]} values at least one @returns {T} */
  pick(values) {
    return /** @type {T} */ (values[this.integer(0, values.length - 1)]);
  }

  /**
   * @template {string} T
   * @param {Readonly<Record<T, number>>} weights
   * @returns {T}
   */
  weighted(weights) {
    const entries = /** @type {[T, number][]} */ (Object.entries(weights));
    let rest = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of entries) {
      rest -= weight;
      if (rest < 0) return value;
    }
    return /** @type {[T, number]} */ (entries[entries.length - 1])[0];
  }

  /** @template T @param {readonly T[]} values @returns {T[]} in another order */
  shuffled(values) {
    const copy = [...values];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [copy[i], copy[j]] = [/** @type {T} */ (copy[j]), /** @type {T} */ (copy[i])];
    }
    return copy;
  }
}

/** FNV-1a. @param {string} text */
function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}
