package import LingerKernel

/// Something that was seen of a subject, without its time.
package enum Observation: Hashable, Sendable {
  /// A message came to where the subject is; it takes it now or a little later.
  case input(SeenMessage)
  /// The subject sent a message.
  case output(SeenMessage)
  /// The subject told its application something: a signal with its arguments as registers.
  case signal(Int, [Int])
  /// The application called; arguments as registers, in the order of the call's parameters. Values
  /// that the call chooses are read off the first message that came of it, where one is known.
  case call(String, [[Int]], sending: SeenMessage? = nil)
  /// The subject said what some of its variables are: by variable, as registers.
  case state([ReportedVariable])
  /// The subject may have sent one of these messages and nobody saw it.
  case unseenOutput([SeenMessage])
  /// One of these messages may have come and nobody saw it.
  case unseenInput([SeenMessage])
  /// Time has passed: what was due is over.
  case nothing
  /// The subject has said everything: what came is taken, and nothing more comes out now.
  case quiet
}

/// A variable's value as the subject reports it.
package struct ReportedVariable: Hashable, Sendable {
  /// Its number in the role.
  package var variable: Int
  package var values: [Int]

  package init(variable: Int, values: [Int]) {
    self.variable = variable
    self.values = values
  }
}

/// What can be seen of a subject, and how exactly.
package struct Visibility: Hashable, Sendable {
  /// Whether every call of the application is seen.
  package var seesCalls = false
  /// Whether every signal is seen.
  package var seesSignals = false
  /// How long after a message came the subject may still take it, in nanoseconds.
  package var lag: Int64 = 0
  /// How much earlier than its time a timer may expire, in nanoseconds.
  package var early: Int64 = 0
  /// How much later, in nanoseconds, and in parts of a thousand of its time.
  package var late: Int64 = 0
  package var lateThousandths: Int64 = 0

  package init() {}

  /// A program on virtual time: everything is seen, at its exact time.
  package static var exact: Visibility {
    var result = Visibility()
    result.seesCalls = true
    result.seesSignals = true
    return result
  }

  /// A packet capture of a real machine beside its network card. Timers of kernels are coarse: a
  /// nominal minute of TIME-WAIT lasted 61.9 s on Linux.
  package static var capture: Visibility {
    var result = Visibility()
    result.lag = 60_000_000
    result.early = 10_000_000
    result.late = 50_000_000
    result.lateThousandths = 50
    return result
  }
}
