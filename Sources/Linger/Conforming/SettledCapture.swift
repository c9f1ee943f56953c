import LingerCapture
import LingerConform
import LingerKernel
import LingerModel
import LingerReport

/// A connection of a capture since it was settled whose view its segments are.
final class SettledCapture {
  let connection: CapturedConnection
  /// Nil where no end is judged.
  var capture: JudgedCapture?
  /// Where the capture was made; nil where the ends were given.
  let vantage: VantageGuess?
  /// Whether the violation was told while the connection went on.
  private(set) var isAlarmed = false

  init(
    _ connection: CapturedConnection,
    _ capture: JudgedCapture?,
    _ vantage: VantageGuess?
  ) {
    self.connection = connection
    self.capture = capture
    self.vantage = vantage
  }

  /// The frame at which an end has come to violate the spec for sure, once.
  func newViolation() -> Int? {
    if isAlarmed { return nil }
    switch vantage?.vantage {
    case .midway, .unknown: return nil
    case .end, .both, nil: break
    }
    guard let frame = capture?.sureViolation() else { return nil }
    isAlarmed = true
    return frame
  }

  func trace(of end: JudgedEnd, _ conformance: Conformance) -> ConformedTrace {
    var result = trace(of: end, from: connection.frame, conformance)
    var problem = capture?.connection.problem
    var gapFrame = capture?.connection.gapFrame
    var doubt: String?
    if result.verdict == .violates {
      switch capture?.ground(of: end) {
      case .opening, nil: break
      case .halfOpening(let frame):
        doubt = "frame \(frame) acknowledges a beginning of the other end that was not captured"
      case .missing:
        if !(end.joined.map(Self.isSure) ?? false) { doubt = Self.missingBeginning }
      case .later(let later):
        let end = later.judged.ends[0]
        result = trace(of: end, from: later.frame, conformance)
        result.notes.append("the SYN of frame \(connection.frame) opens nothing")
        (problem, gapFrame) = (later.judged.problem, later.judged.gapFrame)
        if !(end.joined.map(Self.isSure) ?? false) { doubt = Self.missingBeginning }
      case .uncertainOpening:
        doubt =
          "nothing tells that the SYN of frame \(connection.frame) opens the connection: it may "
          + "have come while another one was open"
      }
    }
    if let vantage { result.vantage = vantage.reason }
    if let gapFrame {
      result.notes.append(
        "frame \(gapFrame) acknowledges what was not captured: a frame may be missing"
      )
    }
    if let problem {
      result.verdict = .inconclusive
      result.reason = "frame \(problem.frame): \(problem.text)"
    } else if result.verdict == .violates {
      qualify(&result, end.end, doubt)
    }
    return result
  }

  private static let missingBeginning = "the beginning of the connection is not in the capture"

  /// What became of an end, followed from a frame where the beginning is missing.
  private func trace(
    of end: JudgedEnd,
    from frame: Int,
    _ conformance: Conformance
  ) -> ConformedTrace {
    let joined = end.judge.conforms ? nil : end.joined
    var trace = conformance.conformed(
      joined?.judge ?? end.judge,
      name: connection.description,
      of: "\(connection.endpoint(end.end))"
    )
    if joined != nil {
      trace.notes.append(
        "its beginning is not in the capture: followed from whatever it may have been before "
          + "frame \(frame)"
      )
    }
    return trace
  }

  /// Takes back a violation that the capture is not good enough for.
  private func qualify(_ trace: inout ConformedTrace, _ end: ConnectionEnd, _ doubt: String?) {
    if let doubt {
      trace.verdict = .inconclusive
      trace.reason = doubt
    } else if let vantage = vantage?.vantage, vantage == .unknown || vantage == .midway {
      trace.verdict = .inconclusive
      trace.isOpenForVantage = true
      trace.reason =
        "nothing tells that the capture was made at \(connection.endpoint(end)); if it was, this "
        + "violates the spec (say --vantage)"
    }
  }

  /// Whether what was found under each profile does not depend on what the capture lacks.
  private static func isSure(_ joined: JudgedEnd.Joined) -> Bool {
    joined.judge.lanes.allSatisfy { entry in
      guard let finding = entry.follower.firstDeviation,
        let frame = joined.judge.place(ofEvent: finding.event)
      else { return false }
      return joined.proof.isSure(at: frame)
    }
  }
}
