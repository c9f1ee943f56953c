import LingerConform
import LingerEval
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// What is remembered for all values that go the same way against what is worked out for each:
/// the same verdicts, findings and beliefs, event by event.
@Suite("paths of belief sets")
struct PathDifferentialTests {
  static let seeds = Seeds(for: "paths of belief sets")
  static let batchCount = 6
  static let specsPerBatch = 12
  static let mostBeliefs = 150

  @Test("shared paths and single values agree", arguments: 0..<batchCount)
  func agreement(batch: Int) throws {
    var (specs, traces, events, violations, known) = (0, 0, 0, 0, 0)
    for round in 0..<Self.specsPerBatch {
      let seed = Self.seeds.seed(round * Self.batchCount + batch)
      let spec = RandomWideSpec(seed: seed)
      guard let model = try? Model(followed: spec.text) else { continue }
      let subject = try Subject(1, of: model)
      specs += 1
      var visibility = Visibility.exact
      visibility.seesCalls = false
      visibility.lag = 1_000_000
      let shared = BeliefEngine(subject, visibility, mostBeliefs: Self.mostBeliefs)
      let single = BeliefEngine(
        subject,
        visibility,
        mostBeliefs: Self.mostBeliefs,
        sharesPaths: false
      )
      // One of its own, so that the largest sets of the other two can be compared.
      let planner = BeliefEngine(
        subject,
        visibility,
        mostBeliefs: Self.mostBeliefs,
        sharesPaths: false
      )
      // Of other traces, so that its sets are not those of the first.
      let whole = BeliefEngine(subject, visibility, mostBeliefs: Self.mostBeliefs)
      var maker = WideTraceMaker(subject, RandomNumbers(seed: seed))
      for _ in 0..<3 {
        let plan = maker.trace(explainedBy: planner)
        for variant in 0..<6 {
          let trace = maker.variant(variant, of: plan)
          traces += 1
          events += trace.count
          let context = "seed \(seed)\n\(spec.text)"
          if try compare(trace, shared, single, context) { violations += 1 }
          if try compareWhole(trace, whole, visibility.lag, context) { known += 1 }
        }
      }
    }
    print("paths: \(specs) specs, \(traces) traces, \(events) events, \(violations) violations")
    print("\(known) known as a whole")
    #expect(specs > 3 && violations > 0 && violations < traces && known * 10 > traces)
  }

  /// The messages of a trace, looked up as a whole, conform or not as they do where they are
  /// followed. True where that was known.
  private func compareWhole(
    _ trace: [WideTraceMaker.Event],
    _ engine: BeliefEngine,
    _ lag: Int64,
    _ context: String
  ) throws -> Bool {
    // The fields stand in another order than in messages.
    let kernel = engine.subject.kernel
    let fields = engine.subject.model.records.indices.map { record in
      let count = kernel.codec(ofRecord: record)?.wideRanges(few: 0).count ?? 0
      return (0..<count).map { RowField(place: count - 1 - $0, range: .min ... .max) }
    }
    var rows = TraceRows(for: [engine], reading: fields)
    var isFit = true
    var follower = Follower(engine, beginningAt: 0)
    var seen: [WideTraceMaker.Event] = []
    for event in trace {
      let (message, sender): (SeenMessage, Int)
      switch event.observation {
      case .input(let came): (message, sender) = (came, 0)
      case .output(let sent): (message, sender) = (sent, 1)
      default: continue
      }
      seen.append(event)
      let (record, values) = (message.record, Array(message.values.reversed()))
      isFit = rows.append(record, values.span, from: sender, at: event.time) && isFit
      // What came in damaged is not followed.
      isFit = rows.append(record, values.span, from: 0, at: .max, isDelivered: false) && isFit
    }
    guard isFit else { return false }
    let early = engine.conforms(rows, of: 1, beginningAt: 0)
    for event in seen { follower.observe(event.observation, at: event.time) }
    follower.end(at: (seen.last?.time ?? 0) + lag + 2)
    let conforms = follower.verdict == .conforms && !follower.owes
    let place = Comment(rawValue: "whole \(seen)\n\(context)")
    #expect(early == nil || early == conforms, place)
    let late = engine.conforms(rows, of: 1, beginningAt: 0)
    #expect(late == nil || late == conforms, place)
    return late != nil
  }

  /// True for a violation.
  private func compare(
    _ trace: [WideTraceMaker.Event],
    _ shared: BeliefEngine,
    _ single: BeliefEngine,
    _ context: String
  ) throws -> Bool {
    var one = Follower(shared, beginningAt: 0)
    var other = Follower(single, beginningAt: 0)
    for (number, event) in trace.enumerated() {
      one.observe(event.observation, at: event.time)
      other.observe(event.observation, at: event.time)
      let place = Comment(rawValue: "event \(number) of \(trace)\n\(context)")
      try #require(one.verdict == other.verdict && one.reason == other.reason, place)
      if one.verdict == .unknown { return false }
      try #require(one.histories == other.histories, place)
      // Which of several beliefs is told first may depend on what was followed before.
      let (left, right) = (one.believed(at: event.time), other.believed(at: event.time))
      try #require(left.count == right.count && Set(left) == Set(right), place)
      try #require(one.owes == other.owes, place)
      // How far a set goes beyond the limit on its way depends on the order.
      let most = Self.mostBeliefs
      try #require(min(shared.highWater, most) == min(single.highWater, most), place)
    }
    one.end(at: (trace.last?.time ?? 0) + 2_000_000)
    other.end(at: (trace.last?.time ?? 0) + 2_000_000)
    let place = Comment(rawValue: "end of \(trace)\n\(context)")
    for finding in [\Follower.timeDeviation, \Follower.orderDeviation] {
      let (left, right) = (one[keyPath: finding], other[keyPath: finding])
      #expect(left?.event == right?.event && left?.time == right?.time, place)
      #expect(left?.isTime == right?.isTime && left?.observation == right?.observation, place)
      #expect(left.map { "\($0.cause)" } == right.map { "\($0.cause)" }, place)
      #expect(Set(left?.before ?? []) == Set(right?.before ?? []), place)
    }
    #expect(one.verdict == other.verdict && one.reason == other.reason, place)
    #expect(one.owes == other.owes, place)
    return one.verdict == .violates
  }
}

/// Makes traces whose numbers hang together, and others like them.
private struct WideTraceMaker {
  struct Event {
    var observation: Observation
    var time: Int64
  }

  private let input: Int
  private let output: Int
  private var random: RandomNumbers

  init(_ subject: Subject, _ random: RandomNumbers) {
    input = subject.model.records.firstIndex { $0.name == "In" } ?? 0
    output = subject.model.records.firstIndex { $0.name == "Out" } ?? 0
    self.random = random
  }

  /// Numbers near 0 and near others.
  private mutating func number() -> Int {
    switch random.below(4) {
    case 0: random.below(4)
    case 1: 98 + random.below(5)
    case 2: 1_000_000 + random.below(4)
    default: 2_000_000 + random.below(3)
    }
  }

  private mutating func anyInput() -> SeenMessage {
    SeenMessage(record: input, values: [number(), number(), random.below(2), random.below(3)])
  }

  private mutating func anyOutput() -> SeenMessage {
    SeenMessage(record: output, values: [number(), number(), random.below(2)])
  }

  private mutating func anyEvent() -> Observation {
    switch random.below(12) {
    case 0: .unseenInput([anyInput(), anyInput()])
    case 1: .unseenOutput([anyOutput()])
    case 2: .state([ReportedVariable(variable: 1, values: [number()])])
    case 3, 4, 5, 6: .output(anyOutput())
    default: .input(anyInput())
    }
  }

  /// Mostly what is explained, as far as it can be found by trying.
  mutating func trace(explainedBy engine: BeliefEngine) -> [Event] {
    var follower = Follower(engine, beginningAt: 0)
    var events: [Event] = []
    var time: Int64 = 0
    for _ in 0..<9 {
      time += [0, 100_000, 2_000_000, 12_000_000, 1_100_000_000][random.below(5)]
      for attempt in 0..<8 {
        var next = follower
        let event = anyEvent()
        next.observe(event, at: time)
        if next.firstDeviation != nil, attempt < 7 { continue }
        follower = next
        events.append(Event(observation: event, time: time))
        break
      }
    }
    return events
  }

  /// The trace itself, with other numbers throughout, or with one event changed.
  mutating func variant(_ number: Int, of trace: [Event]) -> [Event] {
    var result = trace
    switch number {
    case 0: return trace
    case 1, 2, 3:
      let (scale, shift) = (1 + random.below(3), random.below(1_000))
      return trace.map { event in
        var event = event
        event.observation = event.observation.mapped { $0 < 50 ? $0 : $0 * scale + shift }
        return event
      }
    default:
      guard !trace.isEmpty else { return trace }
      let place = random.below(trace.count)
      switch random.below(3) {
      case 0: result.remove(at: place)
      case 1: result[place].observation = anyEvent()
      default: result.insert(trace[place], at: place)
      }
      return result
    }
  }
}

extension Observation {
  /// With other numbers.
  fileprivate func mapped(_ change: (Int) -> Int) -> Observation {
    func mapped(_ message: SeenMessage) -> SeenMessage {
      SeenMessage(record: message.record, values: message.values.map(change))
    }
    return switch self {
    case .input(let message): .input(mapped(message))
    case .output(let message): .output(mapped(message))
    case .unseenInput(let messages): .unseenInput(messages.map(mapped))
    case .unseenOutput(let messages): .unseenOutput(messages.map(mapped))
    case .call(let name, let arguments, let message):
      .call(name, arguments, sending: message.map(mapped))
    case .nothing, .quiet, .signal, .state: self
    }
  }
}
