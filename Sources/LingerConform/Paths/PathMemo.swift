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
  private(set) var inputCount = 0
  /// What stands in the slots and marks of a trace that is looked up as a whole: kept for the next.
  var spare = (slots: [Int](), marks: [Int64]())

  /// Nodes. Behind each operation stand its operands; a place of 0 leads to what is not known yet.
  enum Operation {
    /// Number of the next set, of the losses, of marks and of slots; then for each mark what it was
    /// before, -1 for the moment of the event; for each slot a form.
    static let leaf = 0
    /// Nothing is remembered here: it is worked out plainly.
    static let plain = 1
    /// x <= number: x, number, place if so, place if not.
    static let isAtMost = 2
    /// x - y <= number: x, y, number, places.
    static let differenceIsAtMost = 3
    /// The same with ==.
    static let equals = 4
    static let differenceEquals = 5
    /// A form <= number or == number: number, places, form.
    static let formIsAtMost = 6
    static let formEquals = 7
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
    guard code[leaf] == Operation.leaf else { return .plain }
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
      if let number = packed(0, message, slots) { return number }
    case .output(let message):
      if let number = packed(1, message, slots) { return number }
    case .nothing:
      place(slots, beside: 0)
      inputCount = slots.count
      return Self.nothing
    default: break
    }
    words.removeAll(keepingCapacity: true)
    inputs.removeAll(keepingCapacity: true)
    inputs.append(contentsOf: slots)
    guard change.write(wide, calls, words: &words, inputs: &inputs) else { return nil }
    inputCount = inputs.count
    return changes.number(of: words)
  }

  /// The same of a message. Most have few narrow fields with small values, which are a number as
  /// they are; nil for others.
  @inline(__always)
  private mutating func packed(
    _ kind: Int,
    _ message: SeenMessage,
    _ slots: [Int]
  ) -> Int? {
    packed(kind, message.record, message.values.span, slots)
  }

  @inline(__always)
  mutating func packed(
    _ kind: Int,
    _ record: Int,
    _ values: Span<Int>,
    _ slots: [Int]
  ) -> Int? {
    place(slots, beside: values.count)
    let ranges = wide.fields[record]
    let fields = ranges.span
    var inputs = inputs.mutableSpan
    var count = slots.count
    var packed = kind << 8 | record
    var narrow = 2
    for place in fields.indices {
      let value = values[place]
      if let range = fields[place] {
        if !range.contains(value) { return nil }
        inputs[count] = value
        count &+= 1
      } else {
        if value < 0 || value > 0xFF || narrow == Self.mostPacked { return nil }
        packed = packed << 8 | value
        narrow &+= 1
      }
    }
    if record > 0xFF { return nil }
    inputCount = count
    // Less than 0, where no number of the table is.
    return ~(narrow << 56 | packed)
  }

  /// So many small words are one number.
  private static let mostPacked = 7
  /// The number of the change that is none, which is not packed.
  static let nothing = -1

  /// Puts values at the beginning of the inputs, with room for more.
  @inline(__always)
  mutating func place(_ slots: [Int], beside others: Int) {
    let missing = slots.count + others - inputs.count
    if missing > 0 { inputs += Array(repeating: 0, count: missing) }
    var inputs = inputs.mutableSpan
    let slots = slots.span
    for place in slots.indices { inputs[place] = slots[place] }
  }

  /// Goes down a tree, to the place of a node without questions; 0 for what is not known.
  func leaf(from first: Int) -> Int {
    let code = code.span
    let inputs = inputs.span
    var place = first
    while true {
      if place == 0 { return 0 }
      let isSo: Bool
      var next: Int
      switch code[place] {
      case Operation.isAtMost:
        isSo = inputs[code[place &+ 1]] <= code[place &+ 2]
        next = place &+ 3
      case Operation.differenceIsAtMost:
        isSo = inputs[code[place &+ 1]] &- inputs[code[place &+ 2]] <= code[place &+ 3]
        next = place &+ 4
      case Operation.equals:
        isSo = inputs[code[place &+ 1]] == code[place &+ 2]
        next = place &+ 3
      case Operation.differenceEquals:
        isSo = inputs[code[place &+ 1]] &- inputs[code[place &+ 2]] == code[place &+ 3]
        next = place &+ 4
      case Operation.formIsAtMost:
        isSo = Self.value(code, place &+ 4, inputs) <= code[place &+ 1]
        next = place &+ 2
      case Operation.formEquals:
        isSo = Self.value(code, place &+ 4, inputs) == code[place &+ 1]
        next = place &+ 2
      default: return place
      }
      if !isSo { next &+= 1 }
      place = code[next]
    }
  }

  /// A form in the code: its constant, the number of its terms, then inputs and factors.
  @inline(__always)
  private static func value(_ code: Span<Int>, _ place: Int, _ inputs: Span<Int>) -> Int {
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
  func write(
    _ leaf: Int,
    at time: Int64,
    slots: inout [Int],
    marks: inout [Int64]
  ) {
    let code = code.span
    let inputs = inputs.span
    let (markCount, slotCount) = (code[leaf &+ 3], code[leaf &+ 4])
    var place = leaf &+ 5
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
    var link: Int?
    var row = 0
    var number = 0
    while number < conditions.count {
      let condition = conditions[number]
      let place = link.map { code[$0] } ?? rootPlaces[root]
      let places: Int
      if place == 0 {
        places = add(condition)
        connect(link, root, to: code.count - size(of: condition))
      } else {
        places = self.places(at: place, condition)
        if condition.kind == .is, !hasNumber(of: condition, at: place) {
          row += 1
          if row > Self.longestRow { return false }
          link = places + 1
          continue
        }
      }
      row = 0
      link = places + (condition.holds ? 0 : 1)
      number += 1
    }
    precondition((link.map { code[$0] } ?? rootPlaces[root]) == 0, "a way was there before")
    connect(link, root, to: code.count)
    add(leaf)
    return true
  }

  private mutating func connect(_ link: Int?, _ root: Int, to place: Int) {
    if let link { code[link] = place } else { rootPlaces[root] = place }
  }

  private static func isDifference(_ terms: [LinearForm.Term]) -> Bool {
    terms.count == 2 && terms[0].factor == 1 && terms[1].factor == -1
  }

  private func size(of condition: PathCondition) -> Int {
    if condition.terms.count == 1 { return 5 }
    if Self.isDifference(condition.terms) { return 6 }
    return 6 + 2 * condition.terms.count
  }

  /// Where the two places of a node are that asks this.
  private func places(at place: Int, _ condition: PathCondition) -> Int {
    let shape = Self.operation(of: condition)
    precondition(code[place] == shape, "a tree asks something else")
    switch shape {
    case Operation.isAtMost, Operation.equals: return place + 3
    case Operation.differenceIsAtMost, Operation.differenceEquals: return place + 4
    default: return place + 2
    }
  }

  private static func operation(of condition: PathCondition) -> Int {
    let isEquality = condition.kind != .isAtMost
    if condition.terms.count == 1 { return isEquality ? Operation.equals : Operation.isAtMost }
    if isDifference(condition.terms) {
      return isEquality ? Operation.differenceEquals : Operation.differenceIsAtMost
    }
    return isEquality ? Operation.formEquals : Operation.formIsAtMost
  }

  private func hasNumber(of condition: PathCondition, at place: Int) -> Bool {
    switch code[place] {
    case Operation.equals: code[place + 2] == condition.number
    case Operation.differenceEquals: code[place + 3] == condition.number
    default: code[place + 1] == condition.number
    }
  }

  /// Adds a node; says where its two places are.
  private mutating func add(_ condition: PathCondition) -> Int {
    code.append(Self.operation(of: condition))
    if condition.terms.count == 1 {
      code += [condition.terms[0].input, condition.number, 0, 0]
      return code.count - 2
    }
    if Self.isDifference(condition.terms) {
      code += [condition.terms[0].input, condition.terms[1].input, condition.number, 0, 0]
      return code.count - 2
    }
    code += [condition.number, 0, 0]
    add(0, condition.terms)
    return code.count - 4 - 2 * condition.terms.count
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
    code += [Operation.leaf, leaf.next.number]
    if leaf.losses.isAny {
      code.append(losses.count)
      losses.append(leaf.losses)
    } else {
      code.append(-1)
    }
    code += [leaf.marks.count, leaf.slots.count]
    code += leaf.marks.map { $0 ?? -1 }
    for form in leaf.slots { add(form.constant, form.terms) }
  }
}
