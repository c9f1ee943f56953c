import LingerEval
import LingerModel

/// What a run looks for and the first place where it found it.
///
/// States are observed in the order of their numbers, so the first find of each question is the
/// one with the least-fault, shortest run.
struct Observations {
  /// What shows an answer: the state, and for an error the step that fails.
  struct Witness {
    var state: Int
    var step: Step?
    var message: (network: Int, number: Int)?
  }

  /// A property that is looked at in every state.
  struct Watched {
    var number: Int
    var kind: Property.Kind
    var predicate: Predicate
    /// First state that violates an invariant, or that reaches a cover.
    var find: Witness?
    /// States in which a `possible` is true.
    var marked: [Bool] = []
  }

  private(set) var watched: [Watched] = []
  private(set) var stuck: Witness?
  private(set) var error: Witness?
  /// Steps that end in an error of the spec, each from each state: where runs are cut off.
  private(set) var cutOffSteps = 0
  /// Messages that nobody takes: the first of each kind in each state of a receiver.
  private(set) var unspecified: [Witness] = []
  private(set) var orphan: Witness?
  private(set) var unrestored: Witness?
  /// States that are final, kept where AG EF final is asked.
  private(set) var finals: [Bool] = []

  let wantsStuck: Bool
  /// Whether runs without end are asked for.
  let wantsCycles: Bool
  let wantsFinalReachable: Bool
  private let layout: StateLayout
  private let stop: StopCheck
  /// What is asked and has to be seen in some state.
  private let asked: [Question]
  private var knownUnspecified: Set<[Int]> = []
  private let wantsOrphan: Bool
  private var final: Predicate?
  /// What `not-restored` asks of each state.
  private var restoration: Predicate?
  private let timerMask: [(word: Int, mask: UInt64)]

  init(
    _ layout: StateLayout,
    evaluator: Evaluator,
    stop: StopCheck,
    options: ExploreOptions
  ) {
    let model = layout.model
    let questions = options.questions ?? model.questions
    self.layout = layout
    self.stop = stop
    asked = questions
    final = model.final.map { Predicate($0, layout: layout, evaluator: evaluator) }
    let isFinalTrivial = final?.isTrivial ?? false
    wantsCycles = questions.contains { $0.isAboutEndlessRuns(in: model) }
    wantsStuck = questions.contains(.deadlock) && !isFinalTrivial
    wantsFinalReachable = questions.contains(.finalReachable) && !isFinalTrivial && final != nil
    wantsOrphan = questions.contains(.orphanTimer) && final != nil
    restoration =
      questions.contains(.notRestored)
      ? model.restoration.map { Predicate($0, layout: layout, evaluator: evaluator) } : nil
    timerMask = layout.instances.flatMap { instance in
      instance.timers.enumerated().filter { model.watches(timer: $0.offset, of: instance.instance) }
        .map { ($0.element.word, $0.element.mask) }
    }
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

  /// Whether the edges will be asked for: for backward reachability, or for cycles.
  var needsEdges: Bool {
    wantsFinalReachable || wantsCycles
      || watched.contains { $0.kind == .possible && !$0.predicate.isTrivial }
  }

  /// Whether any question is about states by themselves.
  var looksAtStates: Bool {
    !watched.isEmpty || wantsFinalReachable || wantsOrphan || restoration != nil
  }

  /// Whether no invariant is violated so far, and nothing but invariants is looked at.
  var isQuiet: Bool {
    !wantsFinalReachable && !wantsOrphan && restoration == nil
      && watched.allSatisfy { $0.kind == .invariant && $0.find == nil }
  }

  /// Bits of states that say all that is looked at in them, part by part: each part that is quiet
  /// in one state is so in all. Nil where they do not.
  var parts: [(word: Int, mask: UInt64)]? {
    guard isQuiet else { return nil }
    let parts = watched.flatMap(\.predicate.parts)
    return parts.allSatisfy { $0.count <= 1 } ? parts.flatMap(\.self) : nil
  }

  /// Memory held, in bytes.
  var byteCount: Int {
    finals.capacity + (final?.byteCount ?? 0)
      + watched.reduce(0) { $0 + $1.predicate.byteCount + $1.marked.capacity }
  }

  mutating func isFinal(_ words: some PackedWords) -> Bool { final?.answer(words) == .yes }

  mutating func noteStuck(_ state: Int) {
    if stuck == nil { stuck = Witness(state: state) }
  }

  mutating func noteError(in state: Int, times: Int, _ step: @autoclosure () -> Step) {
    if error == nil { error = Witness(state: state, step: step()) }
    cutOffSteps += times
  }

  /// Notes what a worker found in a part of a layer.
  mutating func note(_ part: ScannedPart, _ store: borrowing StateStore) {
    if error == nil, let found = part.error {
      error = Witness(state: found.state, step: found.step)
    }
    cutOffSteps += part.errorCount
    if let stuck = part.stuck { noteStuck(stuck) }
    for (network, number, state) in part.unspecified {
      noteUnspecified(network, number, in: state, store.index.words(of: state))
    }
  }

  /// Notes a message that nobody takes, unless one of its kind was noted for a receiver of the same
  /// role in the same state, as far as its variables of enum types tell.
  mutating func noteUnspecified(_ network: Int, _ number: Int, in state: Int, _ words: [UInt64]) {
    let key = Self.key(ofUnspecified: network, number, words, layout)
    guard knownUnspecified.insert(key).inserted else { return }
    unspecified.append(Witness(state: state, message: (network, number)))
  }

  /// What tells the messages apart that nobody takes.
  static func key(
    ofUnspecified network: Int,
    _ number: Int,
    _ words: [UInt64],
    _ layout: StateLayout
  ) -> [Int] {
    let block = layout.networks[network].space.block(of: number)
    let role = layout.model.instances[block.receiver].role
    var key = [role, block.record]
    for (variable, field) in zip(
      layout.model.roles[role].variables,
      layout.instances[block.receiver].variables
    ) {
      if case .enumeration = variable.type { key.append(Int(field.get(words))) }
    }
    return key
  }

  /// Whether something is violated and no other question is open, whatever the states are that
  /// were not visited. What holds needs them all.
  var isAllDecided: Bool {
    var isViolated = false
    for question in asked {
      switch question {
      case .deadlock where stuck != nil: isViolated = true
      case .specErrors where error != nil: isViolated = true
      case .orphanTimer where orphan != nil: isViolated = true
      case .notRestored where unrestored != nil: isViolated = true
      case .property(let number):
        switch layout.model.properties[number].kind {
        case .invariant, .cover:
          guard let found = watched.first(where: { $0.number == number }), found.find != nil else {
            return false
          }
          if found.kind == .invariant { isViolated = true }
        case .final: break
        case .possible, .eventually, .timedInvariant: return false
        }
      // Each message that nobody takes is looked for, and what can be reached from all states.
      default: return false
      }
    }
    return isViolated
  }

  /// What is true of a state and not of all that differ in the names of symmetric instances
  /// alone, if anything is.
  mutating func asymmetry(_ symmetry: inout Symmetry?, _ words: [UInt64]) -> String? {
    guard symmetry != nil else { return nil }
    var found: String?
    for index in watched.indices {
      let answer = watched[index].predicate.answer(words)
      symmetry?.forEachImage(of: words) { image in
        guard watched[index].predicate.answer(image) != answer else { return true }
        found = "'\(watched[index].predicate.property.name)' tells symmetric instances apart"
        return false
      }
    }
    let isFinal = isFinal(words)
    symmetry?.forEachImage(of: words) { image in
      guard self.isFinal(image) != isFinal else { return true }
      found = "'final' tells symmetric instances apart"
      return false
    }
    return stop.reason == nil ? found : nil
  }

  mutating func observe(_ state: Int, _ words: StateWords) {
    for index in watched.indices {
      switch watched[index].kind {
      case .invariant:
        if watched[index].find == nil {
          let answer = watched[index].predicate.answer(words)
          if answer == .no || answer == .fails { watched[index].find = Witness(state: state) }
        }
      case .cover:
        if watched[index].find == nil, watched[index].predicate.answer(words) == .yes {
          watched[index].find = Witness(state: state)
        }
      case .possible:
        watched[index].marked.append(watched[index].predicate.answer(words) == .yes)
      case .final, .eventually, .timedInvariant: break
      }
    }
    if unrestored == nil, let answer = restoration?.answer(words), answer == .no {
      unrestored = Witness(state: state)
    }
    if wantsFinalReachable || (wantsOrphan && orphan == nil) {
      let isFinal = isFinal(words)
      if wantsFinalReachable { finals.append(isFinal) }
      if wantsOrphan, isFinal, orphan == nil,
        timerMask.contains(where: { words[$0.word] & $0.mask != 0 })
      {
        orphan = Witness(state: state)
      }
    }
  }
}
