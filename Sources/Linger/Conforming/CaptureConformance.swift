package import LingerCapture
import LingerConform
import LingerKernel
import LingerModel
package import LingerReport

/// Which ends of a capture's connections are judged.
package enum JudgedEnds: Hashable, Sendable {
  /// The one at which the capture was made, as far as that can be guessed.
  case guessed
  /// The end that opens, or the other.
  case first
  case second
  case both
  /// The ends with this address.
  case address(String)
}

/// One connection of a capture, or one four-tuple.
package enum ChosenConnection: Hashable, Sendable, CustomStringConvertible {
  /// In the order of first segments, from 1.
  case number(Int)
  /// As reports name it, with either end first.
  case name(String)

  func isChosen(_ connection: CapturedConnection) -> Bool {
    switch self {
    case .number(let number): return connection.number + 1 == number
    case .name(let name):
      let turned = "\(connection.second) - \(connection.first)"
      return name == connection.description || name == turned
    }
  }

  package var description: String {
    switch self {
    case .number(let number): "number \(number)"
    case .name(let name): "'\(name)'"
    }
  }
}

/// Holds a packet capture against a spec, frame by frame, in memory that does not grow with it.
package struct CaptureConformance {
  private var decoder = CaptureDecoder()
  /// Apart, so that what a frame means is taken while the decoder tells it.
  private var judging: CaptureJudging

  package init(
    _ conformance: Conformance,
    path: String,
    ends: JudgedEnds,
    connection: ChosenConnection? = nil,
    alarm: @escaping (_ connection: String, _ frame: Int) -> Void = { _, _ in }
  ) throws(UnusableSpec) {
    conformance.placeName = "frame"
    judging = try CaptureJudging(
      conformance,
      path: path,
      ends: ends,
      connection: connection,
      alarm: alarm
    )
  }

  /// Told of every trace that has ended, those that the report leaves out too.
  package var ended: (ConformedTrace) -> Void {
    get { judging.ended }
    set { judging.ended = newValue }
  }

  /// Keeps the segments, to be compared with another capture.
  package mutating func keepSegments() { judging.keepSegments() }

  /// What was found, and what was kept.
  package var held: HeldCapture { judging.held }

  package var input: ConformedSpec.Input { judging.input }

  /// Takes the next frame.
  package mutating func take(_ frame: CapturedFrame, _ bytes: Span<UInt8>) {
    decoder.take(frame, bytes, telling: &judging)
  }

  /// The capture is over, or cannot be read on for a reason.
  package mutating func finish(failure: String? = nil, interruption: String? = nil) {
    judging.interruption = interruption ?? failure
    decoder.finish(telling: &judging)
    judging.finish(decoder.counts, failure: failure)
  }
}
