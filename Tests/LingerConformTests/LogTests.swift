import Linger
import LingerModel
import LingerReport
import Testing

/// Logs of small subjects: what is compiled and believed at the beginning.
@Suite("logs")
struct LogTests {
  private static let teller = """
    protocol Telling
    parameter most: 0...3 = 2
    message Tell { number: 0...3 }
    network { Server -> Client: Tell }
    role Client { otherwise receive { } }
    role Server {
      /// What it tells, over and over.
      var number: 0...3 = any
      transition tell on internal when number <= most { send Tell(number: number) }
    }
    instances client: Client
    instances server: Server
    initially { for all s in Server: s.number != 1 }
    profile all { most = 3 }
    profile some { most = 2 }
    """

  private static func specification(_ text: String, profile: String?) -> Specification {
    Specification.load("Telling.linger", profile: profile, parameters: [], following: true) {
      _ throws(SourceReadError) in Array(text.utf8)
    }
  }

  /// Counts how often profiles are asked for.
  private final class Loads {
    var count = 0
  }

  private static func judge(
    _ numbers: [Int],
    profile: String?,
    _ loads: Loads = Loads(),
    text: String = teller
  ) throws -> ConformedTrace {
    var options = ConformanceOptions()
    options.subject = "server"
    let all: Conformance.NamedProfile = (
      name: "all",
      load: {
        loads.count += 1
        return specification(text, profile: "all")
      }
    )
    let conformance = try Conformance(
      specification(text, profile: profile),
      profiles: profile == "all" ? [] : [all],
      .messageLog,
      options
    )
    var held = LogConformance(conformance, path: "log")
    for number in numbers {
      let line =
        #"{"type":"send","at":0,"message":"Tell","fields":{"number":\#(number)}}"#
      let isRead = held.take(Array(line.utf8))
      #expect(isRead)
    }
    held.finish()
    return try #require(held.input.traces.first)
  }

  @Test("a variable that begins with any value is tried with each that `initially` allows")
  func anyBeginning() throws {
    for number in [0, 2, 3] {
      #expect(try Self.judge([number, number], profile: "all").verdict == .conforms)
    }
    #expect(try Self.judge([1], profile: "all").verdict == .violates)
    let trace = try Self.judge([0, 0, 2], profile: "all")
    #expect(trace.verdict == .violates && trace.finding?.place == 3)
    #expect(trace.events.map(\.place) == [1, 2, 3])
    #expect(trace.events.map(\.beliefs.isEmpty) == [false, false, true])
  }

  @Test("too many beginnings are refused")
  func manyBeginnings() throws {
    let wide = Self.teller.replacing("0...3", with: "0...100").replacing(
      "most = 3",
      with: "most = 100"
    )
    #expect(throws: UnusableSpec.self) {
      try Self.judge([0], profile: "all", text: wide)
    }
  }

  @Test("other profiles are compiled to explain a violation only")
  func lazyProfiles() throws {
    let loads = Loads()
    #expect(try Self.judge([2], profile: "some", loads).verdict == .conforms)
    #expect(loads.count == 0)
    let trace = try Self.judge([3], profile: "some", loads)
    #expect(trace.verdict == .violates && loads.count == 1)
    #expect(trace.finding?.explanations.map(\.text) == ["the profile all would allow it"])
    // Without a profile each is a candidate.
    #expect(try Self.judge([3], profile: nil, loads).verdict == .conforms)
    #expect(loads.count == 2)
  }
}
