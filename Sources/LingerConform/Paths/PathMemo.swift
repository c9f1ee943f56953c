import LingerKernel

/// What was worked out before, as questions with outcomes behind them: for each set, answers and
/// change a tree that leads from one question about wide values to the next, and at last to what
/// the set after it is and what stands in its slots.
///
/// Trees are rows of integers, so that to go down one costs a few instructions for each question
/// and no allocation.
struct PathMemo {
  private let wide: WideRegisters
  private let calls: [Subject.Call]
  private(set) var code: [Int] = [0]
  /// By number.
  private(set) var sets: [BeliefSet] = []
  /// The same, as far as time decides about them.
  private(set) var timings: SetTimings
  private var losses: [BeliefEngine.Losses] = []
  private(set) var roots = WordTable()
  /// The place of each root's first node; 0 for none yet.
  private(set) var rootPlaces: [Int] = []
  private var changes = WordTable()
  private var longAnswers: [Answers: Int] = [:]
  private var leafCount = 0
  /// What is looked up: words that tell a change from others, and the values of wide inputs.
  private var words: [Int] = []
  private var inputs: [Int] = []
  /// So many of the inputs count: the row only grows, since to empty it costs as much as to fill.
  private var inputCount = 0
  /// Where a trace stands that is looked up as a whole.
  var walk: PathWalk? = PathWalk()

  /// Nodes. A question is three words: the operation with the inputs that it asks about, a number,
  /// and the places that come next, if so and if not. A place of 0 leads to what is not known yet.
  enum Operation {
    /// With the numbers of marks and of slots; then the number of the next set and that of the
    /// losses; then for each mark what it was before, -1 for the moment of the event; for each slot
    /// a form.
    static let leaf = 0
    /// Nothing is remembered here: it is worked out plainly.
    static let plain = 1
    /// x <= number.
    static let isAtMost = 2
    /// x - y <= number.
    static let differenceIsAtMost = 3
    /// The same with ==.
    static let equals = 4
    static let differenceEquals = 5
    /// A form <= number or == number; the form stands behind the places.
    static let formIsAtMost = 6
    static let formEquals = 7

    /// In a word with two numbers, which are at most some more than ``Slot/most``.
    @inline(__always)
    static func word(_ operation: Int, _ one: Int = 0, _ other: Int = 0) -> Int {
      operation | one << 8 | other << 32
    }

    @inline(__always)
    static func of(_ word: Int) -> Int { word & 0xFF }
    @inline(__always)
    static func one(_ word: Int) -> Int { word >> 8 & 0xFF_FFFF }
    @inline(__always)
    static func other(_ word: Int) -> Int { word >> 32 }
  }

  /// Words of code that are kept.
  private static let mostCode = 1 << 24

  /// Whether it takes much room: then it is thrown away, and begun anew.
  var isFull: Bool {
    leafCount >= BeliefEngine.mostRemembered || roots.count >= BeliefEngine.mostRemembered
      || code.count >= Self.mostCode
  }

  /// Of one value many are tried one after the other before nothing more is remembered.
  private static let longestRow = 64

  /// - Parameters:
  ///   - wide: which fields of messages are inputs.
  ///   - subject: whose behaviour is believed.
  ///   - reaches: by duration, how long before a timer of it may expire.
  init(_ wide: WideRegisters, _ subject: Subject, _ reaches: [Int64]) {
    self.wide = wide
    calls = subject.calls
    timings = SetTimings(timersThatSend: subject.timersThatSend, reaches: reaches)
  }

  /// Numbers a set that knows when its questions have which answer.
  mutating func add(_ set: BeliefSet) -> Int {
    sets.append(set)
    timings.append(set)
    return sets.count - 1
  }

  /// The number of the tree of a set, answers and a change.
  private mutating func root(_ set: Int, _ answers: Answers, _ change: Int) -> Int {
    var word = Int(truncatingIfNeeded: answers.word)
    var kind = 0
    if !answers.rest.isEmpty {
      word = longAnswers[answers] ?? longAnswers.count
      longAnswers[answers] = word
      kind = 1
    }
    let number = roots.number(of: set << 1 | kind, word, change)
    if number == rootPlaces.count { rootPlaces.append(0) }
    return number
  }

  enum Found {
    /// What is believed was changed; what was lost.
    case advanced(BeliefEngine.Losses?)
    /// Nothing explains the change.
    case excluded(BeliefEngine.Losses?)
    /// It is worked out plainly.
    case plain
    /// It was not worked out yet: the tree, and the inputs.
    case unknown(Int, [Int])
  }

  /// Takes a change into what is believed, where it is known what comes of it.
  mutating func advance(
    _ standing: inout Standing,
    _ answers: Answers,
    _ change: Observation,
    at time: Int64
  ) -> Found {
    guard let change = number(of: change, standing.slots) else { return .plain }
    let root = root(standing.set.number, answers, change)
    let leaf = leaf(from: rootPlaces[root])
    if leaf == 0 { return .unknown(root, Array(inputs.prefix(inputCount))) }
    guard Operation.of(code[leaf]) == Operation.leaf else { return .plain }
    let next = sets[code[leaf + 1]]
    let number = code[leaf + 2]
    let lost = number < 0 ? nil : losses[number]
    if next.isEmpty { return .excluded(lost) }
    write(leaf, at: time, slots: &standing.slots, marks: &standing.marks)
    standing.set = next
    return .advanced(lost)
  }

  /// Puts the slots' values and those of a change into the inputs; the number of the change.
  private mutating func number(
    of change: Observation,
    _ slots: [Int]
  ) -> Int? {
    switch change {
    case .input(let message):
      if let change = packed(message, slots) { return change.input }
    case .output(let message):
      if let change = packed(message, slots) { return change.output }
    case .nothing:
      place(slots, beside: 0)
      inputCount = slots.count
      return PackedChange.nothing
    default: break
    }
    words.removeAll(keepingCapacity: true)
    inputs.removeAll(keepingCapacity: true)
    inputs.append(contentsOf: slots)
    guard change.write(wide, calls, words: &words, inputs: &inputs) else { return nil }
    inputCount = inputs.count
    return changes.number(of: words)
  }

  /// The same of a message, where that is a number as it is; nil for others.
  @inline(__always)
  private mutating func packed(_ message: SeenMessage, _ slots: [Int]) -> PackedChange? {
    place(slots, beside: message.values.count)
    let ranges = wide.fields[message.record]
    var inputs = inputs.mutableSpan
    var count = slots.count
    let change = PackedChange(
      message.record,
      message.values.span,
      ranges.span,
      &inputs,
      &count
    )
    inputCount = count
    return change
  }

  /// Puts values at the beginning of the inputs, with room for more.
  @inline(__always)
  private mutating func place(_ slots: [Int], beside others: Int) {
    let missing = slots.count + others - inputs.count
    if missing > 0 { inputs += Array(repeating: 0, count: missing) }
    var inputs = inputs.mutableSpan
    let slots = slots.span
    for place in slots.indices { inputs[place] = slots[place] }
  }

  private func leaf(from first: Int) -> Int { Self.leaf(code.span, from: first, inputs.span) }

  /// Goes down a tree, to the place of a node without questions; 0 for what is not known.
  static func leaf(_ code: Span<Int>, from first: Int, _ inputs: Span<Int>) -> Int {
    var place = first
    while place != 0 {
      let word = code[place]
      let isSo: Bool
      switch Operation.of(word) {
      case Operation.isAtMost:
        isSo = inputs[Operation.one(word)] <= code[place &+ 1]
      case Operation.differenceIsAtMost:
        let difference = inputs[Operation.one(word)] &- inputs[Operation.other(word)]
        isSo = difference <= code[place &+ 1]
      case Operation.equals:
        isSo = inputs[Operation.one(word)] == code[place &+ 1]
      case Operation.differenceEquals:
        let difference = inputs[Operation.one(word)] &- inputs[Operation.other(word)]
        isSo = difference == code[place &+ 1]
      case Operation.formIsAtMost:
        isSo = value(code, place &+ 3, inputs) <= code[place &+ 1]
      case Operation.formEquals:
        isSo = value(code, place &+ 3, inputs) == code[place &+ 1]
      default: return place
      }
      let places = code[place &+ 2]
      place = isSo ? places & 0xFFFF_FFFF : places >> 32
    }
    return 0
  }

  /// A form in the code: its constant, the number of its terms, then inputs and factors.
  @inline(__always)
  static func value(_ code: Span<Int>, _ place: Int, _ inputs: Span<Int>) -> Int {
    var result = code[place]
    let count = code[place &+ 1]
    for term in 0..<count {
      let place = place &+ 2 &+ 2 &* term
      result = result &+ inputs[code[place]] &* code[place &+ 1]
    }
    return result
  }

  /// Enough for the slots and marks of most sets.
  private static let usualRow = 12

  @inline(__always)
  private static func grow<Element>(_ row: inout [Element], to count: Int, _ filler: Element) {
    if row.count >= count { return }
    if row.capacity < count { row.reserveCapacity(max(count, usualRow)) }
    while row.count < count { row.append(filler) }
  }

  /// Writes what stands in the slots of a leaf's set, and the moments of its marks.
  private func write(
    _ leaf: Int,
    at time: Int64,
    slots: inout [Int],
    marks: inout [Int64]
  ) {
    let code = code.span
    let inputs = inputs.span
    let (markCount, slotCount) = (Operation.one(code[leaf]), Operation.other(code[leaf]))
    var place = leaf &+ 3
    // Marks keep their order, so that none is written before it is read; at most one is new.
    Self.grow(&marks, to: markCount, time)
    var moments = marks.mutableSpan
    for mark in 0..<markCount {
      let before = code[place &+ mark]
      moments[mark] = before < 0 ? time : moments[before]
    }
    if marks.count > markCount { marks.removeLast(marks.count - markCount) }
    place &+= markCount
    Self.grow(&slots, to: slotCount, 0)
    if slots.count > slotCount { slots.removeLast(slots.count - slotCount) }
    var values = slots.mutableSpan
    for slot in 0..<slotCount {
      values[slot] = Self.value(code, place, inputs)
      place &+= 2 &+ 2 &* code[place &+ 1]
    }
  }
}

/// New leaves.
extension PathMemo {
  /// What an event comes to.
  struct Leaf {
    var next: BeliefSet
    var marks: [Int?]
    /// What stands in the slots of the next set.
    var slots: [LinearForm]
    var losses: BeliefEngine.Losses
  }

  /// Adds a way down a tree; nil where what came out does not count, and is worked out plainly.
  /// False where there are too many ways, and it is not remembered.
  @discardableResult
  mutating func insert(_ conditions: [PathCondition], _ leaf: Leaf?, at root: Int) -> Bool {
    // Where the place of the next node is to be written: in the code, or among the roots.
    var link: Link?
    var row = 0
    var number = 0
    while number < conditions.count {
      let condition = conditions[number]
      var place = self.place(at: link, root)
      if place == 0 {
        place = code.count
        add(condition)
        connect(link, root, to: place)
      } else {
        precondition(
          Operation.of(code[place]) == Self.operation(of: condition),
          "a tree asks something else"
        )
        if condition.kind == .is, code[place + 1] != condition.number {
          row += 1
          if row > Self.longestRow { return false }
          link = Link(node: place, isSo: false)
          continue
        }
      }
      row = 0
      link = Link(node: place, isSo: condition.holds)
      number += 1
    }
    precondition(place(at: link, root) == 0, "a way was there before")
    connect(link, root, to: code.count)
    add(leaf)
    return true
  }

  /// One of the two ways on from a node.
  private struct Link {
    var node: Int
    var isSo: Bool
  }

  private func place(at link: Link?, _ root: Int) -> Int {
    guard let link else { return rootPlaces[root] }
    let places = code[link.node + 2]
    return link.isSo ? places & 0xFFFF_FFFF : places >> 32
  }

  /// Where nothing has been yet.
  private mutating func connect(_ link: Link?, _ root: Int, to place: Int) {
    if let link {
      code[link.node + 2] |= link.isSo ? place : place << 32
    } else {
      rootPlaces[root] = place
    }
  }

  private static func isDifference(_ terms: [LinearForm.Term]) -> Bool {
    terms.count == 2 && terms[0].factor == 1 && terms[1].factor == -1
  }

  private static func operation(of condition: PathCondition) -> Int {
    let isEquality = condition.kind != .isAtMost
    if condition.terms.count == 1 { return isEquality ? Operation.equals : Operation.isAtMost }
    if isDifference(condition.terms) {
      return isEquality ? Operation.differenceEquals : Operation.differenceIsAtMost
    }
    return isEquality ? Operation.formEquals : Operation.formIsAtMost
  }

  /// Adds a node that leads nowhere yet.
  private mutating func add(_ condition: PathCondition) {
    let operation = Self.operation(of: condition)
    let terms = condition.terms
    switch operation {
    case Operation.formIsAtMost, Operation.formEquals:
      code += [Operation.word(operation), condition.number, 0]
      add(0, terms)
    default:
      let other = terms.count == 1 ? 0 : terms[1].input
      code += [Operation.word(operation, terms[0].input, other), condition.number, 0]
    }
  }

  private mutating func add(_ constant: Int, _ terms: [LinearForm.Term]) {
    code += [constant, terms.count]
    for term in terms { code += [term.input, term.factor] }
  }

  private mutating func add(_ leaf: Leaf?) {
    leafCount += 1
    guard let leaf else {
      code.append(Operation.plain)
      return
    }
    code.append(Operation.word(Operation.leaf, leaf.marks.count, leaf.slots.count))
    code.append(leaf.next.number)
    if leaf.losses.isAny {
      code.append(losses.count)
      losses.append(leaf.losses)
    } else {
      code.append(-1)
    }
    code += leaf.marks.map { $0 ?? -1 }
    for form in leaf.slots { add(form.constant, form.terms) }
  }
}
