import ExampleTCP
import LingerTesting

/// ``TCPClose`` as it is held against the role `Peer` of specs/tcp-close/TCPClose.linger.
struct TCPSubject: ConformanceSubject {
  private let fault: Fault?
  private var tcp = TCPClose()

  init(fault: Fault? = nil) { self.fault = fault }

  mutating func reset(parameters: [String: ConformanceValue]) {
    tcp = TCPClose(TCPClose.Options(parameters), fault: fault)
  }

  mutating func call(
    _ name: String,
    arguments: [String: ConformanceValue],
    _ step: inout ConformanceStep<Segment>
  ) throws {
    tcp.advance(to: step.time)
    switch name {
    case "write": try tcp.write()
    case "close": try tcp.close()
    default: throw CallRefused()
    }
    report(&step)
  }

  mutating func receive(_ message: Segment, _ step: inout ConformanceStep<Segment>) {
    tcp.advance(to: step.time)
    tcp.receive(message)
    report(&step)
  }

  mutating func advance(_ step: inout ConformanceStep<Segment>) {
    tcp.advance(to: step.time)
    report(&step)
  }

  var nextDeadline: Duration? { tcp.nextDeadline }

  var reportedState: [String: ConformanceValue] {
    [
      "state": .name(tcp.state.rawValue),
      "sndUna": .integer(tcp.sndUna),
      "sndNxt": .integer(tcp.sndNxt),
      "rcvNxt": .integer(tcp.rcvNxt),
    ]
  }

  private mutating func report(_ step: inout ConformanceStep<Segment>) {
    for (time, output) in tcp.takeOutputs() {
      switch output {
      case .segment(let segment): step.send(segment, at: time)
      case .received: step.signal("received", at: time)
      case .connectionClosing: step.signal("connectionClosing", at: time)
      case .connectionReset: step.signal("connectionReset", at: time)
      case .connectionTimedOut: step.signal("connectionTimedOut", at: time)
      }
    }
  }
}

extension TCPClose.Options {
  /// The values that the spec's parameters have in this test.
  init(_ parameters: [String: ConformanceValue]) {
    self.init()
    timeWait = parameters["timeWait"]?.duration ?? timeWait
    rto = parameters["rto"]?.duration ?? rto
    resends = parameters["resends"]?.integer ?? resends
    finWait2Timeout = parameters["finWait2Timeout"]?.duration
    if parameters["limitsFinWait2"]?.bool == false { finWait2Timeout = nil }
    resetEndsTimeWait = parameters["resetEndsTimeWait"]?.bool ?? resetEndsTimeWait
    answersRestartTimeWait = parameters["answersRestartTimeWait"]?.bool ?? answersRestartTimeWait
    resets = parameters["resets"]?.integer ?? resets
    dataSegments = parameters["dataSegments"]?.integer ?? dataSegments
  }
}
