import LingerKernel
import LingerModel

/// The C text of a model's steps on packed states: one function that expands some states, looks
/// their successors up, and tells those that the store does not have.
///
/// It does what ``ScanWorker`` does with the table of local steps, in the same order, so that
/// nothing shows which of the two did it (docs/decisions/013-native-code.md).
struct NativeText {
  /// The text, and a number that tells it from others; the compiled code has to know it.
  private(set) var text = ""
  private(set) var stamp: UInt64 = 0
  /// By instance and variable: where the values are noted that the variable had, a bit for each.
  private(set) var seen: [[Int: Range<Int>]] = []
  private(set) var seenWords = 0

  let layout: StateLayout
  let kernel: StepKernel
  let independence: Independence
  let hasEdges: Bool
  let wantsStuck: Bool
  /// The first of each network's messages among those of all.
  private(set) var firstMessages: [Int] = []
  private var labels = 0

  /// Why a model has no native code.
  struct Unsupported: Error {
    var reason: String
  }

  private static let mostMessages = 1 << 12
  /// What a compiler may be given; more takes it long.
  private static let mostCharacters = 4 << 20
  /// Bits of a variable whose values are noted.
  private static let mostSeenBits = 12

  init(
    _ layout: StateLayout,
    _ kernel: StepKernel,
    hasEdges: Bool,
    wantsStuck: Bool
  ) throws(Unsupported) {
    self.layout = layout
    self.kernel = kernel
    self.hasEdges = hasEdges
    self.wantsStuck = wantsStuck
    independence = Independence(layout, kernel)
    var count = 0
    for network in layout.networks {
      firstMessages.append(count)
      guard let messages = network.space.fixedCount, messages <= Self.mostMessages,
        network.isCounted || network.queues != nil || messages == 0
      else { throw Unsupported(reason: "a network with very many different messages") }
      count += messages
    }
    try noteVariables()
    var body =
      Self.runtime(layout.wordCount, hasEdges: hasEdges) + messageTable() + firstNumbers()
      + appends() + sends()
    for instance in layout.instances.indices { body += try spontaneous(instance) }
    for instance in layout.instances.indices { body += try receptions(of: instance) }
    body += deliveries() + queues() + networks() + scan()
    guard body.utf8.count <= Self.mostCharacters else { throw Unsupported(reason: "a large model") }
    // FNV-1a.
    stamp = body.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    text = body + "const u64 linger_stamp = \(stamp)ULL;\n"
  }

  /// A prefix for labels that no other block has.
  mutating func label() -> String {
    labels += 1
    return "t\(labels)_"
  }

  /// Gives the variables that may hold cases of enums room for what they were.
  private mutating func noteVariables() throws(Unsupported) {
    for (number, instance) in layout.model.instances.enumerated() {
      seen.append([:])
      for (variable, description) in layout.model.roles[instance.role].variables.enumerated()
      where description.type.mayHoldCases {
        let width = layout.instances[number].variables[variable].width
        guard width <= Self.mostSeenBits else {
          throw Unsupported(reason: "a large variable that may hold an enum")
        }
        let words = max(1, (1 << width) >> 6)
        seen[number][variable] = seenWords..<(seenWords + words)
        seenWords += words
      }
    }
  }

  /// Statements that note the values of a state's variables.
  private func noteSeen() -> String {
    var text = ""
    for (number, variables) in seen.enumerated() {
      for (variable, range) in variables.sorted(by: { $0.key < $1.key }) {
        let field = layout.instances[number].variables[variable]
        text += "{ u64 v = \(get(field)); "
        text += "seen[\(range.lowerBound) + (v >> 6)] |= 1ULL << (v & 63); }\n"
      }
    }
    return text
  }

  /// A field's content in `w`.
  func get(_ field: BitField) -> String {
    field.width == 0 ? "0ULL" : "(w[\(field.word)] >> \(field.shift) & \(field.lowMask)ULL)"
  }

  /// A statement that writes a field of `n`.
  func set(_ field: BitField, _ value: String) -> String {
    if field.width == 0 { return "" }
    return "n[\(field.word)] = n[\(field.word)] & ~\(field.mask)ULL"
      + " | (u64)(\(value)) << \(field.shift);\n"
  }

  /// The function that is called.
  private func scan() -> String {
    let count = layout.instances.count
    let spontaneous = (0..<count).map { "spontaneous\($0)(c, w);\n" }.joined()
    let stuck = wantsStuck ? "if (!c->isProgress) event(c, 0, 0, 0);\n" : ""
    return """
      static int expand(C *c, const u64 *w) {
      \(spontaneous)if (c->isOver) return 1;
      networks(c, w);
      return c->isOver;
      }
      int linger_scan(u64 *slots) {
      C context, *c = &context;
      begin(c, slots);
      u64 *seen = (u64 *)slots[\(NativeSlot.seen.rawValue)];
      for (u64 state = slots[\(NativeSlot.firstState.rawValue)]; \
      state < slots[\(NativeSlot.endState.rawValue)]; state++) {
      u64 w[W];
      __builtin_memcpy(w, address(c, state), sizeof w);
      c->state = state;
      c->asleep = sleep_of(c, state);
      c->isProgress = 0;
      \(noteSeen())if (expand(c, w)) return 1;
      \(stuck)}
      flush(c);
      if (c->isOver) return 1;
      end(c, slots);
      return 0;
      }

      """
  }
}
