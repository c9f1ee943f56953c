import LingerKernel

/// Trees that lead from one question about wide values to the next, and at last to a leaf, which
/// says what comes of an event.
///
/// A *place* in them is that of a question above 0, that of a leaf below 0; at 0 nothing is known
/// yet. They are flat rows, so that to go down one costs a few instructions for each question and
/// no allocation.
struct PathTrees {
  private(set) var questions = [Question()]
  /// Leaves and forms, one behind the other.
  private(set) var code = [0]
  private(set) var leafCount = 0
  private var losses: [BeliefEngine.Losses] = []

  /// The values that are asked about begin with one that is always 0: so a value alone is a
  /// difference of two.
  static let zero = 0

  /// Whether the difference of two values, or a form, lies in a range.
  struct Question {
    fileprivate var low = 0
    /// From the least number to the greatest.
    fileprivate var span: UInt = 0
    fileprivate var one: Int32 = 0
    /// What is taken from it; of a form, which `one` is ``form`` for, where that stands.
    fileprivate var other: Int32 = 0
    /// Where it goes on, if so and if not.
    fileprivate var next: Int32 = 0
    fileprivate var otherwise: Int32 = 0

    fileprivate static let form: Int32 = -1
  }

  /// Words that they take, about.
  var wordCount: Int { code.count + 4 * questions.count }

  /// Goes down a tree, to a leaf, or to where nothing is known yet.
  @inline(__always)
  static func leaf(
    _ questions: Span<Question>,
    _ code: Span<Int>,
    from first: Int32,
    _ inputs: Span<Int>
  ) -> Int32 {
    var place = first
    while place > 0 {
      let question = questions[Int(place)]
      let value =
        question.one != Question.form
        ? inputs[Int(question.one)] &- inputs[Int(question.other)]
        : form(code, Int(question.other), inputs).value
      // In unsigned numbers what is less than the least is greater than all.
      let isSo = UInt(bitPattern: value &- question.low) <= question.span
      place = isSo ? question.next : question.otherwise
    }
    return place
  }

  /// A form in the code: an input and what is added to it, or less than 0 the number of its terms,
  /// a constant, then inputs and factors.
  ///
  /// - Returns: its value, and where it ends.
  @inline(__always)
  fileprivate static func form(
    _ code: Span<Int>,
    _ place: Int,
    _ inputs: Span<Int>
  ) -> (value: Int, end: Int) {
    let head = code[place]
    var value = code[place &+ 1]
    var end = place &+ 2
    if head >= 0 { return (value &+ inputs[head], end) }
    for _ in head..<0 {
      value = value &+ inputs[code[end]] &* code[end &+ 1]
      end = end &+ 2
    }
    return (value, end)
  }
}

/// What an event comes to.
extension PathTrees {
  /// A leaf in the code: how many marks and slots it has, the numbers of the next set and of the
  /// losses; then for each mark what it was before, for each slot a form.
  struct Leaf {
    fileprivate let place: Int
    let next: Int
    let markCount: Int
    let slotCount: Int
    fileprivate let lost: Int

    /// In the place of the losses' number.
    fileprivate static let none = -1
    /// In the place of a mark: the moment of the event.
    fileprivate static let now = -1
    /// In the place of the numbers of marks and slots: it is worked out plainly.
    fileprivate static let plain = -1

    /// Nil where nothing is remembered but that it is worked out plainly.
    @inline(__always)
    init?(_ code: Span<Int>, at place: Int32) {
      self.place = -Int(place)
      let counts = code[self.place]
      if counts == Self.plain { return nil }
      (markCount, slotCount) = (counts & 0xFFFF_FFFF, counts >> 32)
      next = code[self.place &+ 1]
      lost = code[self.place &+ 2]
    }

    var losesNothing: Bool { lost == Self.none }

    /// Writes the moments of its marks over those before; the last.
    @inline(__always)
    func write(_ code: Span<Int>, at time: Int64, marks: inout [Int64]) -> Int64 {
      var marks = marks.mutableSpan
      // Marks keep their order, so that none is written before it is read; at most one is new.
      var last = time
      for mark in 0..<markCount {
        let before = code[place &+ 3 &+ mark]
        last = before == Self.now ? time : marks[before]
        marks[mark] = last
      }
      return last
    }

    /// Writes what stands in its slots, from a place on.
    @inline(__always)
    func write(
      _ code: Span<Int>,
      _ inputs: [Int],
      slots: inout [Int],
      from first: Int
    ) {
      let inputs = inputs.span
      var slots = slots.mutableSpan
      var place = place &+ 3 &+ markCount
      for slot in 0..<slotCount {
        let form = PathTrees.form(code, place, inputs)
        slots[first &+ slot] = form.value
        place = form.end
      }
    }
  }

  func losses(of leaf: Leaf) -> BeliefEngine.Losses? {
    leaf.losesNothing ? nil : losses[leaf.lost]
  }
}

/// New leaves.
extension PathTrees {
  /// What an event comes to.
  struct NewLeaf {
    var next: BeliefSet
    var marks: [Int?]
    /// What stands in the slots of the next set.
    var slots: [LinearForm]
    var losses: BeliefEngine.Losses
  }

  /// Of one value many are tried one after the other before nothing more is remembered.
  private static let longestRow = 64

  /// Adds a way down a tree; nil where what came out does not count, and is worked out plainly.
  /// False where there are too many ways, and it is not remembered.
  mutating func insert(
    _ conditions: [PathCondition],
    _ leaf: NewLeaf?,
    below root: inout Int32
  ) -> Bool {
    var link: Link?
    var row = 0
    var number = 0
    while number < conditions.count {
      let condition = conditions[number]
      var place = place(at: link, root)
      if place == 0 {
        place = add(condition)
        connect(link, &root, to: place)
      } else {
        precondition(place > 0 && asks(condition, at: place), "a tree asks something else")
        if condition.kind == .is, questions[Int(place)].low != condition.number {
          row += 1
          if row > Self.longestRow { return false }
          link = Link(question: Int(place), isSo: false)
          continue
        }
      }
      row = 0
      link = Link(question: Int(place), isSo: condition.holds)
      number += 1
    }
    precondition(place(at: link, root) == 0, "a way was there before")
    connect(link, &root, to: add(leaf))
    return true
  }

  /// One of the two ways on from a question; nil in its place is the root.
  private struct Link {
    var question: Int
    var isSo: Bool
  }

  private func place(at link: Link?, _ root: Int32) -> Int32 {
    guard let link else { return root }
    let question = questions[link.question]
    return link.isSo ? question.next : question.otherwise
  }

  private mutating func connect(_ link: Link?, _ root: inout Int32, to place: Int32) {
    guard let link else {
      root = place
      return
    }
    if link.isSo {
      questions[link.question].next = place
    } else {
      questions[link.question].otherwise = place
    }
  }

  /// The two values whose difference a condition is about; nil for another form.
  private static func difference(_ terms: [LinearForm.Term]) -> (one: Int32, other: Int32)? {
    guard let first = terms.first, first.factor == 1, terms.count <= 2 else { return nil }
    let one = Int32(input(first))
    if terms.count == 1 { return (one, Int32(zero)) }
    return terms[1].factor == -1 ? (one, Int32(input(terms[1]))) : nil
  }

  private static func input(_ term: LinearForm.Term) -> Int { term.input + 1 }

  /// Whether the question at a place is about the same values as a condition, in the same way.
  private func asks(_ condition: PathCondition, at place: Int32) -> Bool {
    let question = questions[Int(place)]
    guard (condition.kind == .isAtMost) == (question.low == .min) else { return false }
    guard let (one, other) = Self.difference(condition.terms) else {
      return question.one == Question.form
    }
    return question.one == one && question.other == other
  }

  /// Adds a question that leads nowhere yet; its place.
  private mutating func add(_ condition: PathCondition) -> Int32 {
    var question = Question()
    question.low = condition.kind == .isAtMost ? .min : condition.number
    question.span = UInt(bitPattern: condition.number &- question.low)
    if let (one, other) = Self.difference(condition.terms) {
      (question.one, question.other) = (one, other)
    } else {
      (question.one, question.other) = (Question.form, Int32(code.count))
      add(0, condition.terms)
    }
    questions.append(question)
    return Int32(questions.count - 1)
  }

  /// Adds a form.
  private mutating func add(_ constant: Int, _ terms: [LinearForm.Term]) {
    if terms.isEmpty {
      code += [Self.zero, constant]
    } else if terms.count == 1, terms[0].factor == 1 {
      code += [Self.input(terms[0]), constant]
    } else {
      code += [-terms.count, constant]
      for term in terms { code += [Self.input(term), term.factor] }
    }
  }

  /// Adds a leaf; its place.
  private mutating func add(_ leaf: NewLeaf?) -> Int32 {
    leafCount += 1
    let place = -Int32(code.count)
    guard let leaf else {
      code.append(Leaf.plain)
      return place
    }
    code += [leaf.marks.count | leaf.slots.count << 32, leaf.next.number]
    if leaf.losses.isAny {
      code.append(losses.count)
      losses.append(leaf.losses)
    } else {
      code.append(Leaf.none)
    }
    code += leaf.marks.map { $0 ?? Leaf.now }
    for form in leaf.slots { add(form.constant, form.terms) }
    return place
  }
}
