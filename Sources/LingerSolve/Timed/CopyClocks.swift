import LingerEval
import LingerModel

/// The clocks of copies in flight, for networks that limit how long a copy is on its way.
///
/// Each copy has a clock by its place among its like, the one sent first in front: the state says
/// which clocks there are. When a copy is gone the ones behind it move up.
struct CopyClocks {
  typealias Deadline = ControlGraph.Deadline

  /// What a step about a certain copy tests, and does to clocks.
  struct Way {
    var tests: [ControlGraph.ClockTest] = []
    var resets: [Int] = []
    var transfers: [ControlGraph.Transfer] = []
  }

  let model: Model
  let lifetimes: [LinearTerm?]
  let delays: [ControlGraph.Delay?]
  /// Whether any copy has a clock.
  let hasClocks: Bool

  init(model: Model, lifetimes: [LinearTerm?], delays: [ControlGraph.Delay?]) {
    self.model = model
    self.lifetimes = lifetimes
    self.delays = delays
    hasClocks = model.networks.contains { $0.hasTimeLimit && $0.discipline != .set }
  }

  /// Where a message has a clock of its own.
  private func lane(_ envelope: Envelope) -> CopyLane? {
    model.networks[envelope.network].hasTimeLimit ? CopyLane(envelope, in: model) : nil
  }

  /// The copies with clocks, each marked with its place, and the order of their lanes.
  private func lanes(
    _ networks: [State.NetworkState]
  ) -> (copies: CopyLanes<Int?>, order: [CopyLane]) {
    var copies = CopyLanes<Int?>()
    var order: [CopyLane] = []
    for message in networks.flatMap(\.messages) {
      guard let lane = lane(message.envelope) else { continue }
      if copies[lane].isEmpty { order.append(lane) }
      for _ in 0..<message.copies { copies.append(copies[lane].count, to: lane) }
    }
    return (copies, order)
  }

  /// Time does not pass a copy that has to be delivered, or lost, by now. The one in front is the
  /// oldest.
  func deadlines(
    _ networks: [State.NetworkState],
    _ number: (Clock) -> Int
  ) -> [Deadline] {
    var result: [Deadline] = []
    var seen: Set<CopyLane> = []
    for message in networks.flatMap(\.messages) {
      guard let lane = lane(message.envelope), seen.insert(lane).inserted else { continue }
      let clock = number(.copy(lane, 0))
      if let delay = delays[lane.network] {
        result.append(Deadline(clock: clock, bound: delay.longest))
      } else if let lifetime = lifetimes[lane.network] {
        result.append(Deadline(clock: clock, bound: lifetime, isStrict: true))
      }
    }
    return result
  }

  /// The ways in which a step can be about copies: a step names a value, not a copy. Without a step
  /// a message arrives and nothing takes it.
  func ways(
    of step: Step?,
    arriving: Envelope?,
    from before: [State.NetworkState],
    sending sent: [Envelope],
    _ number: (Clock) -> Int
  ) -> [Way] {
    let (old, order) = lanes(before)
    let about: (lane: CopyLane, position: Int)? =
      switch step {
      case .lose(let envelope, let position), .duplicate(let envelope, let position):
        lane(envelope).map { ($0, position) }
      case .transition, .ignoredTimeout, nil: arriving.flatMap { lane($0).map { ($0, 0) } }
      }
    guard let (lane, position) = about else { return [way(old, order, sent, number)] }
    return old.candidates(lane, position: position).map { index in
      var rest = old
      var tests: [ControlGraph.ClockTest] = []
      switch step {
      case .duplicate: rest.duplicate(index, in: lane)
      case .lose: rest.remove(index, from: lane)
      case .transition, .ignoredTimeout, nil:
        rest.remove(index, from: lane)
        if let delay = delays[lane.network] {
          let clock = number(.copy(lane, index))
          tests.append(.init(clock: clock, relation: .greaterOrEqual, bound: delay.shortest))
        }
      }
      var result = way(rest, order, sent, number)
      result.tests = tests
      return result
    }
  }

  private func way(
    _ copies: CopyLanes<Int?>,
    _ order: [CopyLane],
    _ sent: [Envelope],
    _ number: (Clock) -> Int
  ) -> Way {
    var copies = copies
    var order = order
    for envelope in sent {
      guard let lane = lane(envelope) else { continue }
      copies.append(nil, to: lane)
      if !order.contains(lane) { order.append(lane) }
    }
    var result = Way()
    for lane in order {
      for (place, mark) in copies[lane].enumerated() where mark != place {
        let clock = number(.copy(lane, place))
        if let mark {
          result.transfers.append(.init(to: clock, from: number(.copy(lane, mark))))
        } else {
          result.resets.append(clock)
        }
      }
    }
    result.transfers.sort { $0.to < $1.to }
    result.resets.sort()
    return result
  }
}
