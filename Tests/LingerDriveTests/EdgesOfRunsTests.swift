import LingerConform
@testable import LingerDrive
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// What runs come to at the edges of a spec: timers of other parties that run for no time, and
/// networks that are full.
@Suite("edges of runs")
struct EdgesOfRunsTests {
  private final class Giver: DrivenSubject {
    var hasVirtualTime: Bool { true }
    func reset(seed: UInt64) -> SubjectReply { SubjectReply() }
    func take(_ input: SubjectInput, at time: Int64) -> SubjectReply {
      var reply = SubjectReply()
      if case .call = input {
        reply.outputs = [.init(time: time, .output(SeenMessage(record: 0, values: [])))]
      }
      return reply
    }
  }

  private func run(_ network: String, sink: String = "", gifts: Int) throws -> DrivenRun {
    let spec = """
      protocol Gifts
      message Gift { }
      network {
        Source -> Sink: Gift
        \(network)
      }
      role Source { transition give on call give() { send Gift() } }
      role Sink {
        var count: 0...9 = 0
        timer soon armed for 0 s
        transition served on timeout soon { count = 7 }
        \(sink)
        otherwise receive { }
      }
      instances source: Source
      instances sink: Sink
      """
    let subject = try Subject(0, of: try Model(spec: spec), tellsHistory: false)
    let driver = Driver(subject, .exact, mostBeliefs: 100, Giver(), Driver.Options())
    return driver.run(Array(repeating: .call(name: "give", arguments: []), count: gifts))
  }

  @Test("a timer of another party that runs for no time expires at once")
  func timerOfNoTime() throws {
    let run = try run("loss", gifts: 0)
    let party = try #require(run.surroundings.parties[1])
    #expect(run.world.registers(party.state).first == 7)
    #expect(run.moment(of: .untilDue) == nil)
  }

  @Test("one that is started again for ever ends the run")
  func endless() throws {
    let again = "transition again on receive g { start soon for 0 s }"
    #expect(try run("loss", sink: again, gifts: 1).end == nil)
    let forever = """
      timer forever armed for 0 s
      transition onAndOn on timeout forever { start forever for 0 s }
      """
    let end = try run("loss", sink: forever, gifts: 0).end
    #expect(end == "another party's timers go off for ever at one moment")
  }

  @Test("a full network that may lose drops; one that may not ends the run")
  func full() throws {
    #expect(try run("loss, reordering, capacity 2", gifts: 5).end == nil)
    #expect(try run("loss, reordering, capacity 2", gifts: 5).surroundings.flying.count == 2)
    // Eight places where no capacity is named.
    for network in ["loss, reordering", "reordering", "reordering, capacity 8"] {
      #expect(try run(network, gifts: 8).end == nil)
      let end = try run(network, gifts: 9).end
      #expect(end == "a network has no place for what was sent, and may not lose it")
    }
  }
}
