// Counts in groups, and what falls short of a minimum.
//
// A generator rots silently: one change of a weight, and nothing reaches `getTag` any more while the test stays green. So the figures of a
// run have minimums, and a run that stays under one fails.

export class Figures {
  constructor(groups) {
    this.groups = Object.fromEntries([...groups, 'total'].map((name) => [name, new Map()]));
  }

  count(group, name, by = 1) {
    this.groups[group].set(name, (this.groups[group].get(name) ?? 0) + by);
  }

  get(group, name) {
    return this.groups[group].get(name) ?? 0;
  }

  total(name) {
    return this.get('total', name);
  }

  share(name, of) {
    return `${((100 * this.total(name)) / Math.max(1, this.total(of))).toFixed(1)} %`;
  }

  // What fell short, as sentences. `scale` is 1 for a run of the size that the minimums were taken from.
  shortfalls(minimums, scale) {
    const found = [];
    for (const [group, least] of Object.entries(minimums)) {
      for (const [name, count] of Object.entries(least)) {
        const needed = Math.floor(count * scale);
        if (this.get(group, name) < needed) found.push(`${group} \`${name}\`: ${this.get(group, name)}, at least ${needed} expected`);
      }
    }
    return found;
  }

  // One line a group, the rarest first: that is where a reader looks.
  print(write) {
    for (const [group, counts] of Object.entries(this.groups)) {
      if (group === 'total') continue;
      const sorted = [...counts].sort((a, b) => a[1] - b[1]);
      write(`${group}: ${sorted.map(([name, count]) => `${name} ${count}`).join(', ')}`);
    }
  }
}
