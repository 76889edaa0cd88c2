// Cached answers. An answer is fresh for ttl seconds, and then stale for swr more.

const mostEntries = 10_000;

/** Cache keeps answers, {data, lastModified, ...}, by key. */
export class Cache {
  constructor(now = () => performance.now()) {
    this.entries = new Map();
    this.now = now;
  }

  /**
   * get answers {status, answer}: of what is kept, as long as the strategy at hand
   * allows its age, and else of what fetch returns.
   */
  get(key, { ttl = 0, swr = 0, tags = [] }, fetch) {
    const entry = this.entries.get(key);
    const age = entry ? (this.now() - entry.storedAt) / 1000 : Infinity;
    if (age < ttl) return { status: 'ttl', answer: entry.answer };
    if (age < ttl + swr) {
      this.refresh(key, entry, fetch);
      return { status: 'swr', answer: entry.answer };
    }
    const answer = fetch();
    this.store(key, answer, tags);
    return { status: 'miss', answer };
  }

  // refresh fetches again, once for all who are answered meanwhile. What was
  // dropped before it is done stays dropped; where it fails the stale answer stays.
  refresh(key, entry, fetch) {
    if (entry.refreshing) return;
    entry.refreshing = true;
    setImmediate(() => {
      if (this.entries.get(key) !== entry) return;
      try {
        this.store(key, fetch(), entry.tags);
      } catch {
        entry.refreshing = false;
      }
    });
  }

  store(key, answer, tags) {
    this.entries.delete(key);
    this.entries.set(key, { answer, tags, storedAt: this.now() });
    if (this.entries.size > mostEntries) this.entries.delete(this.entries.keys().next().value);
  }

  /** invalidate drops what carries any of the tags. */
  invalidate(tags) {
    for (const [key, entry] of this.entries) {
      if (entry.tags.some((tag) => tags.includes(tag))) this.entries.delete(key);
    }
  }

  clear() {
    this.entries.clear();
  }
}
