package import LingerModel

/// What `conform` found: what became of the traces of its inputs.
package struct ConformedSpec: Sendable {
  package var spec: ReportedSpec
  package var inputs: [Input] = []
  /// What two captures, from both ends, say of the way between them.
  package var comparison: ComparedCaptures?
  /// Why it stopped early.
  package var interruption: String?

  /// One capture or log.
  package struct Input: Sendable {
    package var path: String
    /// What is said of the whole of it: what could not be read, what was left out.
    package var notes: [String] = []
    /// Why it could not be read to its end; what was found before counts.
    package var failure: String?
    /// The traces that are told, in the order in which they ended.
    package var traces: [ConformedTrace] = []
    /// Traces in all, by verdict.
    package var counts: [TraceVerdict: Int] = [:]
    package var eventCount = 0
    /// The largest set of beliefs.
    package var highWater = 0

    /// So many traces are kept to be told; of more only the numbers.
    private static let mostKept = 1000
    /// So many of them may be ones that conform.
    private static let mostConforming = 20

    package init(path: String) { self.path = path }

    /// Whether one more trace with this verdict is kept to be told.
    package func isKept(_ verdict: TraceVerdict) -> Bool {
      traces.count < (verdict == .conforms ? Self.mostConforming : Self.mostKept)
    }

    /// Takes in a trace that has ended.
    package mutating func add(_ trace: ConformedTrace) {
      counts[trace.verdict, default: 0] += 1
      if isKept(trace.verdict) { traces.append(trace) }
    }
  }

  package init(_ spec: ReportedSpec) { self.spec = spec }

  /// 0 everything conforms, 1 something violates the spec, 2 an input has errors, 3 something is
  /// inconclusive or unknown and nothing violates.
  package var exitCode: Int32 {
    guard spec.context != nil else { return 2 }
    if inputs.contains(where: { $0.counts[.violates, default: 0] > 0 }) { return 1 }
    if inputs.contains(where: { $0.failure != nil }) { return 2 }
    // Where nothing was judged, nothing conforms.
    if inputs.contains(where: { $0.counts.isEmpty }) { return 3 }
    let isOpen = inputs.contains { input in
      input.counts[.inconclusive, default: 0] + input.counts[.unknown, default: 0] > 0
    }
    return isOpen || interruption != nil ? 3 : 0
  }
}

/// What became of one trace: one end of a connection, or one log.
package struct ConformedTrace: Sendable {
  /// `10.0.0.1:40000 - 10.0.0.2:8080`.
  package var name: String
  /// Who is judged: an instance of the spec, and which end it is.
  package var subject: String
  /// Why it is this end that is judged.
  package var vantage: String?
  package var verdict: TraceVerdict
  /// Why, unless it conforms.
  package var reason: String?
  /// Whether it violates the spec if the capture was made at this end, which nothing tells.
  package var isOpenForVantage = false
  package var profiles: [ProfileVerdict] = []
  /// Where the subject may have been, one value after the other; several where that is open.
  package var histories: [[String]] = []
  package var eventCount = 0
  /// The first thing that the spec does not allow.
  package var finding: ConformanceFinding?
  /// The events that led to it, or, where all were asked for, all.
  package var events: [ConformedEvent] = []
  /// Further remarks.
  package var notes: [String] = []

  package init(name: String, subject: String, verdict: TraceVerdict) {
    self.name = name
    self.subject = subject
    self.verdict = verdict
  }

  /// The trace was not followed to its end: what conformed so far may not go on to.
  package mutating func cutOff(_ reason: String?) {
    guard let reason, verdict == .conforms || verdict == .inconclusive else { return }
    verdict = .unknown
    self.reason = reason
  }

  /// What one profile says of it.
  package struct ProfileVerdict: Sendable {
    package var profile: String
    package var verdict: TraceVerdict
    /// Where it drops out: a frame or a line.
    package var place: Int?

    package init(profile: String, verdict: TraceVerdict, place: Int?) {
      self.profile = profile
      self.verdict = verdict
      self.place = place
    }
  }
}

/// Something that was seen, or not seen, and that the spec does not allow.
package struct ConformanceFinding: Sendable {
  /// Whether only the time is wrong.
  package var isTime: Bool
  /// What places are counted in: `frame`, `line`.
  package var placeName: String
  package var place: Int
  /// Seconds since the trace began.
  package var time: Rational
  /// What was seen, in words.
  package var seen: String
  /// What is wrong with it, in a sentence.
  package var message: String
  /// What was believed just before.
  package var beliefs: [Belief] = []
  /// Beliefs that are not told.
  package var moreBeliefs = 0
  /// What would explain it.
  package var explanations: [Explanation] = []
  /// What the capture from the other end says of the event.
  package var elsewhere: String?

  package struct Explanation: Sendable {
    package var text: String
    /// The frame or line that it is about.
    package var place: Int?
    /// What the capture from the other end says of that.
    package var evidence: String?

    package init(_ text: String, place: Int? = nil) {
      self.text = text
      self.place = place
    }

    /// With the evidence, if there is any.
    package var sentence: String { evidence.map { "\(text); \($0)" } ?? text }
  }

  package struct Belief: Sendable {
    /// `state FIN_WAIT_2, rcvNxt 1001`.
    package var state: String
    /// Why nothing that it allows fits: the nearest first.
    package var obstacles: [Obstacle] = []
    /// What had to come out, where nothing did.
    package var expected: [String] = []

    package init(state: String) { self.state = state }
  }

  package struct Obstacle: Sendable {
    /// The transition's name.
    package var transition: String
    package var reason: String
    /// Its documentation: the clause of the standard.
    package var clause: String?
    package var line: Int?

    package init(transition: String, reason: String, clause: String?, line: Int?) {
      self.transition = transition
      self.reason = reason
      self.clause = clause
      self.line = line
    }
  }

  package init(
    isTime: Bool,
    placeName: String,
    place: Int,
    time: Rational,
    seen: String,
    message: String
  ) {
    self.isTime = isTime
    self.placeName = placeName
    self.place = place
    self.time = time
    self.seen = seen
    self.message = message
  }
}
