import Linger
import Testing

/// The library's front as a user of the package sees it.
@Suite struct SpecificationTests {
  private static let ping = """
    protocol Ping
    parameter limit: 1...3 = 1
    role Counter {
      var count: 0...limit = 0
      transition up on call up() when count < limit { count += 1 }
    }
    instances a: Counter
    final { a.count == limit }
    invariant small { a.count < 2 }
    """

  private func load(
    _ text: String,
    parameters: [(name: String, value: String)] = []
  ) -> Specification {
    Specification.load("Ping.linger", parameters: parameters) { path throws(SourceReadError) in
      guard path == "Ping.linger" else { throw .notFound }
      return Array(text.utf8)
    }
  }

  @Test("a spec that holds")
  func holds() {
    let spec = load(Self.ping)
    #expect(spec.isValid, "\(spec.diagnosticsText())")
    #expect(spec.questionNames.contains("small"))
    let result = spec.check()
    #expect(result.outcome == .holds, "\(result.text())")
    #expect(result.exitCode == 0)
  }

  @Test("parameters change the answer, and one property can be asked alone")
  func violated() {
    let spec = load(Self.ping, parameters: [(name: "limit", value: "3")])
    var options = CheckOptions()
    options.properties = ["small"]
    let result = spec.check(options)
    #expect(result.outcome == .violated)
    #expect(result.exitCode == 1)
    #expect(result.text().contains("invariant small is violated after 2 steps"))
  }

  @Test("errors and missing files are values, not traps")
  func invalid() {
    let broken = load("protocol Ping\nrole { }")
    #expect(!broken.isValid)
    #expect(!broken.diagnosticsText().isEmpty)
    #expect(broken.check().outcome == .invalid)
    let missing = Specification.load("x.linger") { _ throws(SourceReadError) in throw .notFound }
    #expect(missing.check().exitCode == 2)
    #expect(missing.diagnosticsText().contains("x.linger"))
  }

  @Test("a spec without an initial state, or with one that cannot be judged, is invalid")
  func beginnings() {
    let open = """
      protocol Ping
      role Counter {
        var count: 0...3 = any
        var best: (0...3)? = any
        transition up on call up() when count < 3 { count += 1 }
      }
      instances a: Counter
      final { a.count == 3 }
      """
    #expect(load(open).check().text().contains("20 states (20 initial)"))
    let some = load(open + "\ninitially { a.count == 1 && a.best == nil }\n")
    #expect(some.check().text().contains("3 states"))
    let none = load(open + "\ninitially { a.count > 1 && a.count < 1 }\n")
    #expect(none.diagnosticsText().contains("L0442"))
    #expect(none.check().exitCode == 2)
    let failing = load(open + "\ninitially { a.best! > 1 }\n")
    #expect(failing.diagnosticsText().contains("L0326"))
    #expect(failing.check().exitCode == 2)
  }

  @Test("a limit makes the answer unknown")
  func unknown() {
    var options = CheckOptions()
    options.stateLimit = 1
    #expect(load(Self.ping).check(options).outcome == .unknown)
    options.stateLimit = nil
    options.shouldStop = { "enough" }
    let result = load(Self.ping).check(options)
    #expect(result.outcome == .unknown || result.outcome == .holds)
  }
}
