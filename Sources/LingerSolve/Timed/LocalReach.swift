import LingerEval
import LingerModel

/// What each instance may do by itself, whatever the others do: its local states are those that it
/// may come to on any message that somebody may send, in any order and any number.
///
/// There are far fewer of these than states of all together, and no step of a run is missing.
struct LocalReach {
  private let model: Model
  private var moves: LocalMoves
  private var isFaulty: [Bool]
  private var locals: [[Int]]
  private var messages: [[Int]]
  private var known: [Set<Int>]
  private var sent: Set<Int> = []
  private var counts = false

  /// Steps that are worked out before every instance counts as faulty: a tenth of a second or so.
  private static let limit = 5_000

  init(_ model: Model) {
    self.model = model
    moves = LocalMoves(
      model,
      DurationParameters(model),
      .exact,
      isAbstracted: model.networks.map { _ in false },
      stepLimit: Self.limit,
      stop: StopCheck(.unlimited)
    )
    isFaulty = model.instances.map { _ in false }
    locals = model.instances.map { _ in [] }
    messages = model.instances.map { _ in [] }
    known = model.instances.map { _ in [] }
  }

  /// Instances that may have a step which ends in an error of the spec, or a message in front of
  /// them that has to be taken in time and that they have no transition for, or not at all times.
  var faultyInstances: [Int] {
    var search = self
    do throws(ControlGraph.Unsupported) {
      if try search.run() { return model.instances.indices.filter { search.isFaulty[$0] } }
    } catch {}
    return Array(model.instances.indices)
  }

  /// False where it is too much, or a step depends on what is in flight.
  private mutating func run() throws(ControlGraph.Unsupported) -> Bool {
    let start = moves.evaluator.initialState
    for (instance, local) in start.instances.enumerated() {
      enter(moves.number(ofLocal: local, of: instance), instance)
    }
    var asked = model.instances.map { _ in (locals: 0, messages: 0) }
    var work = 0
    var isOpen = true
    while isOpen {
      isOpen = false
      for instance in model.instances.indices {
        let old = asked[instance]
        let (ownLocals, ownMessages) = (locals[instance], messages[instance])
        asked[instance] = (ownLocals.count, ownMessages.count)
        for (place, local) in ownLocals.enumerated() {
          let isNew = place >= old.locals
          if isNew { try take(nil, local, instance) }
          for message in isNew ? ownMessages[...] : ownMessages[old.messages...] {
            try take(message, local, instance)
            work += 1
          }
          work += 1
          if work > Self.limit || !moves.counted.isEmpty || counts { return false }
        }
        if asked[instance] != old { isOpen = true }
      }
    }
    return true
  }

  private mutating func enter(_ local: Int, _ instance: Int) {
    if known[instance].insert(local).inserted { locals[instance].append(local) }
  }

  private mutating func take(
    _ message: Int?,
    _ local: Int,
    _ instance: Int
  ) throws(ControlGraph.Unsupported) {
    var counts = false
    let answer = try moves.moves(of: instance, in: local, receiving: message) { _ in
      counts = true
      return 0
    }
    self.counts = self.counts || counts
    if let message, !answer.moves.contains(where: { $0.tests.contains([]) }),
      model.networks[moves.envelopes[message].network].hasTimeLimit
    {
      isFaulty[instance] = true
    }
    for move in answer.moves {
      guard let target = move.target else {
        isFaulty[instance] = true
        continue
      }
      enter(target, instance)
      for change in move.changes { apply(change, instance) }
    }
  }

  private mutating func apply(_ change: LocalMoves.Change, _ instance: Int) {
    switch change {
    case .arm(let deadline):
      if moves.clock(ofShortfall: deadline.bound) != nil { isFaulty[instance] = true }
    case .disarm: break
    case .send(let number, _):
      let envelope = moves.envelopes[number]
      let network = model.networks[envelope.network]
      if network.discipline != .set, !network.dropsWhenFull { isFaulty[instance] = true }
      if sent.insert(number).inserted { messages[envelope.receiver].append(number) }
    }
  }
}
