import LingerEval
import LingerModel

/// What a run looks for and the first place where it found it.
///
/// States are observed in the order of their numbers, so the first find of each question is the
/// one with the least-fault, shortest run.
struct Observations {
  /// A find: the state, and for an error the step that fails.
  struct Find {
    var state: Int
    var token: StepToken?
    var error: SpecError?
    var message: (network: Int, number: Int)?
  }

  /// A property that is looked at in every state.
  struct Watched {
    var number: Int
    var kind: Property.Kind
    var predicate: Predicate
    /// First state that violates an invariant, or that reaches a cover.
    var find: Find?
    /// States in which a `possible` is true.
    var marked: [Bool] = []
  }

  private(set) var watched: [Watched] = []
  private(set) var stuck: Find?
  private(set) var error: Find?
  private(set) var unspecified: Find?
  private(set) var orphan: Find?
  /// States that are final, kept where AG EF final is asked.
  private(set) var finals: [Bool] = []

  let wantsStuck: Bool
  let wantsFinalReachable: Bool
  private let wantsOrphan: Bool
  private var final: Predicate?
  private let timerMask: [(word: Int, mask: UInt64)]

  init(_ layout: StateLayout, evaluator: Evaluator, options: ExploreOptions) {
    let model = layout.model
    let questions = options.questions ?? model.questions
    final = model.final.map { Predicate($0, layout: layout, evaluator: evaluator) }
    let isFinalTrivial = final?.isTrivial ?? false
    wantsStuck = questions.contains(.deadlock) && !isFinalTrivial
    wantsFinalReachable = questions.contains(.finalReachable) && !isFinalTrivial && final != nil
    wantsOrphan = questions.contains(.orphanTimer) && final != nil
    timerMask = layout.instances.flatMap(\.timers).map { ($0.word, $0.mask) }
    for question in questions {
      guard case .property(let number) = question else { continue }
      let property = model.properties[number]
      switch property.kind {
      case .invariant, .cover, .possible:
        watched.append(
          Watched(
            number: number,
            kind: property.kind,
            predicate: Predicate(property, layout: layout, evaluator: evaluator)
          )
        )
      case .final, .eventually, .timedInvariant: break
      }
    }
  }

  /// Whether backward reachability will be asked.
  var needsEdges: Bool {
    wantsFinalReachable || watched.contains { $0.kind == .possible && !$0.predicate.isTrivial }
  }

  /// Whether any question is about states by themselves.
  var looksAtStates: Bool { !watched.isEmpty || wantsFinalReachable || wantsOrphan }

  /// Memory held, in bytes.
  var byteCount: Int {
    finals.capacity + (final?.byteCount ?? 0)
      + watched.reduce(0) { $0 + $1.predicate.byteCount + $1.marked.capacity }
  }

  mutating func isFinal(_ words: [UInt64]) -> Bool { final?.answer(words) == .yes }

  mutating func noteStuck(_ state: Int) {
    if stuck == nil { stuck = Find(state: state) }
  }

  mutating func noteError(_ failure: SpecError, in state: Int, _ token: StepToken) {
    if error == nil { error = Find(state: state, token: token, error: failure) }
  }

  mutating func noteUnspecified(_ network: Int, _ number: Int, in state: Int) {
    if unspecified == nil {
      unspecified = Find(state: state, message: (network, number))
    }
  }

  mutating func observe(_ state: Int, _ words: [UInt64]) {
    for index in watched.indices {
      switch watched[index].kind {
      case .invariant:
        if watched[index].find == nil, watched[index].predicate.answer(words) != .yes {
          watched[index].find = Find(state: state)
        }
      case .cover:
        if watched[index].find == nil, watched[index].predicate.answer(words) == .yes {
          watched[index].find = Find(state: state)
        }
      case .possible:
        watched[index].marked.append(watched[index].predicate.answer(words) == .yes)
      case .final, .eventually, .timedInvariant: break
      }
    }
    if wantsFinalReachable || (wantsOrphan && orphan == nil) {
      let isFinal = isFinal(words)
      if wantsFinalReachable { finals.append(isFinal) }
      if wantsOrphan, isFinal, orphan == nil,
        timerMask.contains(where: { words[$0.word] & $0.mask != 0 })
      {
        orphan = Find(state: state)
      }
    }
  }
}
