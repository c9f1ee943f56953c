import LingerEval
import LingerModel

/// A property's truth in packed states.
///
/// A conjunction is split, `for all p in Role` becomes one conjunct for each instance, and each
/// conjunct is remembered by the bits it reads (``MaskedIndex``): a state costs a look-up for
/// each conjunct, and the evaluator decides only what it has not met.
struct Predicate {
  /// What a conjunct says of a state.
  enum Answer: UInt8 {
    case no
    case yes
    /// Evaluating it fails, which counts as a violation.
    case fails
    /// Evaluating it was stopped; the search ends here.
    case unknown
  }

  let property: Property
  /// Whether it is `true` as written.
  let isTrivial: Bool
  private var conjuncts: [Conjunct]
  private let layout: StateLayout
  private let evaluator: Evaluator

  private struct Conjunct {
    var property: Property
    var index: MaskedIndex
    var answers: [Answer] = []
  }

  /// Above this many different contents a conjunct is evaluated anew each time: it reads so much
  /// that remembering does not pay.
  private static let rememberedLimit = 1 << 20

  init(_ property: Property, layout: StateLayout, evaluator: Evaluator) {
    self.property = property
    self.layout = layout
    self.evaluator = evaluator
    isTrivial = property.body.kind == .constant(.bool(true))
    conjuncts = layout.model.conjuncts(of: property.body).map { body in
      var part = property
      part.body = body
      return Conjunct(
        property: part,
        index: MaskedIndex(Dependencies(of: body, in: layout).segments)
      )
    }
  }

  /// The bits of a state that each conjunct reads.
  var parts: [[(word: Int, mask: UInt64)]] { conjuncts.map(\.index.segments) }

  /// Memory held, in bytes.
  var byteCount: Int { conjuncts.reduce(0) { $0 + $1.index.byteCount + $1.answers.count } }

  @inline(__always)
  mutating func answer(_ words: some PackedWords) -> Answer {
    for index in conjuncts.indices {
      let answer = answer(words, conjunct: index)
      if answer != .yes { return answer }
    }
    return .yes
  }

  @inline(__always)
  private mutating func answer(_ words: some PackedWords, conjunct: Int) -> Answer {
    if conjuncts[conjunct].index.count >= Self.rememberedLimit {
      return evaluate(words, conjunct)
    }
    let (number, isNew) = conjuncts[conjunct].index.number(of: words)
    if !isNew { return conjuncts[conjunct].answers[number] }
    let answer = evaluate(words, conjunct)
    conjuncts[conjunct].answers.append(answer)
    return answer
  }

  private func evaluate(_ words: some PackedWords, _ conjunct: Int) -> Answer {
    do throws(SpecError) {
      let state = layout.unpack(words)
      return try evaluator.evaluate(conjuncts[conjunct].property, in: state) ? .yes : .no
    } catch {
      return error.kind == .tooLong ? .unknown : .fails
    }
  }
}

/// The bits of a state that an expression may read.
struct Dependencies {
  private(set) var segments: [(word: Int, mask: UInt64)] = []
  private let layout: StateLayout

  init(of expression: Expression, in layout: StateLayout) {
    self.layout = layout
    visit(expression)
    segments.sort { $0.word < $1.word }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .variable(let owner, let number):
      for instance in instances(owner) { add(layout.instances[instance].variables[number]) }
    case .timerIsArmed(let owner, let number):
      for instance in instances(owner) { add(layout.instances[instance].timers[number]) }
    case .copiesInFlight(let network, _, _, _):
      for (word, mask) in layout.networks[network].flightMask { add(word, mask) }
    case .messagesInFlight(let network):
      for (index, packed) in layout.networks.enumerated() where network ?? index == index {
        for (word, mask) in packed.flightMask { add(word, mask) }
      }
    default: break
    }
    for child in expression.children { visit(child) }
  }

  private func instances(_ owner: Expression?) -> [Int] {
    guard let owner else { return Array(layout.instances.indices) }
    if case .constant(.instance(let number)) = owner.kind { return [number] }
    guard case .instance(let role) = owner.type else { return Array(layout.instances.indices) }
    return layout.model.instances(of: role)
  }

  private mutating func add(_ field: BitField) {
    if field.width > 0 { add(field.word, field.mask) }
  }

  private mutating func add(_ word: Int, _ mask: UInt64) {
    if let index = segments.firstIndex(where: { $0.word == word }) {
      segments[index].mask |= mask
    } else {
      segments.append((word, mask))
    }
  }
}
