// Random numbers that are the same everywhere: xorshift128 seeded by splitmix32, in 32-bit integers.
//
// Every case has a generator of its own, derived from the seed and the case's number, so that one case can be made again without
// those before it and a longer run begins with the cases of a shorter one. Math.random cannot be seeded.

const splitmix = (state) => () => {
  state = (state + 0x9e3779b9) | 0;
  let z = state ^ (state >>> 16);
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
};

export class Prng {
  constructor(seed, stream = 0) {
    const next = splitmix(Math.imul(seed, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35));
    this.state = Uint32Array.of(next(), next(), next(), next() | 1);
  }

  uint32() {
    const s = this.state;
    let t = s[3];
    t ^= t << 11;
    t ^= t >>> 8;
    s[3] = s[2];
    s[2] = s[1];
    s[1] = s[0];
    s[0] = t ^ s[0] ^ (s[0] >>> 19);
    return s[0];
  }

  // 0 <= result < bound
  below(bound) {
    return Math.floor((this.uint32() / 4294967296) * bound);
  }

  // low <= result <= high
  between(low, high) {
    return low + this.below(high - low + 1);
  }

  chance(probability) {
    return this.uint32() < probability * 4294967296;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  // `choices` is a list of [weight, value].
  weighted(choices) {
    let total = 0;
    for (const [weight] of choices) total += weight;
    let at = (this.uint32() / 4294967296) * total;
    for (const [weight, value] of choices) {
      at -= weight;
      if (at < 0) return value;
    }
    return choices[choices.length - 1][1];
  }

  // `count` calls of `make`
  times(count, make) {
    return Array.from({ length: count }, (_, i) => make(i));
  }

  // Each element with the given probability, in order.
  subset(list, probability) {
    return list.filter(() => this.chance(probability));
  }

  shuffled(list) {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; --i) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
