package import LingerModel

/// Gives the steps of an untimed run times at which the timed reading takes them too, for the
/// parameter values in force.
///
/// The conditions on a given run compare two points of time each (a timer and its start, a message
/// and its sending), which is a shortest-path problem: the times are the longest ways from the
/// start, so each step happens as early as it can. Nothing rests on them: ``TimedReplay`` runs
/// them.
package struct RunSchedule {
  /// When each step happens; the run ends with the last of them.
  package let times: [Rational]

  /// `later - earlier >= distance`: steps are counted from 1, and 0 is the start of the run.
  fileprivate struct Bound {
    var later: Int
    var earlier: Int
    var distance: Distance
  }

  /// A time, and so many times something that is smaller than every time: strict bounds.
  fileprivate struct Distance: Comparable {
    var time: Rational
    var instants = 0

    static func < (left: Distance, right: Distance) -> Bool {
      (left.time, left.instants) < (right.time, right.instants)
    }

    static func + (left: Distance, right: Distance) -> Distance {
      Distance(time: left.time + right.time, instants: left.instants + right.instants)
    }
  }

  /// Nil where time does not allow the run. A message that has to be able to arrive at the end can
  /// be named.
  package init?(of trace: Trace, awaiting message: Envelope? = nil, on evaluator: Evaluator) {
    guard var collector = Collector(evaluator) else { return nil }
    var state = trace.initial
    for (index, entry) in trace.entries.enumerated() {
      guard collector.take(entry, from: state, at: index + 1) else { return nil }
      if let next = entry.state { state = next }
    }
    guard collector.finish(at: trace.entries.count, awaiting: message),
      let distances = Self.longestWays(collector.bounds, count: trace.entries.count + 1)
    else { return nil }
    let instant = Self.instant(collector.bounds, distances)
    times = distances.dropFirst().map { $0.time + instant * Rational($0.instants) }
  }

  /// The least distance of each point from the start; nil where the bounds contradict each other.
  private static func longestWays(_ bounds: [Bound], count: Int) -> [Distance]? {
    var result = [Distance](repeating: Distance(time: .zero), count: count)
    for _ in 0...count {
      var isChanged = false
      for bound in bounds {
        let least = result[bound.earlier] + bound.distance
        if least > result[bound.later] {
          // Nothing happens later than it must, so the start is never pushed but by a cycle.
          if bound.later == 0 { return nil }
          result[bound.later] = least
          isChanged = true
        }
      }
      if !isChanged { return result }
    }
    return nil
  }

  /// A time short enough to stand for the instants.
  private static func instant(_ bounds: [Bound], _ distances: [Distance]) -> Rational {
    var result = Rational(1)
    for bound in bounds {
      let (later, earlier) = (distances[bound.later], distances[bound.earlier])
      let excess = earlier.instants + bound.distance.instants - later.instants
      guard excess > 0 else { continue }
      // later.time - earlier.time - distance.time > 0, or the instants would decide.
      let room = later.time - earlier.time - bound.distance.time
      result = min(result, room / Rational(excess + 1))
    }
    return result
  }
}

/// Reads the bounds off a run.
extension RunSchedule {
  fileprivate struct Collector {
    let evaluator: Evaluator
    var bounds: [Bound] = []
    fileprivate var running: [(instance: Int, timer: Int, start: Int, duration: Rational)] = []
    fileprivate var sent: [Envelope: Int] = [:]
    /// When each copy in flight was sent. Of equal ones the oldest is taken first.
    fileprivate var copies = CopyLanes<Int>()

    init?(_ evaluator: Evaluator) {
      self.evaluator = evaluator
      guard let starts = evaluator.model.initialStarts else { return nil }
      running = starts.map { ($0.instance, $0.timer, 0, $0.duration) }
    }

    mutating func take(_ entry: Trace.Entry, from state: State, at point: Int) -> Bool {
      add(point, since: point - 1, atLeast: .zero)
      if evaluator.urgentTransition(in: state) != nil {
        add(point, since: point - 1, atMost: .zero)
      }
      guard elapse(entry.step, from: state, at: point), move(entry.step, at: point) else {
        return false
      }
      // An error leaves nothing behind that time could be too late for.
      guard entry.error == nil else { return true }
      for effect in entry.effects {
        switch effect {
        case .start(let instance, let timer, let duration):
          stop(instance, timer, at: point)
          running.append((instance, timer, point, duration))
        case .cancel(let instance, let timer): stop(instance, timer, at: point)
        case .send(let envelope, let isDropped):
          if isDropped { continue }
          if let lane = CopyLane(envelope, in: evaluator.model) {
            copies.append(point, to: lane)
          } else {
            sent[envelope] = point
          }
        case .signal: break
        }
      }
      return true
    }

    mutating func finish(at end: Int, awaiting message: Envelope?) -> Bool {
      for timer in running { add(end, since: timer.start, atMost: timer.duration) }
      for (lane, starts) in copies.marks {
        for start in starts { limit(end, since: start, network: lane.network) }
      }
      return message.map { arrive($0, at: end) } ?? true
    }

    fileprivate func place(_ instance: Int, _ timer: Int) -> Int? {
      running.firstIndex { $0.instance == instance && $0.timer == timer }
    }

    /// A timer that is stopped was not overdue; one that the same step has started is forgotten.
    private mutating func stop(_ instance: Int, _ timer: Int, at point: Int) {
      guard let place = place(instance, timer) else { return }
      let stopped = running.remove(at: place)
      if stopped.start != point { add(point, since: stopped.start, atMost: stopped.duration) }
    }

    fileprivate mutating func add(
      _ point: Int,
      since start: Int,
      atLeast time: Rational,
      _ instants: Int = 0
    ) {
      bounds.append(
        Bound(later: point, earlier: start, distance: Distance(time: time, instants: instants))
      )
    }

    fileprivate mutating func add(
      _ point: Int,
      since start: Int,
      atMost time: Rational,
      _ instants: Int = 0
    ) {
      bounds.append(
        Bound(later: start, earlier: point, distance: Distance(time: -time, instants: instants))
      )
    }
  }
}

/// What a step asks of time.
extension RunSchedule.Collector {
  /// What the step's guard asks about elapsed time: the first way in which it is true.
  private mutating func elapse(_ step: Step, from state: State, at point: Int) -> Bool {
    guard evaluator.model.transitions.contains(where: { $0.guardCondition?.readsElapsed ?? false })
    else { return true }
    let successor = evaluator.successors(of: state).first { $0.step == step }
    for test in successor?.elapsed.alternatives.first ?? [] {
      guard let place = place(test.instance, test.timer) else { return false }
      let start = running[place].start
      switch test.relation {
      case .less: add(point, since: start, atMost: test.duration, 1)
      case .lessOrEqual: add(point, since: start, atMost: test.duration)
      case .greaterOrEqual: add(point, since: start, atLeast: test.duration)
      case .greater: add(point, since: start, atLeast: test.duration, 1)
      default:
        add(point, since: start, atLeast: test.duration)
        add(point, since: start, atMost: test.duration)
      }
    }
    return successor != nil
  }

  /// What expires, arrives, is lost or duplicated.
  private mutating func move(_ step: Step, at point: Int) -> Bool {
    if let (instance, timer) = step.timeout {
      guard let place = place(instance, timer) else { return false }
      let expired = running.remove(at: place)
      add(point, since: expired.start, atLeast: expired.duration)
      add(point, since: expired.start, atMost: expired.duration)
    }
    switch step {
    case .transition(_, _, .receive(let envelope), _):
      guard arrive(envelope, at: point) else { return false }
      if let lane = CopyLane(envelope, in: evaluator.model) { copies.remove(0, from: lane) }
    case .lose(let envelope, let position), .duplicate(let envelope, let position):
      guard let lane = CopyLane(envelope, in: evaluator.model) else { return true }
      guard let index = copies.candidates(lane, position: position).first else { return false }
      limit(point, since: copies[lane][index], network: envelope.network)
      if case .lose = step {
        copies.remove(index, from: lane)
      } else {
        copies.duplicate(index, in: lane)
      }
    case .transition, .ignoredTimeout: break
    }
    return true
  }

  /// Adds that a message can arrive.
  private mutating func arrive(_ envelope: Envelope, at point: Int) -> Bool {
    let model = evaluator.model
    if let lane = CopyLane(envelope, in: model) {
      guard let start = copies[lane].first else { return false }
      limit(point, since: start, network: envelope.network)
      if let delay = model.networks[envelope.network].delay,
        let shortest = model.duration(delay.shortest)
      {
        add(point, since: start, atLeast: shortest)
      }
      return true
    }
    guard let start = sent[envelope] else { return false }
    limit(point, since: start, network: envelope.network)
    return true
  }

  /// Adds that a message is not older than its network allows.
  private mutating func limit(_ point: Int, since start: Int, network: Int) {
    let model = evaluator.model
    let network = model.networks[network]
    if let delay = network.delay, let longest = model.duration(delay.longest) {
      add(point, since: start, atMost: longest)
    } else if let lifetime = network.lifetime.flatMap({ model.duration($0) }) {
      add(point, since: start, atMost: lifetime, 1)
    }
  }
}
