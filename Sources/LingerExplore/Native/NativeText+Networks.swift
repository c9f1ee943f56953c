import LingerModel

/// Networks of counters: what is in flight, and what sends and acts make of it.
extension NativeText {
  /// One row for each message.
  func messageTable() -> String {
    var text = """
      typedef struct {
        u32 word, shift, block, isRepeated;
        i64 ordinal;
        u64 deliver, lose, duplicate, senders, readers, beforeDelivery, beforeLoss;
        u64 beforeDuplication;
      } Message;
      static const Message messages[] = {
      {0},

      """
    for network in layout.networks {
      for number in 0..<(network.space.fixedCount ?? 0) {
        let counter = network.counter(of: number)
        let block = firstBlock(of: network) + network.space.blockIndex(of: number)
        let content = network.space.content(of: number)
        let place = firstMessages[network.space.network] + number
        guard hasPlaces(network.space.blocks[network.space.blockIndex(of: number)], network) else {
          text += "{0},\n"
          continue
        }
        let masks = independence.isUsed ? independence.messages[place] : Independence.Message()
        let sets = [
          masks.deliver, masks.lose, masks.duplicate, masks.senders, masks.readers,
          masks.beforeDelivery, masks.beforeLoss, masks.beforeDuplication,
        ]
        var row = ["\(max(0, counter.word))", "\(counter.shift)", "\(block)"]
        row += ["\(masks.isRepeated ? 1 : 0)", "\(content.ordinal)"]
        row += sets.map { $0 == 0 ? "0" : "\($0)ULL" }
        // C takes what is left out for 0; much text takes a compiler long.
        while row.count > 1, row.last == "0" { row.removeLast() }
        text += "{" + row.joined(separator: ", ") + "},\n"
      }
    }
    return text + "};\n"
  }

  /// Whether a message of a block can be in flight: in a ring few pairs of instances send to one
  /// another, and the queues of the others have no places.
  private func hasPlaces(_ block: MessageSpace.Block, _ network: PackedNetwork) -> Bool {
    network.queues.map { !$0[block.pair].slots.isEmpty } ?? true
  }

  /// Sends what a step has noted; true where that is an error of the spec.
  ///
  /// What does not commute with a send is what ``Independence/Message`` says.
  func sends() -> String {
    var text = """
      static inline int send_all(C *c, u64 *n, const u32 *list, int count, u64 *dependents) {
      for (int k = 0; k < count; k++) {
      const Message *m = messages + 1 + list[k];

      """
    for (number, network) in layout.networks.enumerated() where network.space.fixedCount != 0 {
      let end = firstMessages[number] + (network.space.fixedCount ?? 0)
      let isKept = layout.model.networks[number].discipline == .set
      if layout.networks.count > 1 { text += "if (list[k] < \(end)) {\n" }
      guard network.isCounted else {
        text += "if (append\(number)(c, n, list[k] - \(firstMessages[number]))) return 1;\n"
        if layout.networks.count > 1 { text += "continue;\n}\n" }
        continue
      }
      text += """
        u64 copies = n[m->word] >> m->shift & \(network.countMask)ULL;
        *dependents |= m->readers;
        if (copies >= \(network.capacity)) {
        \(network.failsWhenFull ? "return 1;" : "")
        *dependents |= m->lose\(isKept ? "" : " | m->deliver");
        } else {
        if (!copies) *dependents |= m->deliver | m->lose | m->duplicate;
        n[m->word] += 1ULL << m->shift;
        }

        """
      if layout.networks.count > 1 { text += "continue;\n}\n" }
    }
    return text + "}\nreturn 0;\n}\n" + Self.finish
  }

  /// What a step ends with. One copy of it: many take a compiler long.
  private static let finish = """
    static __attribute__((noinline)) void finish(C *c, u64 *n, const u32 *list, int count) {
    u64 dependents = c->dependents;
    if (send_all(c, n, list, count, &dependents)) failed(c);
    else if (!c->isAsleep) push(c, n, c->before & ~dependents | c->inverse);
    }

    """

  /// Whether what a step sends may be an error of the spec.
  var mayOverflow: Bool { layout.networks.contains { $0.failsWhenFull || $0.queues != nil } }

  /// Statements for each entry of a network in `w`: `m` is its message, `copies` how many. With
  /// occasions, only for messages whose occasion is awake.
  private func forEachEntry(
    of network: PackedNetwork,
    awake occasion: KeyPath<Independence.Message, UInt64>? = nil,
    _ body: String
  ) -> String {
    var text = ""
    let first = 1 + firstMessages[network.space.network]
    for segment in network.segments {
      let asleep = occasion.map { asleepCounters($0, network, segment) } ?? ""
      text += """
        {
        const u64 all = w[\(segment.word)] & \(segment.mask)ULL;
        u64 bits = all;
        \(fold(network, segment))\(asleep)for (; bits; bits &= bits - 1) {
        int shift = __builtin_ctzll(bits);
        u64 copies = all >> shift & \(network.countMask)ULL;
        const Message *m = messages + \(first + segment.first)
          + ((shift - \(segment.shift)) >> \(network.widthShift));
        \(body)}
        }

        """
    }
    return text
  }

  /// Statements that leave in `bits` the lowest bit of each counter that is not 0.
  private func fold(_ network: PackedNetwork, _ segment: CountSegment) -> String {
    let folds = (0..<network.widthShift).map { "bits |= bits >> \(1 << $0);\n" }.joined()
    return network.widthShift == 0 ? "" : folds + "bits &= \(segment.lowBits)ULL;\n"
  }

  /// Statements that take out of `bits` the counters of messages with an occasion that is asleep.
  private func asleepCounters(
    _ occasion: KeyPath<Independence.Message, UInt64>,
    _ network: PackedNetwork,
    _ segment: CountSegment
  ) -> String {
    guard independence.isUsed else { return "" }
    let place = firstMessages[network.space.network] + segment.first
    let (first, count) = independence.run(of: occasion, place..<(place + segment.count))
    if count == 0 { return "" }
    let spread = SpacedBits.steps(count: count, strideShift: network.widthShift).map {
      "asleep = (asleep | asleep << \($0.shift)) & \($0.mask)ULL;\n"
    }
    return """
      { u64 asleep = c->asleep >> \(first) & \(UInt64.max >> UInt64(64 - count))ULL;
      \(spread.joined())bits &= ~(asleep << \(segment.shift)); }

      """
  }

  /// A function for each network's deliveries and acts.
  func networks() -> String {
    var text = "static void networks(C *c, const u64 *w) {\n"
    for (number, network) in layout.networks.enumerated() {
      if network.queues != nil { text += "queues\(number)(c, w);\nif (c->isOver) return;\n" }
      guard network.isCounted else { continue }
      let description = layout.model.networks[number]
      text += "{\ni64 present = 0, below = 0;\n"
      text += deliver(number, network, isKept: description.discipline == .set)
      if description.hasLossSteps { text += lose(network) }
      if description.hasDuplicationSteps, network.capacity > 1 { text += duplicate(network) }
      text += "}\n"
    }
    return text + "}\n"
  }

  private func deliver(_ number: Int, _ network: PackedNetwork, isKept: Bool) -> String {
    let first = 1 + firstMessages[number]
    let dependents =
      isKept
      ? "0" : "\(blockedSenders(network)) | (copies < \(network.capacity) ? 0 : m->duplicate)"
    return forEachEntry(
      of: network,
      """
      present++;
      below += copies < \(network.capacity);
      u64 d[W];
      __builtin_memcpy(d, w, sizeof d);
      \(isKept ? "" : "d[m->word] -= 1ULL << m->shift;")
      c->isAsleep = (c->asleep & m->deliver) != 0;
      c->before = m->beforeDelivery | c->asleep;
      c->dependents = \(dependents);
      c->inverse = 0;
      int any = deliver(c, d, m);
      if (c->isOver) return;
      if (!any) event(c, 1, \(number), m - messages - \(first));

      """
    )
  }

  /// Those to whom it matters whether there is one copy less.
  private func blockedSenders(_ network: PackedNetwork) -> String {
    "m->readers | (copies < \(network.capacity) && !m->isRepeated ? 0 : m->senders)"
  }

  private func lose(_ network: PackedNetwork) -> String {
    "c->transitions += present;\n"
      + forEachEntry(
        of: network,
        awake: \.lose,
        """
        u64 n[W];
        __builtin_memcpy(n, w, sizeof n);
        n[m->word] -= 1ULL << m->shift;
        u64 dependents = \(blockedSenders(network));
        push(c, n, (m->beforeLoss | c->asleep) & ~dependents | m->duplicate);

        """
      )
  }

  private func duplicate(_ network: PackedNetwork) -> String {
    "c->transitions += below;\n"
      + forEachEntry(
        of: network,
        awake: \.duplicate,
        """
        if (copies >= \(network.capacity)) continue;
        u64 n[W];
        __builtin_memcpy(n, w, sizeof n);
        n[m->word] += 1ULL << m->shift;
        u64 dependents = m->readers | (copies == 1 ? m->deliver : 0);
        push(c, n, (m->beforeDuplication | c->asleep) & ~dependents | m->lose);

        """
      )
  }

  /// The receiver's part of a delivery: what it does, by the message's block.
  func deliveries() -> String {
    var text = "static int deliver(C *c, const u64 *w, const Message *m) {\nswitch (m->block) {\n"
    for network in layout.networks {
      for (index, block) in network.space.blocks.enumerated() where hasPlaces(block, network) {
        let number = firstBlock(of: network) + index
        text += """
          case \(number):
          c->dependents |= \(dependents(ofReceptionBy: block.receiver))ULL;
          return receive\(block.receiver)_\(block.record)(c, w, m->ordinal, \(block.sender));

          """
      }
    }
    return text + "}\nreturn 1;\n}\n"
  }

  /// Blocks are numbered through all networks.
  private func firstBlock(of network: PackedNetwork) -> Int {
    layout.networks[..<network.space.network].reduce(0) { $0 + $1.space.blocks.count }
  }

  private func dependents(ofReceptionBy instance: Int) -> UInt64 {
    independence.isUsed ? independence.instances[instance].receptionDependents : 0
  }
}
