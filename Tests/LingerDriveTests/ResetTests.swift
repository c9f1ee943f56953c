import Linger
import LingerConform
import LingerDrive
import LingerKernel
import LingerModel
import LingerReport
import LingerTestSupport
import Testing

/// What comes of a reset is judged and told like everything else, and each `reset` of a file
/// begins a run of its own.
@Suite("resets")
struct ResetTests {
  private static let spec = """
    protocol Lamp
    message Light { on: Bool }
    network {
      Lamp -> Eye: Light
      loss, capacity 1
    }
    role Lamp {
      var on: Bool = false
      transition toggle on call toggle() {
        on = !on
        send Light(on: on)
      }
    }
    role Eye { otherwise receive { } }
    instances lamp: Lamp
    instances eye: Eye
    """

  /// Says what it says at a reset; else it does what the spec says.
  private final class Lamp: DrivenSubject {
    private let outputAtReset: TimedOutput?
    private let failureAt: Int
    private var on = 0
    private var toggles = 0

    typealias TimedOutput = SubjectReply.TimedOutput

    init(outputAtReset: TimedOutput? = nil, failureAt: Int = .max) {
      self.outputAtReset = outputAtReset
      self.failureAt = failureAt
    }

    var hasVirtualTime: Bool { true }

    func reset(seed: UInt64) -> SubjectReply {
      on = 0
      toggles = 0
      var reply = SubjectReply()
      reply.outputs = outputAtReset.map { [$0] } ?? []
      return reply
    }

    func take(_ input: SubjectInput, at time: Int64) -> SubjectReply {
      var reply = SubjectReply()
      guard case .call = input else { return reply }
      toggles += 1
      if toggles < failureAt { on = 1 - on }
      reply.outputs = [TimedOutput(time: time, light(on))]
      return reply
    }
  }

  private func driving(_ lamp: Lamp) throws -> Driving {
    let specification = Specification.load(
      "lamp.linger",
      profile: nil,
      parameters: [],
      following: true
    ) { _ in Array(Self.spec.utf8) }
    #expect(specification.isValid)
    return try Driving(specification, name: "lamp", DrivingOptions()) { _ in lamp }
  }

  @Test("a failure at the reset is explained, and can be replayed")
  func failureAtReset() throws {
    let lamp = Lamp(outputAtReset: .init(time: 0, light(1)))
    let driving = try driving(lamp)
    driving.run()
    let failure = try #require(driving.result.failure)
    #expect(failure.kind == "unexpected output")
    #expect(failure.steps.map(\.text) == ["reset"])
    #expect(failure.steps.first?.outputs == ["sent Light(on)"])
    #expect(failure.trace?.finding != nil)
    #expect(failure.sort.contains("on reset"))
    let again = try self.driving(lamp)
    again.replay(Array(failure.replayFile.utf8), named: "run")
    #expect(again.result.inputError == nil && again.result.failure?.kind == failure.kind)
    let honest = try self.driving(Lamp())
    honest.replay(Array(failure.replayFile.utf8), named: "run")
    #expect(honest.result.exitCode == 0 && honest.result.regressionCount == 1)
  }

  @Test("each reset in a file begins a run")
  func resetInTheMiddle() throws {
    func call(_ time: Int) -> String {
      #"{"type":"call","id":3,"at":\#(time),"name":"toggle","arguments":{}}"#
    }
    let reset = #"{"type":"reset","id":2,"seed":1,"parameters":{}}"#
    let twice = [reset, call(5), call(6), reset, call(1), call(2)].joined(separator: "\n")
    let honest = try driving(Lamp())
    honest.replay(Array(twice.utf8), named: "run")
    #expect(honest.result.exitCode == 0 && honest.result.regressionCount == 2)
    // It would fail in one run of all four.
    let third = try driving(Lamp(failureAt: 3))
    third.replay(Array(twice.utf8), named: "run")
    #expect(third.result.exitCode == 0)
    third.replay(
      Array([reset, call(5), call(6), call(7)].joined(separator: "\n").utf8),
      named: "run"
    )
    #expect(third.result.failure?.kind == "unexpected output")
    let second = try driving(Lamp(failureAt: 2))
    second.replay(Array(twice.utf8), named: "run")
    #expect(second.result.exitCode == 1 && second.result.regressionCount == 1)
  }
}

private func light(_ on: Int) -> Observation {
  .output(SeenMessage(record: 0, values: [on]))
}
