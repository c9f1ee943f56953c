extension NativeText {
  /// What is the same for all models of a size: the store's side, as ``StoreIndex`` and
  /// ``SuccessorBatch`` have it.
  static func runtime(_ wordCount: Int, hasEdges: Bool) -> String {
    """
    typedef unsigned long long u64;
    typedef long long i64;
    typedef unsigned int u32;
    typedef unsigned __int128 u128;
    #define W \(wordCount)
    #define EDGES \(hasEdges ? 1 : 0)
    #define BATCH \(SuccessorBatch.capacity)
    #define LINE \(StoreIndex.lineRows)
    #define SENDS 64
    #define FIRST_FOUND \(ScannedPart.firstFound)u
    #define SLOT(name) SLOT_##name
    \(NativeSlot.allCases.map { "#define SLOT_\($0) \($0.rawValue)\n" }.joined())
    typedef struct {
      i64 count, transitions, work, found, foundRoom, edges, edgeRoom, events, eventRoom, errors;
      u64 state, firstError, asleep, before, dependents, inverse;
      int isAsleep, isOver, isProgress;
      u64 lineCount, recentShift, firstSleep, sleepCount;
      u32 numberMask, tagMask;
      u64 **chunks;
      const u32 *table;
      const u64 *sleepSets;
      u64 *recent, *foundWords, *foundHashes, *foundSleeps, *eventWords;
      u32 *edgeSources, *edgeTargets;
      i64 *firings;
      u64 words[BATCH * W], hashes[BATCH], sleeps[BATCH];
      u32 sources[BATCH], looks[BATCH], numbers[BATCH];
    } C;

    static inline u64 fold(u64 a, u64 b) {
      u128 p = (u128)a * b;
      return (u64)(p >> 64) ^ (u64)p;
    }
    static inline u64 hash_of(const u64 *w) {
      u64 h = 0xA0761D6478BD642FULL;
      for (int k = 0; k < W; k++) h = fold(w[k] ^ h, 0xE7037ED1A0B428DBULL);
      return fold(h ^ 0x8EBC6AF09C88C6E3ULL, 0x589965CC75374CC3ULL);
    }
    static inline const u64 *address(const C *c, u64 state) {
      return c->chunks[state >> \(StoreIndex.chunkShift)]
        + (state & \(StoreIndex.chunkSize - 1)) * W;
    }
    static inline const u32 *line_of(const C *c, u64 hash) {
      return c->table + LINE * (u64)((u128)hash * c->lineCount >> 64);
    }
    // A bit for each row of a line that has a hash's tag, and one for each that is free. Another
    // thread may write to them.
    static inline u32 look(const u32 *line, u32 mask, u32 tag) {
      u32 matching = 0, vacant = 0;
    #if defined(__x86_64__)
      typedef u32 Rows __attribute__((vector_size(16)));
      typedef float Floats __attribute__((vector_size(16)));
      const Rows masks = {mask, mask, mask, mask}, tags = {tag, tag, tag, tag}, none = {0};
    #define PART(k) { Rows rows = ((const Rows *)line)[k]; \
      matching |= (u32)__builtin_ia32_movmskps((Floats)((rows & masks) == tags)) << 4 * k; \
      vacant |= (u32)__builtin_ia32_movmskps((Floats)(rows == none)) << 4 * k; }
      PART(0) PART(1) PART(2) PART(3)
    #else
      for (int k = 0; k < LINE; k++) {
        u32 row = __atomic_load_n(line + k, __ATOMIC_ACQUIRE);
        matching |= (u32)!((row ^ tag) & mask) << k;
        vacant |= (u32)!row << k;
      }
    #endif
      return (matching & ~vacant) | vacant << LINE;
    }
    static inline u32 number(const u32 *line, u32 matches, u32 mask) {
      return (__atomic_load_n(line + __builtin_ctz(matches), __ATOMIC_ACQUIRE) & mask) - 1;
    }
    static inline int differ(const u64 *n, const u64 *w) {
      u64 bits = 0;
      for (int j = 0; j < W; j++) bits |= n[j] ^ w[j];
      return bits != 0;
    }
    // The number of a state that may be in any line; one that no state has if it is in none.
    static __attribute__((noinline)) u32 search(const C *c, const u64 *w, u64 hash) {
      const u32 *line = line_of(c, hash);
      for (;;) {
        u32 bits = look(line, c->tagMask, (u32)hash & c->tagMask);
        for (u32 rest = bits & 0xFFFF; rest; rest &= rest - 1) {
          u32 found = number(line, rest, c->numberMask);
          if (!differ(address(c, found), w)) return found;
        }
        if (bits >> LINE) return ~0u;
        line += LINE;
        if (line == c->table + c->lineCount * LINE) line = c->table;
      }
    }
    static inline u64 sleep_of(const C *c, u64 state) {
      u64 place = state - c->firstSleep;
      return state >= c->firstSleep && place < c->sleepCount ? c->sleepSets[place] : 0;
    }
    // What it does depends on as little as can be: whether a state is new can hardly be predicted.
    static void flush(C *c) {
      i64 count = c->count, found = c->found;
      u32 numberMask = c->numberMask, tagMask = c->tagMask;
      if (found + count > c->foundRoom || EDGES && c->edges + count > c->edgeRoom) {
        c->isOver = 1;
        return;
      }
      for (i64 k = 0; k < count; k++) __builtin_prefetch(line_of(c, c->hashes[k]));
      for (i64 k = 0; k < count; k++) {
        const u32 *line = line_of(c, c->hashes[k]);
        u32 bits = look(line, tagMask, (u32)c->hashes[k] & tagMask), matches = bits & 0xFFFF;
        // The first state stands for none.
        u32 candidate = number(line, matches | 1 << (LINE - 1), numberMask);
        candidate = matches ? candidate : 0;
        c->looks[k] = bits;
        c->numbers[k] = candidate;
        const void *next = address(c, candidate);
        __builtin_prefetch(bits ? next : line + LINE);
      }
      for (i64 k = 0; k < count; k++) {
        const u64 *w = c->words + k * W;
        u32 bits = c->looks[k], matches = bits & 0xFFFF, known = c->numbers[k];
        int isNew = !matches | differ(address(c, known), w);
        if (isNew & (matches & (matches - 1) || !(bits >> LINE))) {
          known = search(c, w, c->hashes[k]);
          isNew = known == ~0u;
        }
        if (EDGES) {
          c->edgeSources[c->edges] = c->sources[k];
          c->edgeTargets[c->edges++] = isNew ? FIRST_FOUND + found : known;
        }
        for (int j = 0; j < W; j++) c->foundWords[found * W + j] = w[j];
        c->foundHashes[found] = c->hashes[k];
        c->foundSleeps[found] = c->sleeps[k];
        found += isNew;
      }
      c->found = found;
      c->count = 0;
    }
    static inline void push(C *c, const u64 *n, u64 sleep) {
      u64 hash = hash_of(n), *to = c->words + c->count * W;
      c->hashes[c->count] = hash;
      c->sleeps[c->count] = sleep;
      if (EDGES) c->sources[c->count] = c->state;
      u64 *recent = c->recent + (hash >> c->recentShift) * W;
      int isKnown = !EDGES;
      for (int j = 0; j < W; j++) {
        if (!EDGES) {
          isKnown &= recent[j] == n[j];
          recent[j] = n[j];
        }
        to[j] = n[j];
      }
      c->count += !isKnown;
      if (c->count == BATCH) flush(c);
    }
    static void event(C *c, u64 kind, u64 network, u64 number) {
      if (c->events == c->eventRoom) { c->isOver = 1; return; }
      u64 *to = c->eventWords + \(NativeEvent.words) * c->events++;
      to[0] = kind, to[1] = c->state, to[2] = network, to[3] = number;
    }
    static void failed(C *c) {
      if (!c->errors++) c->firstError = c->state;
    }
    static inline void count_step(C *c, int transition) {
      c->transitions++;
      c->firings[transition + 1]++;
    }
    static void begin(C *c, u64 *slots) {
      c->count = c->transitions = c->found = c->edges = c->events = c->errors = 0;
      c->isOver = 0;
      c->firstError = 0;
      c->work = slots[SLOT_work];
      c->foundRoom = slots[SLOT_foundRoom];
      c->edgeRoom = slots[SLOT_edgeRoom];
      c->eventRoom = slots[SLOT_eventRoom];
      c->lineCount = slots[SLOT_lineCount];
      c->recentShift = slots[SLOT_recentShift];
      c->firstSleep = slots[SLOT_firstSleep];
      c->sleepCount = slots[SLOT_sleepCount];
      c->numberMask = slots[SLOT_numberMask];
      c->tagMask = slots[SLOT_tagMask];
      c->chunks = (u64 **)slots[SLOT_chunks];
      c->table = (const u32 *)slots[SLOT_table];
      c->sleepSets = (const u64 *)slots[SLOT_sleeps];
      c->recent = (u64 *)slots[SLOT_recent];
      c->foundWords = (u64 *)slots[SLOT_foundWords];
      c->foundHashes = (u64 *)slots[SLOT_foundHashes];
      c->foundSleeps = (u64 *)slots[SLOT_foundSleeps];
      c->eventWords = (u64 *)slots[SLOT_events];
      c->edgeSources = (u32 *)slots[SLOT_sources];
      c->edgeTargets = (u32 *)slots[SLOT_targets];
      c->firings = (i64 *)slots[SLOT_firings];
    }
    static void end(const C *c, u64 *slots) {
      slots[SLOT_found] = c->found;
      slots[SLOT_edges] = c->edges;
      slots[SLOT_eventCount] = c->events;
      slots[SLOT_transitions] = c->transitions;
      slots[SLOT_errors] = c->errors;
      slots[SLOT_firstError] = c->firstError;
    }

    """
  }
}
