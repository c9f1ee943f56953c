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
      u64 tableCapacity, recentShift, firstSleep, sleepCount;
      u32 numberMask, tagMask;
      u64 **chunks;
      const u32 *table;
      const u64 *sleepSets;
      u64 *recent, *foundWords, *foundHashes, *foundSleeps, *eventWords;
      u32 *edgeSources, *edgeTargets;
      i64 *firings;
      u64 words[BATCH * W], hashes[BATCH], sleeps[BATCH], candidates[BATCH];
      u32 sources[BATCH], rows[BATCH];
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
    static inline u64 slot_of(const C *c, u64 hash) {
      return (u64)((u128)hash * c->tableCapacity >> 64);
    }
    static inline u64 next_slot(const C *c, u64 slot, u64 first) {
      slot = (slot & ~(u64)(LINE - 1)) | ((slot + 1) & (LINE - 1));
      if ((slot & (LINE - 1)) != first) return slot;
      slot += LINE;
      return slot < c->tableCapacity ? slot : slot - c->tableCapacity;
    }
    // The first slot from one on that is free or whose row has the hash's tag; the row.
    static inline u32 candidate(const C *c, u64 hash, u64 *slot) {
      u64 first = slot_of(c, hash) & (LINE - 1);
      for (;;) {
        // Another thread may write to it.
        u32 row = __atomic_load_n(c->table + *slot, __ATOMIC_ACQUIRE);
        if (!row || !((row ^ (u32)hash) & c->tagMask)) return row;
        *slot = next_slot(c, *slot, first);
      }
    }
    static inline u64 sleep_of(const C *c, u64 state) {
      u64 place = state - c->firstSleep;
      return state >= c->firstSleep && place < c->sleepCount ? c->sleepSets[place] : 0;
    }
    static void flush(C *c) {
      i64 count = c->count;
      for (i64 k = 0; k < count; k++) __builtin_prefetch(c->table + slot_of(c, c->hashes[k]));
      for (i64 k = 0; k < count; k++) {
        u64 slot = slot_of(c, c->hashes[k]);
        u32 row = candidate(c, c->hashes[k], &slot);
        c->rows[k] = row;
        c->candidates[k] = slot;
        if (row) __builtin_prefetch(address(c, (row & c->numberMask) - 1));
      }
      for (i64 k = 0; k < count; k++) {
        const u64 *w = c->words + k * W;
        u64 slot = c->candidates[k], number = ~0ULL;
        for (u32 row = c->rows[k]; row;) {
          const u64 *known = address(c, (row & c->numberMask) - 1);
          int isEqual = 1;
          for (int j = 0; j < W; j++) isEqual &= known[j] == w[j];
          if (isEqual) { number = (row & c->numberMask) - 1; break; }
          slot = next_slot(c, slot, slot_of(c, c->hashes[k]) & (LINE - 1));
          row = candidate(c, c->hashes[k], &slot);
        }
        if (EDGES) {
          if (c->edges == c->edgeRoom) { c->isOver = 1; return; }
          c->edgeSources[c->edges] = c->sources[k];
          c->edgeTargets[c->edges++] = number == ~0ULL ? FIRST_FOUND + c->found : number;
        }
        if (number == ~0ULL) {
          if (c->found == c->foundRoom) { c->isOver = 1; return; }
          for (int j = 0; j < W; j++) c->foundWords[c->found * W + j] = w[j];
          c->foundHashes[c->found] = c->hashes[k];
          c->foundSleeps[c->found++] = c->sleeps[k];
        }
      }
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
    static inline int differ(const u64 *n, const u64 *w) {
      u64 bits = 0;
      for (int j = 0; j < W; j++) bits |= n[j] ^ w[j];
      return bits != 0;
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
      c->tableCapacity = slots[SLOT_tableCapacity];
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
