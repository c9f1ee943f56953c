import LingerConform
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// Guards that ask for elapsed time are held against the times of what was seen.
@Suite("elapsed time in guards")
struct ElapsedGuardTests {
  /// A party that says how its clock compares with three seconds, and what its timer found.
  private static func spec(p: Int) -> String {
    """
    protocol Elapsed
    parameter p: Duration = \(p) s
    enum Phase { off, on, over }
    message Less { }
    message Equal { }
    message More { }
    network { Teller -> Hearer: Less, Equal, More }
    role Hearer { otherwise receive { } }
    role Teller {
      var phase: Phase = .off
      timer t
      transition begin on call begin() when phase == .off { phase = .on; start t for 5 s }
      transition less on call tell() when phase == .on && t.elapsed < 3 s { send Less() }
      transition equal on internal when phase == .on && t.elapsed == 3 s { send Equal() }
      transition more on internal when phase == .on && !(t.elapsed <= 3 s) { send More() }
      transition over on timeout t when t.elapsed >= 2 * p { phase = .over; send Equal() }
    }
    instances teller: Teller
    instances hearer: Hearer
    """
  }

  private func verdict(_ name: String, at time: Int64, p: Int = 1) throws -> Bool {
    let subject = try Subject(0, of: try Model(followed: Self.spec(p: p)), tellsHistory: false)
    let engine = BeliefEngine(subject, .exact)
    var follower = Follower(engine, beginningAt: 0)
    let begin: Int64 = 1_000_000_000
    follower.observe(.call("begin", []), at: begin)
    if name == "Less" { follower.observe(.call("tell", []), at: begin + time) }
    let number = try #require(subject.model.records.firstIndex { $0.name == name })
    follower.observe(.output(SeenMessage(record: number, values: [])), at: begin + time)
    follower.observe(.quiet, at: begin + time)
    return follower.verdict == .conforms
  }

  private static let second: Int64 = 1_000_000_000

  @Test("what comes out is possible at the times that its guard allows")
  func internals() throws {
    for (time, fitting) in [
      (0, "Less"), (3 * Self.second - 1, "Less"), (3 * Self.second, "Equal"),
      (3 * Self.second + 1, "More"), (4 * Self.second, "More"),
    ] {
      for name in ["Less", "Equal", "More"] {
        #expect(try verdict(name, at: time) == (name == fitting), "\(name) at \(time)")
      }
    }
  }

  @Test("a timer asks at the moment at which it expires")
  func expiry() throws {
    // The timer runs for 5 s: its guard is true for 2p <= 5 s.
    #expect(try verdict("Equal", at: 5 * Self.second, p: 2))
    #expect(try !verdict("Equal", at: 5 * Self.second, p: 3))
  }

  @Test("what must come because it is time is missed")
  func missing() throws {
    for p in [2, 3] {
      let subject = try Subject(0, of: try Model(followed: Self.spec(p: p)), tellsHistory: false)
      var follower = Follower(BeliefEngine(subject, .exact), beginningAt: 0)
      follower.observe(.call("begin", []), at: 0)
      follower.observe(.nothing, at: 5 * Self.second)
      follower.observe(.quiet, at: 5 * Self.second)
      #expect((follower.verdict == .conforms) == (p == 3))
    }
  }
}
