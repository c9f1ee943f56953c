/// Sleep sets: which steps lead to states that were found before (``Independence``).
extension Expander {
  /// Begins what an instance does by itself.
  @inline(__always)
  mutating func beginTurn(of instance: Int) {
    let content = occasionsOfInstances[instance]
    turn.begin(
      content.spontaneous,
      before: content.before,
      dependents: content.dependents,
      mayOverflow: mayOverflow
    )
  }

  /// Begins the delivery of a message.
  @inline(__always)
  mutating func beginDelivery(
    of message: Int,
    to receiver: Int,
    _ entry: PackedNetwork.Entry
  ) {
    let content = occasionsOfMessages[message]
    let capacity = cache.places[message].counter.capacity
    turn.begin(
      content.deliver,
      before: content.beforeDelivery,
      dependents: occasionsOfInstances[receiver].receptionDependents
        | content.dependents(ofDeliveryAt: UInt64(entry.copies), capacity: capacity),
      mayOverflow: mayOverflow
    )
  }

  /// Begins the loss of a message; duplicating it would lead back.
  @inline(__always)
  mutating func beginLoss(of message: Int, _ entry: PackedNetwork.Entry) {
    let content = occasionsOfMessages[message]
    let capacity = cache.places[message].counter.capacity
    turn.begin(
      content.lose,
      before: content.beforeLoss,
      dependents: content.dependents(ofLossAt: UInt64(entry.copies), capacity: capacity),
      inverse: content.duplicate,
      mayOverflow: false
    )
  }

  /// Begins the duplication of a message; losing it would lead back.
  @inline(__always)
  mutating func beginDuplication(of message: Int, _ entry: PackedNetwork.Entry) {
    let content = occasionsOfMessages[message]
    turn.begin(
      content.duplicate,
      before: content.beforeDuplication,
      dependents: content.dependents(ofDuplicationAt: UInt64(entry.copies)),
      inverse: content.lose,
      mayOverflow: false
    )
  }

  /// What does not commute with a send into the successor that is being made.
  @inline(__always)
  func dependents(ofSending message: Int, _ counter: MessageCounter) -> UInt64 {
    occasionsOfMessages[message]
      .dependents(ofSendAt: UInt64(counter.copies(in: next)), capacity: counter.capacity)
  }

  /// The occasion whose steps are taken.
  struct Turn {
    /// The sleep set of the state that is expanded.
    private let asleep: UInt64
    private(set) var isAsleep = false
    /// Asleep, and nothing of its steps is to be told: they cannot fail either for a full network.
    private(set) var isSilent = false
    /// Occasions that a successor may let sleep: tried before this one, or asleep themselves.
    private var before: UInt64 = 0
    /// Occasions that lead back to where this one comes from.
    private var inverse: UInt64 = 0
    /// Occasions that do not commute with this one, whatever its steps send.
    private(set) var dependents: UInt64 = 0

    init(asleep: UInt64 = 0) { self.asleep = asleep }

    @inline(__always)
    func isAsleep(_ occasion: UInt64) -> Bool { asleep & occasion != 0 }

    @inline(__always)
    mutating func begin(
      _ occasion: UInt64,
      before: UInt64,
      dependents: UInt64,
      inverse: UInt64 = 0,
      mayOverflow: Bool
    ) {
      isAsleep = isAsleep(occasion)
      isSilent = isAsleep && !mayOverflow
      self.before = before | asleep
      self.inverse = inverse
      self.dependents = dependents
    }

    /// The sleep set of a successor.
    @inline(__always)
    func sleep(without dependents: UInt64) -> UInt64 { before & ~dependents | inverse }
  }
}
