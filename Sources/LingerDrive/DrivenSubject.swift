package import LingerConform
package import LingerKernel

/// An implementation that is told what happens and says what it does about it.
///
/// Times are nanoseconds since the latest reset.
package protocol DrivenSubject: AnyObject {
  /// Whether its time is what it is told; else it runs by the clock on the wall.
  var hasVirtualTime: Bool { get }
  /// Back to the initial state, at time 0.
  func reset(seed: UInt64) throws(SubjectFailure) -> SubjectReply
  /// Something happens; with `advance`, time passes until then.
  func take(_ input: SubjectInput, at time: Int64) throws(SubjectFailure) -> SubjectReply
}

/// What a subject is told.
package enum SubjectInput: Hashable, Sendable {
  case call(name: String, arguments: [[Int]])
  case receive(SeenMessage)
  case advance
}

/// What a subject did.
package struct SubjectReply: Hashable, Sendable {
  /// What came out, in order, with the time of each.
  package var outputs: [TimedOutput] = []
  /// Variables that it tells the values of.
  package var state: [ReportedVariable] = []
  /// When its next timer is due; nil for none, or where it does not say.
  package var next: Int64?
  /// When the input happened and the reply was over, by the clock on the wall; nil where the time
  /// is what it was told.
  package var clock: ClosedRange<Int64>?

  package init() {}

  /// Hands over what is seen of an input and of this reply, in the order in which a follower takes
  /// it, with the time of each.
  ///
  /// - Parameters:
  ///   - input: nil for a reset.
  ///   - told: the time that the subject was told.
  ///   - judgesSilence: whether what is not in the reply did not come out.
  ///   - visit: is given an observation and its time.
  package func forEachObservation(
    of input: SubjectInput?,
    at told: Int64,
    judgesSilence: Bool,
    _ visit: (Observation, Int64) -> Void
  ) {
    let began = clock?.lowerBound ?? told
    switch input {
    case .call(let name, let arguments):
      visit(.call(name, arguments, sending: firstMessage), began)
    case .receive(let message): visit(.input(message), began)
    case .advance, nil: break
    }
    for output in outputs { visit(output.observation, output.time) }
    let end = clock?.upperBound ?? told
    visit(.nothing, end)
    if judgesSilence { visit(.quiet, end) }
    if !state.isEmpty { visit(.state(state), end) }
  }

  /// The first message that came out.
  package var firstMessage: SeenMessage? { messages.first }

  /// The messages that came out.
  package var messages: [SeenMessage] {
    outputs.compactMap { output in
      if case .output(let message) = output.observation { message } else { nil }
    }
  }

  package struct TimedOutput: Hashable, Sendable {
    package var time: Int64
    /// `output` or `signal`.
    package var observation: Observation

    package init(time: Int64, _ observation: Observation) {
      self.time = time
      self.observation = observation
    }
  }
}

/// Why a subject gave no reply.
package enum SubjectFailure: Error, Hashable, Sendable {
  /// It ended; how, in words.
  case crash(String)
  /// No reply came in time.
  case hang(String)
  /// Its reply is not one, or names what the spec does not have.
  case garbage(String)
  /// It says that the input did not happen.
  case refused(String)
  /// It says that the input may or may not have happened.
  case uncertain(String)
  /// It cannot be started, or cannot do what the run needs: nothing is said about it.
  case unusable(String)
  /// An earlier answer was not the one that the run went on with: the run does not count.
  case superseded

  /// Why, in words.
  package var text: String {
    switch self {
    case .crash(let text), .hang(let text), .garbage(let text), .refused(let text),
      .uncertain(let text), .unusable(let text):
      text
    case .superseded: "it answered something in another way than the run went on with"
    }
  }
}
