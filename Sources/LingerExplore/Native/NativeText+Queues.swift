import LingerModel

/// Networks of queues: one for each ordered pair of instances that a route joins.
extension NativeText {
  private func get(_ field: BitField, from words: String) -> String {
    "(\(words)[\(field.word)] >> \(field.shift) & \(field.lowMask)ULL)"
  }

  private func set(_ field: BitField, in words: String, _ value: String) -> String {
    let word = "\(words)[\(field.word)]"
    return "\(word) = \(word) & ~\(field.mask)ULL | (u64)(\(value)) << \(field.shift);\n"
  }

  private func copy(to words: String) -> String {
    "u64 \(words)[W];\n__builtin_memcpy(\(words), w, sizeof \(words));\n"
  }

  /// For each network a function that puts a message at the end of its queue, true where that is an
  /// error of the spec, and one that counts a message's copies.
  func appends() -> String {
    var text = ""
    for (number, network) in layout.networks.enumerated() {
      guard let queues = network.queues else { continue }
      let pairs = network.space.pairs
      let table = pairs.indices.flatMap { repeatElement("\($0)", count: pairs[$0].count) }
      text += "static const u32 pairs\(number)[] = {\(table.joined(separator: ", ")), 0};\n"
      text += "static int append\(number)(C *c, u64 *n, i64 number) {\n"
      text += "switch (pairs\(number)[number]) {\n"
      for (pair, queue) in queues.enumerated() {
        text += "case \(pair):\n"
        text += append(to: queue)
        // More places than the layout has: the search begins again with a larger one.
        if queue.slots.count < network.capacity { text += "c->isOver = 1;\n" }
        text += "break;\n"
      }
      text += "}\nreturn \(network.failsWhenFull ? 1 : 0);\n}\n"
      text += "static i64 count\(number)(const u64 *w, i64 number) {\ni64 count = 0;\n"
      text += "switch (pairs\(number)[number]) {\n"
      for (pair, queue) in queues.enumerated() {
        text += "case \(pair):\n"
        for slot in queue.slots {
          text += "count += \(get(slot, from: "w")) == (u64)(number - \(queue.first) + 1);\n"
        }
        text += "break;\n"
      }
      text += "}\nreturn count;\n}\n"
    }
    return text
  }

  /// Puts a message in the first free place, if there is one.
  private func append(to queue: PackedNetwork.PackedQueue) -> String {
    let stored = "number - \(queue.first) + 1"
    if let first = queue.slots.first, let row = row(queue.slots, from: 0) {
      // Those behind a free place are free too.
      return """
        { u64 taken = n[\(row.word)] & \(row.mask)ULL;
        int at = taken ? \(first.shift) + ((63 - __builtin_clzll(taken) - \(first.shift))\
         / \(first.width) + 1) * \(first.width) : \(first.shift);
        if (at < \(first.shift + queue.slots.count * first.width)) {
        n[\(row.word)] |= (u64)(\(stored)) << at;
        return 0;
        } }

        """
    }
    return queue.slots.map { slot in
      "if (!\(get(slot, from: "n"))) { \(set(slot, in: "n", stored))return 0; }\n"
    }.joined()
  }

  /// For each network a function for its deliveries, losses and duplications.
  func queues() -> String {
    var text = ""
    for (number, network) in layout.networks.enumerated() {
      guard let queues = network.queues else { continue }
      let description = layout.model.networks[number]
      text += "static void queues\(number)(C *c, const u64 *w) {\n"
      for queue in queues { text += deliver(queue, number) }
      if description.hasLossSteps { for queue in queues { text += lose(queue) } }
      if description.hasDuplicationSteps {
        for queue in queues { text += duplicate(queue, network.capacity) }
      }
      text += "}\n"
    }
    return text
  }

  /// What is behind a place moves up.
  private func close(_ slots: [BitField], at place: Int, in words: String) -> String {
    if let row = row(slots, from: place) {
      let behind = row.mask & ~slots[place].mask
      return "\(words)[\(row.word)] = \(words)[\(row.word)] & ~\(row.mask)ULL"
        + " | (w[\(row.word)] & \(behind)ULL) >> \(slots[place].width);\n"
    }
    var text = ""
    for index in place..<slots.count {
      let next = index + 1 < slots.count ? get(slots[index + 1], from: "w") : "0"
      text += set(slots[index], in: words, next)
    }
    return text
  }

  /// The bits of the places from one on, where they stand one behind the other in one word.
  private func row(_ slots: [BitField], from place: Int) -> (word: Int, mask: UInt64)? {
    let first = slots[place]
    for (index, slot) in slots[place...].enumerated() {
      guard slot.word == first.word, slot.width == first.width,
        slot.shift == first.shift + index * first.width
      else { return nil }
    }
    return (first.word, slots[place...].reduce(0) { $0 | $1.mask })
  }

  private func deliver(_ queue: PackedNetwork.PackedQueue, _ network: Int) -> String {
    guard let head = queue.slots.first else { return "" }
    let first = 1 + firstMessages[network]
    return """
      { u64 stored = \(get(head, from: "w"));
      if (stored) {
      const Message *m = messages + \(first + queue.first - 1) + stored;
      \(copy(to: "d"))\(close(queue.slots, at: 0, in: "d"))c->isAsleep = 0;
      c->before = c->dependents = c->inverse = 0;
      int any = deliver(c, d, m);
      if (c->isOver) return;
      if (!any) event(c, 1, \(network), m - messages - \(first));
      } }

      """
  }

  private func lose(_ queue: PackedNetwork.PackedQueue) -> String {
    queue.slots.indices.map { place in
      """
      if (\(get(queue.slots[place], from: "w"))) {
      \(copy(to: "n"))\(close(queue.slots, at: place, in: "n"))c->transitions++;
      push(c, n, 0);
      }

      """
    }.joined()
  }

  /// A copy goes behind the original.
  private func duplicate(_ queue: PackedNetwork.PackedQueue, _ capacity: Int) -> String {
    guard let last = queue.slots.last else { return "" }
    // Without a free place: the queue is full, or the layout too small.
    let full = queue.slots.count < capacity ? "c->isOver = 1; return;" : ""
    var text = "if (\(get(last, from: "w"))) { \(full) } else {\n"
    for place in queue.slots.indices.dropLast() {
      text += "if (\(get(queue.slots[place], from: "w"))) {\n\(copy(to: "n"))"
      for index in (place + 1)..<queue.slots.count {
        text += set(queue.slots[index], in: "n", get(queue.slots[index - 1], from: "w"))
      }
      text += "c->transitions++;\npush(c, n, 0);\n}\n"
    }
    return text + "}\n"
  }
}
