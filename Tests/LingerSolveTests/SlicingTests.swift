import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// What is left out of a control graph, and what must not be.
@Suite struct SlicingTests {
  /// A subject and somebody else; what the other one does is put in.
  private static func spec(
    _ other: String,
    network: String = "",
    receives: String = "",
    property: String = "subject.n != 2"
  ) -> String {
    """
    protocol Sliced
    parameter short: Duration = 1 s
    parameter long: Duration = 2 s
    message Hint
    message Noise
    network {
      Subject -> Other: Noise
      Other -> Subject: Hint
      Other -> Third: Noise
      loss, duplication, reordering
      lifetime short
    }
    role Subject {
      var n: 0...2
      timer t
      transition go on internal when n == 0 { n = 1; start t for long\(network) }
      transition late on timeout t when n == 1 { n = 2 }
      \(receives)
      otherwise receive { }
    }
    role Other {
      var n: 0...3
      timer t
      \(other)
      otherwise receive { }
    }
    role Third { otherwise receive { } }
    instances subject: Subject
    instances other: Other
    instances third: Third
    timed invariant p { \(property) }
    """
  }

  private static let busy = """
    transition run on internal when n < 3 { n += 1; start t for n * short; BODY }
    transition rest on timeout t { }
    """

  private static func busy(_ body: String) -> String { busy.replacing("BODY", with: body) }

  private static func size(_ text: String) throws -> Int {
    let model = try Model(spec: text)
    return try ControlGraph(model.sliced(for: [model.properties[0]]), limit: 10_000)
      .locations.count
  }

  @Test(
    "who has no influence is left out",
    arguments: [
      spec(busy("")), spec(busy("send Noise() to third")),
      spec(busy(""), network: "; send Noise() to other"),
    ]
  )
  func idle(text: String) throws { #expect(try Self.size(text) <= 4) }

  @Test(
    "who has stays",
    arguments: [
      spec(busy("send Hint()")),
      spec(busy(""), property: "subject.n != 2 || other.n != 3"),
      spec(busy("send Noise() to third"), property: "subject.n != 2 || network.isEmpty"),
      spec(busy(""), property: "subject.n != 2 || other.t.isArmed"),
    ]
  )
  func relevant(text: String) throws { #expect(try Self.size(text) > 4) }

  @Test("the answers are those of the whole")
  func answers() throws {
    let hint = "transition hint on receive _: Hint when n == 1 { cancel t }"
    for (text, holds) in [
      (Self.spec(Self.busy("")), false),
      (Self.spec(Self.busy("send Hint()"), receives: hint), false),
      (Self.spec(Self.busy(""), property: "subject.n != 2 || other.n <= 3"), true),
    ] {
      let answer = checkTimed(try Model(spec: text), property: 0)
      switch answer.result.verdict {
      case .holds: #expect(holds, "\(text)")
      case .violated: #expect(!holds, "\(text)")
      case .unknown(let reason): Issue.record("\(reason)\n\(text)")
      }
      #expect(answer.internalError == nil)
    }
  }
}
